# ruff: noqa: E501 -- LaTeX and messages stand as they are written
"""Drafts in several LaTeX files: what is followed, what is refused, and which file a finding stands in."""

from __future__ import annotations

import time

import pytest

from index.errors import ReadError
from rag.audit.table import annotated, annotated_parts, read_draft

MAIN = "\\documentclass{article}\n\\begin{document}\n%s\n\\end{document}\n"


@pytest.fixture
def read(tmp_path):
    def make(main: str, **files: str):
        for name, text in files.items():
            path = tmp_path / name.replace("__", "/").replace("_tex", ".tex")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        path = tmp_path / "d.tex"
        path.write_text(MAIN % main, encoding="utf-8")
        return read_draft(path)

    return make


def said(draft, folder):
    return [
        (s.path.replace(f"{folder}/", ""), s.line, s.text, tuple(c.key for c in s.cites))
        for s in draft.sentences
    ]


def problems(draft, folder):
    return [(p.path.replace(f"{folder}/", ""), p.line, p.why) for p in draft.problems]


def test_files_are_followed_in_order_and_sentences_name_their_own(read, tmp_path):
    draft = read(
        "Moss grows \\cite{a}.\n\n\\input{parts/one}\n\\include{two}\nTides rise \\cite{b}.",
        parts__one_tex="% a remark\nWalls are wet \\cite{c}.\n\\input{parts/deep.tex}\n",
        parts__deep_tex="\nOwls hear \\cite{d}.\n",
        two_tex="Snails climb \\cite{e}.\n",
    )
    assert said(draft, tmp_path) == [
        ("", 3, "Moss grows.", ("a",)),
        ("parts/one.tex", 2, "Walls are wet.", ("c",)),
        ("parts/deep.tex", 2, "Owls hear.", ("d",)),
        ("two.tex", 1, "Snails climb.", ("e",)),
        ("", 7, "Tides rise.", ("b",)),
    ]
    assert draft.problems == ()
    assert [c.path.replace(f"{tmp_path}/", "") for c in draft.cites] == [
        "", "parts/one.tex", "parts/deep.tex", "two.tex", "",
    ]  # fmt: skip


def test_a_file_in_the_middle_of_a_sentence_and_other_ways_of_drawing_in(read, tmp_path):
    draft = read(
        "We found \\input{number} walls \\cite{a}.\n\n\\input two\n\n\\import{sub/}{three}\n\\subfile{sub/four}",
        number_tex="12%\n",
        two_tex="Tides rise \\cite{b}.\\endinput Not \\cite{x}.",
        sub__three_tex="Owls hear \\cite{c}. \\input{five}",
        sub__five_tex="Mice \\cite{e}.",
        sub__four_tex="\\documentclass[../d]{subfiles}\n\\begin{document}\nBats fly \\cite{d}.\n\\end{document}\nx",
    )
    assert said(draft, tmp_path) == [
        ("", 3, "We found 12 walls.", ("a",)),
        ("two.tex", 1, "Tides rise.", ("b",)),
        ("sub/three.tex", 1, "Owls hear.", ("c",)),
        ("sub/five.tex", 1, "Mice.", ("e",)),
        ("sub/four.tex", 3, "Bats fly.", ("d",)),
    ]


def test_loose_citations_entries_and_bibliographies_of_parts(read, tmp_path):
    draft = read(
        "Moss grows \\cite{a}.\n\\begin{table}\n\\input{rows}\n\\end{table}\n\\input{end}",
        rows_tex="1 & \\cite{cell} \\\\\n",
        end_tex="\\nocite{quiet}\n\\bibliography{refs}\n\\begin{thebibliography}{9}\n\\bibitem{a} Ada.\n\\end{thebibliography}",
    )
    assert [(c.key, c.path.rpartition("/")[2], c.line) for c in draft.loose] == [
        ("cell", "rows.tex", 1), ("quiet", "end.tex", 1),
    ]  # fmt: skip
    assert draft.bibliographies == ("refs.bib",)
    assert [(e.key, e.line, e.path) for e in draft.entries] == [("a", 4, str(tmp_path / "end.tex"))]


REFUSED = [
    ("\\input{gone}", "no file gone.tex below the folder of the draft; it was not read"),
    ("\\input{/etc/passwd}", "/etc/passwd is an absolute path; only files below the draft's folder are followed"),
    ("\\input{~/x}", "~/x is an absolute path; only files below the draft's folder are followed"),
    ("\\include{../outside}", "../outside leads out of the draft's folder; it is not followed"),
    ("\\input{\\parts/one}", "\\parts/one is named by a macro; it is not followed"),
    ("\\input{|ls -l}", "|ls -l is a command to run; nothing is run"),
    ("\\input{link}", "link leads out of the draft's folder; it is not followed"),
    ("\\input{d}", "d.tex draws itself in (d.tex, d.tex); not followed again"),
    ("\\input{pdf}", "pdf.tex was not read: is a PDF, not text"),
    ("\\input{folder}", "no file folder.tex below the folder of the draft; it was not read"),
]  # fmt: skip


@pytest.mark.parametrize(("command", "why"), REFUSED, ids=[c for c, _ in REFUSED])
def test_what_is_not_followed_is_named_with_its_line(read, tmp_path, command, why):
    outside = tmp_path.parent / "outside.tex"
    outside.write_text("Secret words stand here \\cite{secret}.")
    (tmp_path / "link.tex").symlink_to(outside)
    (tmp_path / "folder").mkdir()
    (tmp_path / "pdf.tex").write_bytes(b"%PDF-1.7\n" + bytes(range(256)))
    draft = read(f"Moss grows \\cite{{a}}.\n{command}\nTides rise.")
    assert problems(draft, tmp_path) == [("", 4, why)]
    assert [s.text for s in draft.sentences] == ["Moss grows.", "Tides rise."]


def test_two_dots_that_stay_inside_are_followed(read, tmp_path):
    draft = read("Moss grows.\n\n\\input{parts/../one}", one_tex="Walls are wet.", parts__x_tex="")
    assert [s.text for s in draft.sentences] == ["Moss grows.", "Walls are wet."]


def test_a_circle_is_named_where_it_closes_and_a_second_time_is_none(read, tmp_path):
    draft = read(
        "\\input{one}\n\\input{one}\nMoss grows.",
        one_tex="Walls are wet.\n\n\\input{two}",
        two_tex="\n\\input{one}",
    )
    assert problems(draft, tmp_path) == [
        ("two.tex", 2, "one.tex draws itself in (one.tex, two.tex, one.tex); not followed again")
    ]
    assert [s.text for s in draft.sentences] == ["Walls are wet.", "Moss grows."]


def test_files_that_multiply_are_read_once(read, tmp_path):
    levels = {f"l{n}_tex": f"\\input{{l{n + 1}}}\\input{{l{n + 1}}}\\input{{l{n + 1}}}\n" for n in range(15)}
    began = time.monotonic()
    draft = read("\\input{l0}\nMoss grows.", **levels, l15_tex="Walls are wet.\n\n")
    assert [s.text for s in draft.sentences] == ["Walls are wet.", "Moss grows."]
    assert time.monotonic() - began < 5


def test_a_chain_deeper_than_latex_allows_ends_with_a_problem(read, tmp_path):
    chain = {f"l{n}_tex": f"\\input{{l{n + 1}}}\n" for n in range(60)}
    draft = read("Moss grows.\n\n\\input{l0}", **chain, l60_tex="Walls are wet.\n")
    assert [p.why for p in draft.problems] == ["l30.tex is drawn in through more than 30 files; not followed"]


def test_what_is_commented_out_is_no_text(read, tmp_path):
    draft = read(
        "Moss grows. % Tides rise \\cite{x}. \\input{gone}\n\\begin{comment}\nOwls \\cite{y}. \\input{gone}\n"
        "\\end{comment}\n\\iffalse Bats \\ifx a b c \\fi \\cite{z}. \\input{gone} \\fi\nWalls \\cite{a} are wet."
    )
    assert said(draft, tmp_path) == [("", 3, "Moss grows.", ()), ("", 8, "Walls are wet.", ("a",))]
    assert draft.problems == ()


def test_a_percent_sign_in_an_address_begins_no_comment(read, tmp_path):
    draft = read("Moss (\\url{http://x.org/a%20b}) grows \\cite{a}. See \\href{http://x.org/%7E}{there} too.")
    assert said(draft, tmp_path) == [("", 3, "Moss grows.", ("a",)), ("", 3, "See there too.", ())]


def test_copies_of_all_files_are_annotated(read, tmp_path):
    draft = read(
        "Moss grows \\cite{a}.\n\\input{one}\nTides rise \\cite{b}.",
        one_tex="% x\nWalls are wet \\cite{c}.\n",
    )
    notes = {n: f"note {n}" for n, s in enumerate(draft.sentences) if s.cites}
    main = annotated(draft, notes).decode()
    assert main == MAIN % (
        "% ibid: note 0\nMoss grows \\cite{a}.\n\\input{one}\n% ibid: note 2\nTides rise \\cite{b}."
    )
    assert annotated_parts(draft, notes) == {
        str(tmp_path / "one.tex"): b"% x\n% ibid: note 1\nWalls are wet \\cite{c}.\n"
    }
    assert annotated_parts(draft, {0: "only here"}) == {}


def test_a_copy_keeps_the_encoding_that_its_preamble_declares(tmp_path):
    path = tmp_path / "d.tex"
    path.write_bytes((MAIN % "Sch\u00f6nes Moos w\u00e4chst \\cite{a}.").encode("cp1252"))
    draft = read_draft(path)
    assert annotated(draft, {0: "nein \u2192 \u201cso\u201d"}) == (
        MAIN % "% ibid: nein \\u2192 \u201cso\u201d\nSch\u00f6nes Moos w\u00e4chst \\cite{a}."
    ).encode("cp1252")


CITES = [
    ("Moss \\citep*{a} grows.", ("a",)), ("Moss \\footcite[3]{a} grows.", ("a",)),
    ("Moss \\textcite{a} grows.", ("a",)), ("Moss \\autocites(see)(too)[1]{a}[2][3]{b, c} grows.", ("a", "b", "c")),
    ("Moss \\parencites{a}{b} grows.", ("a", "b")), ("Moss \\cite{a} {\\em fast} grows.", ("a",)),
    ("Moss \\cite[see {[sic]} p.~3]{a} grows.", ("a",)), ("Moss \\volcite{2}[5]{a} grows.", ("a",)),
    ("Moss \\citetext{see \\citealp{a}} grows.", ("a",)), ("Moss \\cite<e.g.,>[p. 3]{a} grows.", ("a",)),
    ("Moss \\Textcite{a} and \\smartcite{b} grow.", ("a", "b")), ("Moss \\supercite{a} grows.", ("a",)),
    ("Moss \\cite\n  {a} grows.", ("a",)), ("Moss \\footcitetext{a} grows.", ("a",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "keys"), CITES, ids=[t for t, _ in CITES])
def test_every_way_of_citing_gives_its_keys(read, text, keys):
    draft = read(text)
    assert tuple(c.key for c in draft.sentences[0].cites) == keys
    assert draft.problems == ()
    assert "\\" not in draft.sentences[0].text


HOSTILE = [
    ("footnotes in footnotes", "a\\footnote{" * 5000 + "x" + "}" * 5000), ("options", "\\foo[" * 10_000),
    ("references", "\\ref[" * 10_000), ("notes", "\\cite[a" * 10_000), ("displays", "\\[" * 20_000),
    ("items", "\\begin{thebibliography}" + "\\bibitem[" * 10_000), ("tables", "\\begin{table}" * 10_000),
    ("braces in items", "\\begin{thebibliography}\\bibitem[" + "{}" * 5000),
]  # fmt: skip


@pytest.mark.parametrize("text", [t for _, t in HOSTILE], ids=[n for n, _ in HOSTILE])
def test_what_never_ends_is_read_in_good_time(read, text):
    began = time.monotonic()
    draft = read(f"Moss grows \\cite{{a}}.\n\n{text}")
    assert draft.sentences[0].text == "Moss grows." and len(draft.problems) <= 1001
    assert time.monotonic() - began < 10


def test_a_text_longer_than_any_draft_is_refused(tmp_path):
    path = tmp_path / "d.tex"
    path.write_text("Moss grows. " * 1_000_000)
    with pytest.raises(ReadError, match="d.tex: more than 10 MB of text; check it in parts"):
        read_draft(path)
