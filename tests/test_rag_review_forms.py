"""One review in every form: the same citations and figures, and nothing of a paper is acted on."""

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from review_fixtures import HOSTILE, small_review

from index.cleaning import readable
from index.errors import IbidError, ReadError, UsageError
from rag.review import files
from rag.review.document import Cell, Passage, ReviewStatement, Row, Section
from rag.review.edited import with_edits
from rag.review.files import write_all
from rag.review.formats import render_all
from rag.review.markdown import write_markdown
from rag.review.record import from_dict, read_record, to_dict
from rag.review.revise import shortened, without_paper
from rag.types import Verdict
from rag.verify import Check

KEYS = ["lind_kelpformer_2024", "sato_brinenet_2021", "ost_script_2020"]


def rendered(*names: str) -> dict[str, bytes]:
    return {path.suffix: data for path, data in render_all(small_review(), [Path(n) for n in names]).items()}


def test_references_are_numbered_by_their_first_citation():
    review = small_review()
    assert [key for _, key in review.references] == KEYS
    assert review.numbers == {"kelpformer": 1, "brinenet": 2, "evil": 3}


def test_markdown_cites_before_the_end_mark_and_lists_what_it_cites():
    text = write_markdown(small_review(), "kelp.bib")
    assert 'title: "Kelp & tides: 100% of it"\nbibliography: "kelp.bib"' in text
    assert "Lind reaches a Dice score of 0.91 [@lind_kelpformer_2024]." in text
    assert "mention giant kelp [@lind_kelpformer_2024; @sato_brinenet_2021]." in text
    assert "None of the three abstracts states a limit.\n" in text
    assert re.findall(r"^- `(.+?)`:", text, re.M) == KEYS
    assert "kelp in satellite images (2021) [@sato_brinenet_2021] | not stated |" in text
    assert r"7 bays \| \$x\$ \<b\>" in text and "<script" not in text.replace(r"\<script", "")


def test_the_bibliography_holds_the_cited_papers_and_no_others():
    data = rendered("r.md")
    assert re.findall(r"^@\w+\{(.+),$", data[".bib"].decode(), re.M) == KEYS
    assert set(data) == {".md", ".bib", ".json"}
    assert set(rendered("r.docx")) == {".docx", ".json"}


def test_latex_escapes_all_and_cites_the_keys():
    text = rendered("r.tex")[".tex"].decode()
    assert (
        text.index(r"\begin{document}")
        < text.index(r"\section{Kelp maps}")
        < text.index(r"\begin{longtable}")
    )
    assert r"Lind reaches a Dice score of 0.91~\cite{lind_kelpformer_2024}." in text
    assert r"\title{Kelp \& tides: 100\% of it}" in text and r"7 bays | \$x\$ <b>" in text
    assert r"\section{<b>Tides\_}" in text and r"\input" not in text
    assert r"\DeclareUnicodeCharacter{03B1}{\ensuremath{\alpha}}" in text  # of a title that the .bib holds
    assert text.rstrip().endswith("\\bibliography{r}\n\\end{document}")
    body = re.sub(r"\\[\\{}&%$#_]", "", text.split(r"\maketitle")[1])
    assert body.count("{") == body.count("}")


SPECIAL = r"\ { } $ & # ^ _ ~ % ^^5c \input{x} $x_1^2$ 100% a~b # {"


def awkward_review():
    """The small review with every sign that TeX acts on in heading, sentence, cell, title and abstract."""
    review = small_review()
    paper = replace(HOSTILE, title=f"A title {SPECIAL}", abstract=f"We saw {SPECIAL}.")
    quote = Passage(paper.id, 0, len(paper.abstract), paper.abstract)
    told = ReviewStatement(f"They saw {SPECIAL}.", (quote,))
    below = Section(f"Below {SPECIAL}", ((told, told),), ("evil",))
    section = Section(f"Head {SPECIAL}", ((told,),), children=(below,))
    row = Row("evil", (Cell(f"cell {SPECIAL}", quote),))
    return replace(
        review, title=f"Title {SPECIAL}", sections=(review.sections[0], section),
        table=replace(review.table, rows=(*review.table.rows[:2], row)),
        papers={**review.papers, "evil": paper},
    )  # fmt: skip


def unbalanced(tex):
    """What is not closed, or closed without being open: braces and environments, escaped signs aside."""
    open_ones, faults = [], []
    for m in re.finditer(r"\\(begin|end)\{(\w+\*?)\}|\\.|[{}]", tex, re.S):
        if m[1] == "begin" or m[0] == "{":
            open_ones.append(m[2] or "{")
        elif m[1] == "end" or m[0] == "}":
            wanted = m[2] or "{"
            if not open_ones or open_ones.pop() != wanted:
                faults.append((m.start(), m[0]))
    return faults + open_ones


def bare(tex):
    """Signs that TeX acts on which are neither escaped nor a command's own."""
    text = re.sub(r"(?<!\\)%\n", "", tex)
    text = re.sub(
        r"\\(?:begin|end)\{\w+\*?\}(?:\{[^\n]*\})?|~\\cite\{[a-z0-9_,-]+\}|\\[a-zA-Z]+\*?|\\.", "", text
    )
    return re.findall(r"[$#^_~%\\]", text)


def test_latex_is_balanced_and_escapes_every_sign_that_tex_acts_on():
    assert unbalanced(r"\begin{a}{\{}\end{a}") == [] and unbalanced(r"{\begin{a}}") != []
    tex = render_all(awkward_review(), [Path("r.tex")])[Path("r.tex")].decode()
    assert unbalanced(tex) == []
    body = tex.split(r"\maketitle")[1].split(r"\bibliographystyle")[0]
    assert bare(body) == []
    assert body.count(r"\section{Head \textbackslash{}") == 1 and body.count(r"\subsection{Below") == 1
    signs = r" \$ \& \# \textasciicircum{} \_ \textasciitilde{} \% "
    written = rf"\textbackslash{{}} \textbraceleft{{}} \textbraceright{{}}{signs}"
    assert body.count(written) == 6  # two headings, three sentences, a cell
    rows = [line for line in body.splitlines() if re.search(r"\\\\\s*(\\hline)?$", line) and "&" in line]
    assert rows and all(len(re.findall(r"(?<!\\)&", row)) == 1 for row in rows)  # two columns


class _Page(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.ids, self.links, self.marked, self._mark = set(), [], [], [], False

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        assert not any(name.startswith("on") for name in given)
        self.tags.add(tag)
        self.ids += [given["id"]] if "id" in given else []
        self.links += [given["href"]] if "href" in given else []
        self._mark = tag == "mark"

    def handle_data(self, data):
        if self._mark:
            self.marked.append(data)
            self._mark = False


def test_html_opens_the_passage_of_each_citation_and_loads_nothing():
    text = rendered("r.html")[".html"].decode()
    page = _Page()
    page.feed(text)
    assert not page.tags & {"script", "img", "link", "iframe", "b", "i", "object", "form"}
    assert "default-src &#x27;none&#x27;" in text and "http://" not in text and "url(" not in text
    assert len(page.ids) == len(set(page.ids)) and {link.removeprefix("#") for link in page.links} <= set(
        page.ids
    )
    assert page.marked[0].startswith("It was trained on 12,400 drone images")
    assert page.marked[-1].startswith("Tides <img src=x onerror=alert(1)> rose")


def test_word_has_headings_a_table_raised_numbers_and_references():
    document = docx.Document(io.BytesIO(rendered("r.docx")[".docx"]))
    heads = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert heads == ["Kelp maps", "<b>Tides_", "Gaps", "Summary of the papers", "References"]
    raised = [r.text for p in document.paragraphs for r in p.runs if r.font.superscript]
    assert raised == ["1,2", "1", "1", "2", "3"]
    (table,) = document.tables
    assert [[c.text for c in row.cells][1] for row in table.rows] == [
        "Data",
        "12,400 | images",
        "not stated",
        "<i>7</i> bays",
    ]
    assert [p.text[:3] for p in document.paragraphs if p.text.startswith("[")] == ["[1]", "[2]", "[3]"]


def test_word_opens_again_with_all_headings_rows_and_references():
    review = awkward_review()
    data = render_all(review, [Path("r.docx")])[Path("r.docx")]
    again = io.BytesIO()
    docx.Document(io.BytesIO(data)).save(again)
    document = docx.Document(io.BytesIO(again.getvalue()))
    heads = [(p.style.name, p.text) for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert heads == [
        ("Heading 1", "Kelp maps"),
        ("Heading 1", f"Head {SPECIAL}"),
        ("Heading 2", f"Below {SPECIAL}"),
        ("Heading 1", "Summary of the papers"),
        ("Heading 1", "References"),
    ]
    (table,) = document.tables
    assert [c.text for c in table.rows[0].cells] == ["Paper", "Data"] and len(table.rows) == 4
    assert table.rows[-1].cells[1].text == f"cell {SPECIAL}"
    assert [row.cells[0].text[-1] for row in table.rows[1:]] == ["1", "2", "3"]
    listed = [p.text for p in document.paragraphs if re.match(r"\[\d+\]", p.text)]
    assert len(listed) == len(review.references) == 3
    for (paper, _), line in zip(review.references, listed, strict=True):
        assert " ".join(readable(paper.title).split()[:2]) in line
    body = "".join(p.text for p in document.paragraphs)
    assert all(s.text in body for s in review.statements)


def test_the_record_gives_the_same_review_back_with_offsets_that_hold(tmp_path):
    review = small_review()
    (tmp_path / "r.json").write_bytes(rendered("r.md")[".json"])
    record = read_record(tmp_path / "r.json")
    assert from_dict(record, review.papers, "r.json") == review
    first = record["sections"][0]["paragraphs"][0][0]
    assert first["citations"] == ["kelpformer", "brinenet"] and first["counted"] is True
    for one in first["evidence"]:
        assert review.papers[one["paper_id"]].abstract[one["start"] : one["end"]] == one["quote"]


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"schema": "ibid.answer/1"}', '{"schema": "ibid.review/1", "papers": {}}']
)
def test_a_damaged_record_is_told_in_one_line(tmp_path, text):
    path = tmp_path / "r.json"
    path.write_text(text)
    with pytest.raises(ReadError, match="r.json: .*write the review anew"):
        from_dict(read_record(path), {}, str(path))


def test_a_full_disk_loses_nothing(tmp_path, monkeypatch):
    kept, other = tmp_path / "r.md", tmp_path / "r.bib"
    kept.write_text("mine")
    real = files.write_file

    def full(path, data):
        if path.name == ".r.bib.part":
            raise OSError(28, "No space left on device")
        real(path, data)

    monkeypatch.setattr(files, "write_file", full)
    with pytest.raises(IbidError, match=r"r\.bib: not written \(No space left on device\)"):
        write_all({kept: b"new", other: b"new"})
    assert kept.read_text() == "mine" and [p.name for p in tmp_path.iterdir()] == ["r.md"]


def test_an_unknown_ending_is_refused():
    with pytest.raises(UsageError, match=r"r\.pdf: a review is written as \.md, \.docx, \.tex, \.html"):
        render_all(small_review(), [Path("r.pdf")])


def never(text, papers):
    return Check(Verdict.UNSUPPORTED, 0.1, ("not there",))


def test_a_review_read_back_from_its_own_markdown_is_unchanged():
    review = small_review()
    assert with_edits(review, write_markdown(review), never) == review


def test_a_sentence_written_by_hand_is_kept_and_checked():
    review = small_review()
    text = write_markdown(review).replace(
        "She trained on 12,400 images", "My own words on kelp. It needs 99 sites"
    )
    section = with_edits(review, text, never).sections[0]
    told = [(s.text, s.cited, s.verdict.value) for s in section.statements]
    assert told[2:4] == [
        ("My own words on kelp.", (), "supported"),
        ("It needs 99 sites.", ("kelpformer",), "unsupported"),
    ]
    assert told[1] == ("Lind reaches a Dice score of 0.91.", ("kelpformer",), "supported")


def test_shortening_keeps_the_first_sentence_of_each_paper():
    assert [s.text for s in shortened(small_review().sections[0]).statements] == [
        "Two of the two abstracts mention giant kelp.", "Lind reaches a Dice score of 0.91.",
        "BrineNet reaches 0.83.",  # what it was similar to is gone
    ]  # fmt: skip


def test_dropping_a_paper_takes_its_sentences_and_its_place():
    left = without_paper(small_review().sections[0], "kelpformer")
    assert left.papers == ("brinenet",) and [s.text for s in left.statements][1:] == [
        "BrineNet reaches 0.83."
    ]


def test_the_public_shape_names_its_schema_and_every_reference():
    shape = to_dict(small_review())
    assert shape["schema"] == "ibid.review/1"
    assert [(r["n"], r["key"]) for r in shape["references"]] == list(enumerate(KEYS, 1))
    assert json.dumps(shape) and HOSTILE.id in shape["papers"]
