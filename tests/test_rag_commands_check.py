"""`ibid check` as a user runs it: verdicts, flags, suggestions, copies, pages, exit codes, bad input."""

from __future__ import annotations

import json
import re

import pytest
from cli_fixtures import PAPERS, run_command, write_lines

RETRACTED = {
    "_id": "snails", "title": "Snails climb higher in wind", "year": 2018, "doi": "10.1000/snails",
    "authors": ["Cara Shell"], "retracted": True,
    "text": "Snails climb 30 cm higher in wind than in calm air.",
}  # fmt: skip
BIB = """@article{brook, title = {Moss Growth on Wet Stone Walls}, author = {Brook, Ada}, year = 2019}
@article{bay, title = {Tidal range in narow bays}, year = 2021}
@article{owl, title = {Hearing in barn owls declines little with age}}
@article{owl2, title = {Hearing in Barn Owls Declines Little with Age}}
@article{snail, title = {Another title altogether}, doi = {10.1000/SNAILS}}
@book{away, title = {A book that no library here holds}}
@misc{untitled, howpublished = {by letter}}
@book{idle, title = {Nobody cites this book of walls}}
"""
DRAFT = """# Nature

Walls that stay wet for nine months carry 3.5 times as much moss as dry walls [@brook]. Such walls
carry 7.5 times as much moss when they stay wet for nine months [@brook].

Tidal range grows towards the head of narrow bays [@bay]. Wide bays show the same effect [@bay; @none].

Barn owls do not hear well at old age [@owl]. Old owls hear nearly as well as young birds [@owl2].
Snails climb higher in wind [@snail]. Moss grows fastest on wet stone [@bay].
Books say more [@away; @untitled].

A model of 14 bays explains 87% of the variance in tidal range. Volcanoes erupt when magma gathers gas.
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    from index.build import add_paths
    from rag.wiring import load_encoder

    folder = tmp_path_factory.mktemp("check")
    papers = write_lines(folder / "papers.jsonl", [*PAPERS, RETRACTED])
    add_paths(folder / "library", [papers], load_encoder())
    return folder / "library"


@pytest.fixture
def check(capsys, built):
    return lambda *arguments: run_command(capsys, "check", *arguments, "-L", built)


@pytest.fixture
def draft(tmp_path):
    (tmp_path / "refs.bib").write_text(BIB, encoding="utf-8")
    path = tmp_path / "draft.md"
    path.write_text(DRAFT, encoding="utf-8")
    return path


@pytest.fixture
def report(check, draft):
    return check(draft, "--bib", draft.with_name("refs.bib"), "--json").json


def verdicts(report) -> list[tuple[int, str, str]]:
    return [(s["line"], c["key"], c["verdict"]) for s in report["sentences"] for c in s["citations"]]


def flags(report) -> list[tuple[str, str, int]]:
    every = [f for s in report["sentences"] for f in s["flags"]] + report["flags"]
    return [(f["kind"], f["key"], f["line"]) for f in every]


def test_every_citation_gets_its_verdict(report):
    assert verdicts(report) == [
        (3, "brook", "supported"),
        (3, "brook", "contradicted"),
        (6, "bay", "supported"),
        (6, "bay", "contradicted"),
        (6, "none", "not_in_library"),
        (8, "owl", "contradicted"),
        (8, "owl2", "supported"),
        (9, "snail", "supported"),
        (9, "bay", "not_supported"),
        (10, "away", "not_in_library"),
        (10, "untitled", "not_in_library"),
    ]
    assert report["schema"] == "ibid.check/1" and report["wrong"] is True
    assert report["citations"] == 11 and report["verdicts"]["not_in_library"] == 3
    assert report["read"] == 11


def test_flags_say_what_and_where(report):
    assert flags(report) == [
        ("number_differs", "brook", 4),
        ("missing_key", "none", 6),
        ("retracted", "snail", 9),
        ("same_paper", "owl2", 4),
        ("never_cited", "idle", 8),
    ]
    number = next(f for s in report["sentences"] for f in s["flags"] if f["kind"] == "number_differs")
    assert number["why"] == "7.5 times here; the abstract has 3.5 times"
    assert next(f["why"] for f in report["flags"] if f["kind"] == "same_paper") == "the same paper as owl"


def test_quotes_are_verbatim(report):
    abstracts = {p["_id"]: p["text"] for p in [*PAPERS, RETRACTED]}
    quoted = [c for s in report["sentences"] for c in s["citations"] if c["quote"]]
    assert len(quoted) == 8
    for c in quoted:
        assert abstracts[c["paper_id"]][c["start"] : c["end"]] == c["quote"]


def test_an_uncited_claim_gets_a_paper_only_where_one_supports_it(report):
    uncited = [
        (s["line"], [x["paper_id"] for x in s["suggestions"]])
        for s in report["sentences"]
        if s["suggestions"]
    ]
    assert uncited == [(12, ["tides"])]


def test_nothing_is_suggested_where_the_paragraph_cites_the_paper(check, tmp_path):
    path = tmp_path / "d.md"
    path.write_text(
        "Tidal range grows in narrow bays [@tides]. A model of 14 bays explains 87% of the variance.\n"
    )
    assert [s["suggestions"] for s in check(path, "--json").json["sentences"]] == [[]]


def test_strict_fails_on_what_is_wrong_and_on_nothing_else(check, draft, tmp_path):
    bib = draft.with_name("refs.bib")
    assert check(draft, "--bib", bib).code == 0
    assert check(draft, "--bib", bib, "--strict").code == 1
    fine = tmp_path / "fine.md"
    fine.write_text("Moss grows fastest on wet stone [@brook]. Books say much about it [@away].\n")
    done = check(fine, "--bib", bib, "--strict")
    assert done.code == 0, done.out


def test_the_terminal_shows_a_mark_a_line(check, draft):
    lines = check(draft, "--bib", draft.with_name("refs.bib")).out.splitlines()
    assert lines[0].endswith(
        "draft.md:3: Walls that stay wet for nine months carry 3.5 times as much moss as dry walls."
    )
    assert lines[1] == "  ✓ brook supported"
    assert "  ✗ brook contradicted (number 7.5 times is not in the abstract)" in lines
    assert "  ! another number: brook: 7.5 times here; the abstract has 3.5 times" in lines
    assert lines[-1].startswith("11 citations: 4 supported, 1 not supported, 3 contradicted")


def test_the_bibliography_that_a_draft_names_is_read_beside_it(check, draft):
    draft.write_text("---\nbibliography: refs.bib\n---\nMoss grows fastest on wet stone [@brook].\n")
    report = check(draft, "--json").json
    assert [v for _, _, v in verdicts(report)] == ["supported"]
    assert report["bibliographies"] == [str(draft.with_name("refs.bib"))]
    draft.write_text("---\nbibliography: gone.bib\n---\nMoss grows fastest on wet stone [@moss].\n")
    report = check(draft, "--json").json
    assert [v for _, _, v in verdicts(report)] == ["supported"]  # the library's own id
    assert "gone.bib" in report["problems"][0]["why"]


def test_a_numbered_list_is_matched_by_identifier_or_title(check, tmp_path):
    path = tmp_path / "d.txt"
    path.write_text(
        "Snails climb higher in wind [1]. Tidal range grows towards the head of a narrow bay [2]. "
        "It rains [4].\n\nReferences\n\n[1] Shell C. Something. doi:10.1000/snails.\n"
        "[2] Bay T, et al. Tidal range in narrow bays. J Sea 2021;1:2.\n[3] Of nothing here.\n"
    )
    report = check(path, "--json").json
    assert verdicts(report) == [(1, "1", "supported"), (1, "2", "supported"), (1, "4", "not_in_library")]
    assert flags(report) == [("retracted", "1", 1), ("missing_key", "4", 1), ("never_cited", "3", 7)]


def test_a_key_nearly_right_is_named(check, draft):
    draft.write_text("Moss grows fastest on wet stone [@brok].\n")
    report = check(draft, "--bib", draft.with_name("refs.bib"), "--json").json
    assert report["sentences"][0]["flags"][0]["why"].endswith("refs.bib; is brook meant?")


def test_each_citation_of_a_sentence_answers_for_its_own_stretch(check, draft):
    draft.write_text(
        "Moss grows fastest on wet stone [@brook], while tidal range grows "
        "towards the head of a narrow bay [@bay].\n"
    )
    report = check(draft, "--bib", draft.with_name("refs.bib"), "--json").json
    assert [v for _, _, v in verdicts(report)] == ["supported", "supported"]


def test_a_stretch_that_is_contradicted_is_found_beside_one_that_holds(check, draft):
    draft.write_text(
        "Moss grows fastest on wet stone [@brook], but owls do not hear well at old age [@owl].\n"
    )
    report = check(draft, "--bib", draft.with_name("refs.bib"), "--json").json
    assert [v for _, _, v in verdicts(report)] == ["supported", "contradicted"]


def test_the_annotated_copy_and_the_page(check, draft, tmp_path):
    copy, page = tmp_path / "copy.md", tmp_path / "page.html"
    done = check(draft, "--bib", draft.with_name("refs.bib"), "--annotate", copy, "--html", page)
    assert done.code == 0
    text = copy.read_text(encoding="utf-8")
    assert re.sub(r" <!-- ibid: .*? -->", "", text) == DRAFT
    assert text.count("<!-- ibid: ") == 7
    html = page.read_text(encoding="utf-8")
    assert "<script" not in html and "default-src &#x27;none&#x27;" in html
    assert "To look at (" in html and "Could be cited (1)" in html


def test_hostile_text_is_escaped(check, tmp_path):
    path, page, copy = tmp_path / "d.md", tmp_path / "p.html", tmp_path / "c.md"
    path.write_text("Moss `<script>alert(1)</script>` grows on [@<b>] wet stone & walls --> [@x\u202e].\n")
    assert check(path, "--html", page, "--annotate", copy).code == 0
    assert "<script>" not in page.read_text() and "<b>" not in page.read_text().split("</style>")[1]


def test_what_is_checked_is_never_written_over(check, draft):
    done = check(draft, "--annotate", draft)
    assert done.code == 2 and "is what is being checked" in done.one_line
    assert draft.read_text() == DRAFT


def test_bad_input_is_one_line_that_names_the_file(check, draft, tmp_path):
    for name, data, why in (
        ("gone.md", None, "not a file"), ("empty.md", b"", "empty"), ("no.docx", b"text", "no Word document"),
        ("bin.md", bytes(range(256)) * 20, "binary"),
    ):  # fmt: skip
        path = tmp_path / name
        if data is not None:
            path.write_bytes(data)
        done = check(path)
        assert done.code == 1 and name in done.one_line and why in done.one_line, done.err
    broken = tmp_path / "broken.bib"
    broken.write_text("no entry at all\n")
    done = check(draft, "--bib", broken)
    assert done.code == 1 and "broken.bib" in done.one_line


def test_a_broken_bibliography_keeps_its_other_entries(check, draft, tmp_path):
    broken = tmp_path / "broken.bib"
    broken.write_text(
        "@article{brook, title = {Moss growth on wet stone walls}}\n@article{cut, title = {Never clo"
    )
    draft.write_text("Moss grows fastest on wet stone [@brook].\n")
    report = check(draft, "--bib", broken, "--json").json
    assert [v for _, _, v in verdicts(report)] == ["supported"]
    assert report["problems"][0]["line"] == 2


def test_json_is_one_document(check, draft):
    assert json.loads(check(draft, "--json").out)["draft"] == str(draft)


def test_findings_in_files_that_latex_draws_in_name_them(check, tmp_path):
    (tmp_path / "parts").mkdir()
    part = tmp_path / "parts" / "moss.tex"
    part.write_text("% first\nMoss grows slowest on wet stone \\cite{brook}. It rains \\cite{nobody}.\n")
    path = tmp_path / "d.tex"
    path.write_text(
        "\\begin{document}\nSnails climb higher in wind \\cite{snail}.\n\\input{parts/moss}\n\\input{gone}\n"
        "\\bibliography{refs}\n\\end{document}\n"
    )
    (tmp_path / "refs.bib").write_text(BIB)
    copy, page = tmp_path / "copy.tex", tmp_path / "page.html"
    done = check(path, "--json", "--annotate", copy, "--html", page)
    report = done.json
    assert [(s["path"], s["line"]) for s in report["sentences"]] == [
        (str(path), 2), (str(part), 2), (str(part), 2),
    ]  # fmt: skip
    missing = report["sentences"][2]["flags"][0]
    assert (missing["kind"], missing["path"], missing["line"]) == ("missing_key", str(part), 2)
    assert (report["problems"][0]["path"], report["problems"][0]["line"]) == (str(path), 4)
    beside = tmp_path / "copy-files" / "parts" / "moss.tex"
    assert beside.read_text().startswith("% first\n% ibid: ") and str(beside) in done.err
    assert part.read_text().startswith("% first\nMoss") and "moss.tex, line 2" in page.read_text()
    lines = check(path).out.splitlines()
    assert f"{part}:2: Moss grows slowest on wet stone." in lines
    assert check(path, "--annotate", part).code == 2 and part.read_text().startswith("% first\nMoss")
