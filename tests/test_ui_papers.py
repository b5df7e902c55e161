"""Findings, the table of papers, records, pairs and what is pasted, as strings."""

import pytest
from scripted_library import HOSTILE, HOSTILE_TEXT, PAPERS, ScriptedLibrary, report

from index.errors import UsageError
from index.shelf import Order, Wanted
from index.types import Paper, Source
from ui.entries import FORMS, LATEX, REFERENCE, STYLE_NAMES, entries_text
from ui.findings import Lookup, findings_html
from ui.listing import Page, page_html, pair_html, record_html
from ui.papers import EVERY_SOURCE, PapersPanel, wanted
from ui.picks import numbers

TAGS = ("<script", "<img", "<style", "<iframe", "<form", "<svg", "<a href=&", "<link", "<b>")


def html_of(*sentences):
    return findings_html(Lookup(1, sentences, tuple(map(report, sentences))))


def test_stances_are_grouped_with_verbatim_quotes_and_scores():
    html = html_of("Scans save memory.")
    assert '<span class="badge">Supported</span><span class="facts">1 paper supports it</span>' in html
    assert html.index("Supports it") < html.index("Only mentions it: 1 paper")
    assert '<blockquote class="quote">On 412 abdominal scans the scan reaches a Dice score of 0.951' in html
    assert "<span>supports · 0.91</span>" in html
    assert "width: 91%" in html


def test_a_weak_stance_says_so():
    assert "weakly refutes · 0.42" in html_of("Tiling grades better.")


def test_a_compound_sentence_is_shown_claim_by_claim():
    html = html_of("Scans save memory and Tiling grades better.")
    assert "Its claims differ" in html and "it makes 2 claims" in html
    first, second = html.split('<section class="part ')[1:]
    assert first.startswith("answered") and "Scans save memory." in first and "Supports it" in first
    assert second.startswith("refuted") and "Tiling grades better." in second and "Refutes it" in second


def test_nothing_that_speaks_to_it_looks_different():
    html = html_of("The moon is made of moss.")
    assert '<section class="finding absent"' in html and "Nothing in this library speaks to it" in html
    assert "1 paper near it" in html and "Supports" not in html


def test_papers_are_numbered_in_the_order_of_the_page():
    lookup = Lookup(1, ("a", "b"), (report("Tiling grades better."), report("Scans save memory.")))
    assert lookup.paper_ids == ("p2", "p3", "p1")
    html = findings_html(lookup)
    assert 'value="2" id="cite-1-2"' in html and 'value="1" id="cite-1-1"' in html
    assert "2 sentences: 1 supported · 1 refuted" in html


def test_a_sentence_that_failed_stands_among_the_others():
    html = findings_html(Lookup(1, ("x", "Scans"), ("too <b>long</b>", report("Scans"))))
    assert "Not looked up" in html and "too &#60;b&#62;long" in html and "Supports it" in html


def test_the_next_sentence_is_named_until_stopped():
    lookup = Lookup(1, ("x", "y"), (report("x"),))
    assert "Looking up sentence 2 of 2" in findings_html(lookup)
    assert "1 of 2 looked up" in findings_html(Lookup(1, ("x", "y"), (report("x"),), stopped=True))


def test_hostile_papers_are_text_everywhere():
    row = Page(tuple(enumerate(HOSTILE, start=1)), 1, 2, 2)
    source = (Source(HOSTILE_TEXT, 1, HOSTILE_TEXT),)
    extra = {"versions": [HOSTILE_TEXT]}
    bad = Paper("b", HOSTILE_TEXT, HOSTILE_TEXT, (HOSTILE_TEXT,), venue=HOSTILE_TEXT,
                keywords=(HOSTILE_TEXT,), doi=HOSTILE_TEXT, pmid=HOSTILE_TEXT, arxiv_id=HOSTILE_TEXT,
                pages=HOSTILE_TEXT, sources=source, extra=extra, date=HOSTILE_TEXT)  # fmt: skip
    pages = [
        html_of("hostile " + HOSTILE_TEXT), page_html(row), record_html(1, bad, HOSTILE_TEXT),
        pair_html((bad, HOSTILE[0]), 3),
    ]  # fmt: skip
    for html in pages:
        assert not [tag for tag in TAGS if tag in html] and "\n" not in html
        assert "javascript:" not in html and "http://evil" not in html


def test_identifiers_are_links_that_open_apart():
    html = record_html(7, PAPERS[2], "osea_denoising_2022")
    for address in ("https://doi.org/10.5555/pip.22.7", "https://pubmed.ncbi.nlm.nih.gov/31234567/"):
        assert f'href="{address}" target="_blank" rel="noopener noreferrer"' in html
    assert 'href="https://arxiv.org/abs/2401.01234"' in record_html(1, PAPERS[0], "k")


def test_a_page_says_where_it_stands_and_leaves_out_empty_columns():
    html = page_html(Page(((31, PAPERS[0]),), 26, 30, 1306))
    assert "26–26 of 30 papers found among 1,306" in html and 'href="#record-31"' in html
    assert "Journal of Imaginary Imaging" in html
    assert "Published in" not in page_html(Page(((1, Paper("x", "T", "A", year=2000)),), 1, 1, 1))
    assert "No paper fits" in page_html(Page((), 1, 0, 5))
    assert "library is empty" in page_html(Page((), 1, 0, 0))


def test_a_pair_marks_what_differs():
    a, b = Paper("a", "One", "Same.", year=2020), Paper("b", "Two", "Same.", year=2020)
    html = pair_html((a, b), 2)
    assert "2 pairs to decide" in html
    assert html.count('class="chip">differs') == 1
    assert '<tr class="differs"><th scope="row">Title' in html


KEYED = [(PAPERS[0], "holm_2024"), (PAPERS[1], "quist_2023")]


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("[@key]", "[@holm_2024; @quist_2023]"),
        (LATEX, "\\cite{holm_2024,quist_2023}"),
        ("BibTeX", "@article{holm_2024,"),
        ("RIS", "TY  - JOUR"),
        ("CSL-JSON", '[\n{"id": "holm_2024"'),
    ],
)
def test_ticked_papers_become_text(form, start):
    assert form in FORMS
    assert entries_text(KEYED, form, "APA").startswith(start)
    assert entries_text([], form, "APA") == ""


def test_references_come_in_the_six_styles():
    assert list(STYLE_NAMES) == ["APA", "IEEE", "Nature", "AMA", "Harvard", "Chicago"]
    assert entries_text(KEYED[:1], REFERENCE, "IEEE").startswith("[1] I. Holm")


def test_numbers_of_a_client_are_numbers_or_nothing():
    assert numbers("3,1,3") == [3, 1]
    assert numbers("3,x,-1,1.5,9999999999999, 2") == [3]
    assert numbers(None) == [] and numbers("") == []


def test_filters_are_checked():
    assert wanted("moss", "2020–", EVERY_SOURCE, "Title") == Wanted("moss", 2020, None, None, Order.TITLE)
    assert wanted(None, "", "a.ris", "no such order") == Wanted("", None, None, "a.ris", Order.ADDED)
    with pytest.raises(UsageError, match=r"^'20x' is no span of years; write 2020-2024"):
        wanted("", "20x", None, "Title")


def test_an_export_writes_what_was_found_and_keeps_few(tmp_path, monkeypatch):
    import gradio as gr

    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    with gr.Blocks():
        panel = PapersPanel(ScriptedLibrary(tmp_path))
    for _ in range(5):
        update, line = panel._on_export_all("RIS", "moss", "1950-1951", EVERY_SOURCE, "Oldest")
    assert "2 papers as ibid-papers.ris" in line
    written = open(update["value"], encoding="utf-8").read()
    assert written.count("TY  - ") == 2 and "Study 50 of made-up moss" in written
    assert len(list(tmp_path.glob("ibid-export-*"))) <= 3
    assert "Tick the papers" in panel._on_export_picked("RIS", "")[1]
    assert "no span of years" in panel._on_export_all("RIS", "", "x", EVERY_SOURCE, "Title")[1]
