"""Rendering: answers and sources as inert HTML, three outcomes, citations that lead somewhere."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from scripted_library import HOSTILE, PAPERS, REFERENCES, STATEMENTS, ScriptedLibrary, hostile_answer

from index.types import Scores
from rag.types import Answer, Origin, Reference, Statement, Status, Verdict
from ui.chat import Exchange
from ui.render import answer_markdown, exchange_html
from ui.sources import card_html, earlier_sources_html, source_id, sources_html

OUTSIDE = r"doi\.org/10\.|arxiv\.org/abs/|pubmed\.ncbi\.nlm\.nih\.gov/\d+/"
ALLOWED = {
    "section", "h2", "h3", "p", "span", "div", "a", "ul", "ol", "li", "pre", "article", "mark", "em",
    "details", "summary", "dl", "dt", "dd",
}  # fmt: skip


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.seen, self.attributes, self.words, self.open = set(), [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes += attrs
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return "".join(self.words)


def answer(question):
    return list(ScriptedLibrary(None, delay=0).stream(question, options=None))[-1]


def exchange(question, **changes):
    return Exchange(7, question, replace(answer(question), **changes))


@pytest.mark.parametrize("question", ["How?", "the cost", "the moon", "hostile"])
def test_only_known_tags_and_attributes_come_out_well_nested_on_one_line(question):
    shown = exchange(question)
    html = exchange_html(shown) + sources_html(shown, cited_only=False) + earlier_sources_html([shown])
    tags = Tags(html)
    assert tags.open == [] and tags.seen <= ALLOWED
    assert {name for name, _ in tags.attributes} <= {
        "class",
        "id",
        "href",
        "title",
        "tabindex",
        "target",
        "rel",
    }
    assert "\n" not in html
    for name, value in tags.attributes:
        if name == "id":
            assert re.fullmatch(r"turn-7|src-7-u?\d+", value)
        if name == "href":
            assert re.fullmatch(rf"#src-7-\d+|https://({OUTSIDE})\S*", value)


def test_hostile_words_are_shown_as_they_are():
    text = Tags(exchange_html(exchange("hostile"))).text
    assert "<script>window.__ran=1</script>" in text and "![x](http://evil.test/a.png)" in text


@pytest.mark.parametrize(
    ("question", "kind", "words"),
    [
        ("How?", "answered", "Answered"),
        ("the cost", "partial", "Partly answered"),
        ("the moon", "insufficient", "Not in this library"),
    ],
)
def test_each_outcome_has_its_word_and_class(question, kind, words):
    html = exchange_html(exchange(question))
    assert f'<p class="outcome {kind}"><span class="badge">{words}</span>' in html


def test_a_refusal_names_the_nearest_papers_and_claims_nothing():
    html = exchange_html(exchange("the moon"))
    assert html.count('class="near"') == 2 and "statement" not in html
    assert 'href="#src-7-1"' in html


def test_a_citation_is_a_link_to_its_card_with_the_title_at_hand():
    html = exchange_html(exchange("How?"))
    title = "Denoising low-dose CT with a hybrid scan-convolution network"
    assert f'<a class="cite" href="#src-7-3" title="{title}">&#91;3&#93;</a>' in html


def test_a_citation_without_a_reference_is_not_shown():
    lost = Statement("Lost.", (9, 1), Verdict.SUPPORTED, 1.0, Origin.GENERATED)
    html = exchange_html(exchange("How?", statements=(lost,)))
    assert "#src-7-9" not in html and "#src-7-1" in html


def test_an_unsupported_statement_is_never_shown():
    bad = Statement("Wrong claim.", (1,), Verdict.UNSUPPORTED, 0.0, Origin.GENERATED)
    assert "Wrong claim" not in exchange_html(exchange("How?", statements=(bad, *STATEMENTS)))


def test_partly_supported_and_quoted_statements_are_marked():
    html = exchange_html(exchange("the cost"))
    assert ">partly supported</span>" in html and 'class="statement quoted"' in html


def test_a_list_layout_gives_each_paper_an_item():
    said = [
        Statement(f"S{i}.", c, Verdict.SUPPORTED, 1, Origin.GENERATED)
        for i, c in enumerate([(1, 2), (1,), (1,), (2,)])
    ]
    html = exchange_html(exchange("How?", statements=tuple(said), layout="list"))
    shape = re.sub(r"<(?!/?(?:p|ul|li)\b)[^>]*>|&#\d+;", "", html[html.index('<div class="answer">') :])
    assert shape.startswith('<p>S0.12 </p><ul class="points"><li>S1.1 S2.1 </li><li>S3.2 </li></ul>')


@pytest.mark.parametrize(("value", "words"), [(0.9, "high"), (0.75, "high"), (0.6, "moderate"), (0.2, "low")])
def test_confidence_is_said_in_words_and_figures(value, words):
    html = exchange_html(exchange("How?", statements=STATEMENTS, references=REFERENCES, confidence=value))
    assert f"{words} confidence ({value:.2f})" in html


def test_a_card_shows_before_match_and_after():
    card = Tags(card_html(REFERENCES[1], "src-1-2"))
    html = card_html(REFERENCES[1], "src-1-2")
    assert re.search(
        r"<mark>In two cohorts it improves .* over tiled attention\.</mark> Reading time falls", html
    )
    assert "2023 · Proceedings of Invented Pathology" in card.text
    assert "https://arxiv.org/abs/2309.04321" in html


def test_nothing_is_marked_where_the_quote_is_not_in_the_abstract():
    wrong = replace(REFERENCES[0], quote="Something else.")
    outside = replace(REFERENCES[0], end=10_000)
    assert "<mark>" not in card_html(wrong, "src-1-1") + card_html(outside, "src-1-1")


def test_a_mark_survives_latex_around_it():
    abstract = r"We use \textbf{bold} means. The gain is $3\times$ larger. End."
    paper = replace(PAPERS[4], abstract=abstract)
    start = abstract.index("The gain")
    quote = abstract[start : start + len(r"The gain is $3\times$ larger.")]
    html = card_html(Reference(1, paper, "k", quote, start, start + len(quote), Scores()), "src-1-1")
    assert "<mark>The gain is 3× larger.</mark> End." in html and "textbf" not in html


def test_an_untitled_and_cut_off_paper_says_so():
    text = Tags(card_html(REFERENCES[0].__class__(4, PAPERS[3], "k", "", 0, 0, Scores()), "src-1-4")).text
    assert text.startswith("4A survey of attention-free sequence models lists 64 papers and …")
    assert "Aug 20" in text


def test_scores_lead_with_the_fused_one_and_leave_out_what_was_not_computed():
    text = Tags(card_html(REFERENCES[0], "src-1-1")).text
    assert text.endswith("Relevance (fused) 0.94Meaning (dense)0.67Words (lexical)7.52")


def test_hostile_ids_make_no_links():
    references, _ = hostile_answer()
    html = card_html(references[0], "src-1-1")
    assert "<a " not in html and "PMID" not in html
    assert HOSTILE[0].url not in html


def test_all_retrieved_adds_uncited_papers_under_ids_of_their_own():
    html = sources_html(exchange("How?"), cited_only=False)
    assert html.count("<article") == 5 and 'id="src-7-u1"' in html and 'id="src-7-u2"' in html
    assert sources_html(exchange("How?")).count("<article") == 3
    assert source_id(7, 1) == "src-7-1"


def test_while_reading_the_titles_are_named():
    running = Answer("q", "q", Status.PARTIAL, retrieved=REFERENCES, stage="Reading 3 papers", done=False)
    assert "Denoising low-dose CT" in sources_html(Exchange(1, "q", running))
    assert "Reading 3 papers" in exchange_html(Exchange(1, "q", running))


def test_copied_text_is_markdown_with_references():
    assert answer_markdown(answer("the moon")).startswith(
        "The library says nothing about this.\n\n[1] Selective"
    )
    assert answer_markdown(answer("How?")).endswith(
        "[3] Denoising low-dose CT with a hybrid scan-convolution network (2022). https://doi.org/10.5555/pip.22.7\n"
    )


def test_stopped_and_failed_exchanges_say_so():
    assert ">Stopped<" in exchange_html(Exchange(1, "q", stopped=True))
    assert "&#60;b&#62;" in exchange_html(Exchange(1, "q", error="<b>broken</b>"))
