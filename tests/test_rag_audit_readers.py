"""Drafts read into sentences with what they cite, from Markdown, LaTeX, plain text and Word."""

from __future__ import annotations

import json
import zipfile

import pytest

from index.errors import ReadError
from rag.audit import numbered
from rag.audit.draft import Draft
from rag.audit.table import annotated, read_draft


def read(tmp_path, name: str, text: str) -> Draft:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read_draft(path)


def said(draft: Draft) -> list[tuple[int, str, tuple[str, ...]]]:
    return [(s.line, s.text, tuple(c.key for c in s.cites)) for s in draft.sentences]


def loose(draft: Draft) -> list[tuple[str, int]]:
    return [(c.key, c.line) for c in draft.loose]


MARKDOWN = [
    ("Moss grows fast [@a; @b, p. 3].", "Moss grows fast.", ("a", "b")),
    ("Moss grows fast [see @a, pp. 3-5; also -@b].", "Moss grows fast.", ("a", "b")),
    ("As @Smith2020 [p. 5] says, walls are wet.", "As says, walls are wet.", ("Smith2020",)),
    ("Moss grows [@{weird.key/1}] here.", "Moss grows here.", ("weird.key/1",)),
    ("Moss *grows* **fast** [@doi:10.1000/x].", "Moss grows fast.", ("doi:10.1000/x",)),
    ("Write to me@x.org, or \\@nobody, or `@code`.", "Write to me@x.org, or @nobody, or @code.", ()),
    ("Moss grows [@fig-one] and [@eq:two].", "Moss grows and.", ()),
    ("See [the page](http://x.org/@z) and ![a @b](c.png) there.", "See the page and there.", ()),
    ("Moss grows fast.[@a]", "Moss grows fast.", ("a",)),
    ("> Moss grows fast [@a].", "Moss grows fast.", ("a",)),
    ("- Moss grows fast [@a].", "Moss grows fast.", ("a",)),
    ("Moss grows fast (see [@a]).", "Moss grows fast.", ("a",)),
    ("Moss grows <!-- [@hidden] --> fast [@a].", "Moss grows fast.", ("a",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence", "keys"), MARKDOWN, ids=[t for t, _, _ in MARKDOWN])
def test_markdown_sentences_and_what_they_cite(tmp_path, text, sentence, keys):
    assert said(read(tmp_path, "d.md", text)) == [(1, sentence, keys)]


def test_markdown_that_is_no_prose_keeps_its_citations_loose_or_is_code(tmp_path):
    draft = read(
        tmp_path, "d.md",
        "---\nbibliography: [one.bib, two.bib]\nnocite: '@quiet'\n---\n# Heading [@head]\n\n"
        "| a | b |\n|---|---|\n| x [@cell] | y |\n\n```\n@code [@fenced]\n```\n\nMoss grows [@a].\n\n"
        "Underlined [@under]\n======\n\n# References\n\n@inlist\n",
    )  # fmt: skip
    assert said(draft) == [(15, "Moss grows.", ("a",))]
    assert loose(draft) == [("quiet", 1), ("head", 5), ("cell", 9), ("under", 17)]
    assert draft.bibliographies == ("one.bib", "two.bib")


def test_a_fence_or_comment_that_is_never_closed_is_named_by_its_line(tmp_path):
    draft = read(tmp_path, "d.md", "Moss grows [@a].\n\n```\ncode\nmore\n")
    assert said(draft) == [(1, "Moss grows.", ("a",))]
    assert [(p.line, p.why) for p in draft.problems] == [(3, "``` is never closed; the rest was not read")]
    draft = read(tmp_path, "e.md", "Moss grows [@a].\n\n<!-- gone\n\nmore\n")
    assert [(p.line, p.why) for p in draft.problems] == [(3, "<!-- is never closed; the rest was not read")]


def test_markdown_by_number_reads_its_own_list(tmp_path):
    draft = read(
        tmp_path, "d.md", "Moss grows [1, 3].\n\n## References\n\n1. Brook A. Moss.\n2. Bay T. Tides.\n"
    )
    assert said(draft) == [(1, "Moss grows.", ("1", "3"))]
    assert [(e.key, e.line, e.text) for e in draft.entries] == [
        ("1", 5, "Brook A. Moss."),
        ("2", 6, "Bay T. Tides."),
    ]


LATEX = [
    ("Moss grows~\\cite{a,b}.", "Moss grows.", ("a", "b")),
    ("Moss grows \\citep[see][p.~3]{a}.", "Moss grows.", ("a",)),
    ("\\citet{a} show moss.", "show moss.", ("a",)),
    ("Moss grows \\cites{a}[5]{b}.", "Moss grows.", ("a", "b")),
    ("Moss \\textbf{grows \\emph{fast}} by 5\\,\\% \\parencite{a}.", "Moss grows fast by 5 %.", ("a",)),
    ("Sch\\\"on is moss \\autocite{a}. % \\cite{commented}", "Schön is moss.", ("a",)),
    ("Moss \\verb|\\cite{x}| grows \\cite{a}.", "Moss grows.", ("a",)),
    ("Moss grows \\mycite{a}.", "Moss grows.", ("a",)),
    ("Moss grows 50\\% faster on $n=3$ \\Citeauthor*{a}.", "Moss grows 50% faster on n=3.", ("a",)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence", "keys"), LATEX, ids=[t for t, _, _ in LATEX])
def test_latex_sentences_and_what_they_cite(tmp_path, text, sentence, keys):
    draft = read(
        tmp_path, "d.tex", f"\\documentclass{{article}}\n\\begin{{document}}\n{text}\n\\end{{document}}\n"
    )
    assert said(draft) == [(3, sentence, keys)]


def test_latex_floats_footnotes_lists_and_bibliographies(tmp_path):
    draft = read(
        tmp_path, "d.tex",
        "\\begin{document}\nMoss grows\\footnote{Others differ \\cite{foot}.} fast.\n"
        "\\begin{itemize}\n\\item One holds \\cite{one}.\n\\end{itemize}\n"
        "\\begin{figure}\\caption{A wall \\cite{cap}.}\\end{figure}\n"
        "\\section{Of moss \\cite{head}}\n\\nocite{*}\n\\input{other}\n\\bibliography{refs,more}\n"
        "\\begin{thebibliography}{9}\n\\bibitem{foot} Ada Brook. \\newblock Moss. 2019.\n"
        "\\end{thebibliography}\n"
        "\\end{document}\nAfter \\cite{after}.\n",
    )  # fmt: skip
    assert said(draft) == [
        (2, "Moss grows fast.", ()),
        (2, "Others differ.", ("foot",)),
        (4, "One holds.", ("one",)),
    ]
    assert loose(draft) == [("cap", 6), ("head", 7)]
    assert draft.all_used and draft.bibliographies == ("refs.bib", "more.bib")
    assert [(e.key, e.text) for e in draft.entries] == [("foot", "Ada Brook. Moss. 2019.")]
    assert [p.why for p in draft.problems] == [
        "no file other.tex below the folder of the draft; it was not read"
    ]


def test_latex_that_is_cut_off_says_so_and_keeps_the_rest(tmp_path):
    draft = read(tmp_path, "d.tex", "\\begin{document}\nMoss grows \\cite{a}.\nTides rise \\cite{b\n")
    assert said(draft)[0] == (2, "Moss grows.", ("a",))
    assert [p.line for p in draft.problems] == [1, 3]


def test_plain_text_with_numbers_and_a_list(tmp_path):
    draft = read(
        tmp_path, "d.txt",
        "A Heading\n\nMoss grows fast [1, 3-5]. Walls are wet.[2] Both hold (see [1]; [2]).\n"
        "[6] shows that stones\nare hard.\n\nReferences\n\n"
        "[1] Brook A. Moss on walls.\n    2019.\n2. Other\n",
    )  # fmt: skip
    assert said(draft) == [
        (3, "Moss grows fast.", ("1", "3", "4", "5")),
        (3, "Walls are wet.", ("2",)),
        (3, "Both hold.", ("1", "2")),
        (4, "shows that stones are hard.", ("6",)),
    ]
    assert [(e.key, e.text) for e in draft.entries] == [
        ("1", "Brook A. Moss on walls. 2019."),
        ("2", "Other"),
    ]


def test_ranges_of_numbers_are_bounded():
    assert numbered.numbers_of("2, 4–6; 9") == ["2", "4", "5", "6", "9"]
    assert numbered.numbers_of("1-9999") == ["1", "9999"]
    assert numbered.numbers_of("7-3") == ["7", "3"]


@pytest.mark.parametrize("name", ["d.md", "d.tex", "d.txt"])
def test_an_annotated_copy_is_the_draft_with_notes_and_no_other_change(tmp_path, name):
    marker = "\\cite{a}" if name == "d.tex" else "[@a]" if name == "d.md" else "[1]"
    text = f"Moss grows {marker}.\nTides rise {marker}.\n\n" + (
        "References\n\n[1] Brook A.\n" if marker == "[1]" else ""
    )
    draft = read(tmp_path, name, text)
    assert annotated(draft, {}).decode() == text
    noted = annotated(draft, {1: "not so --> [2]"}).decode()
    assert noted != text and noted.count("ibid: not so") == 1
    assert "-->" not in noted.replace(" -->", "", 1)
    again = read(tmp_path, f"again-{name}", noted)
    if name != "d.txt":
        assert [s.text for s in again.sentences] == [s.text for s in draft.sentences]


def test_line_ends_of_windows_are_kept_in_the_copy(tmp_path):
    path = tmp_path / "d.md"
    path.write_bytes(b"Moss grows [@a].\r\n\r\nTides rise.\r\n")
    assert annotated(read_draft(path), {}) == b"Moss grows [@a].\r\n\r\nTides rise.\r\n"


ITEM = {
    "type": "article-journal",
    "title": "Moss growth",
    "author": [{"family": "Brook", "given": "Ada"}],
    "issued": {"date-parts": [[2019]]},
}
FIELD = json.dumps({"citationItems": [{"id": 1, "uris": ["http://z/1"], "itemData": ITEM}]})


def word(tmp_path, fill):
    docx = pytest.importorskip("docx")
    document = docx.Document()
    fill(document)
    path = tmp_path / "d.docx"
    document.save(str(path))
    return path


def add_field(paragraph, instruction: str, shown: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "instruction", "separate", "shown", "end"):
        run = paragraph.add_run(shown if kind == "shown" else "")
        if kind == "instruction":
            element = OxmlElement("w:instrText")
            element.text = instruction
        elif kind != "shown":
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        if kind != "shown":
            run._r.append(element)


def fill_word(document) -> None:
    document.add_heading("Of moss", 0)
    paragraph = document.add_paragraph("Moss grows [1]. Tides rise by 5 m")
    paragraph.add_run("2").font.superscript = True
    paragraph.add_run(" a day")
    paragraph.add_run("2").font.superscript = True
    paragraph.add_run(".")
    paragraph = document.add_paragraph("Walls are wet ")
    add_field(paragraph, f" ADDIN ZOTERO_ITEM CSL_CITATION {FIELD}", "(Brook, 2019)")
    paragraph.add_run(".")
    document.add_table(1, 1).cell(0, 0).text = "in a table [2]"
    document.add_heading("References", 1)
    document.add_paragraph("[1] Brook A. Moss growth. 2019.")
    document.add_paragraph("[2] Bay T. Tides.")


def test_word_with_brackets_raised_numbers_and_fields(tmp_path):
    draft = read_draft(word(tmp_path, fill_word))
    assert said(draft) == [
        (2, "Moss grows.", ("1",)),
        (2, "Tides rise by 5 m2 a day.", ("2",)),
        (3, "Walls are wet.", ("brook_moss_2019",)),
    ]
    assert loose(draft) == [("2", 4)]
    assert [(e.key, e.text) for e in draft.entries if not e.paper] == [
        ("1", "Brook A. Moss growth. 2019."),
        ("2", "Bay T. Tides."),
    ]
    assert next(e.paper.title for e in draft.entries if e.paper) == "Moss growth"


def test_a_word_copy_holds_the_notes_as_comments(tmp_path):
    draft = read_draft(word(tmp_path, fill_word))
    out = tmp_path / "out.docx"
    out.write_bytes(annotated(draft, {1: "not so"}))
    from docx import Document

    copied = Document(str(out))
    assert [c.text for c in copied.comments] == ["not so"]
    assert [p.text for p in copied.paragraphs] == [p.text for p in Document(draft.path).paragraphs]
    assert said(read_draft(out)) == said(draft)


def test_files_that_are_no_drafts_are_refused_by_name(tmp_path):
    empty, text, pdf = tmp_path / "empty.md", tmp_path / "no.docx", tmp_path / "a.pdf"
    empty.write_bytes(b"")
    text.write_text("no zip at all")
    pdf.write_bytes(b"%PDF-1.7\n" + bytes(range(256)))
    heading = tmp_path / "heading.md"
    heading.write_text("# Only a heading\n")
    for path, why in (
        (empty, "empty"), (text, "damaged, or no Word document"), (pdf, "PDF"),
        (heading, "no sentence of running text"), (tmp_path / "gone.md", "not a file"),
        (tmp_path, "not a file"),
    ):  # fmt: skip
        with pytest.raises(ReadError, match=why) as caught:
            read_draft(path)
        assert str(path) in str(caught.value)


def zipped(path, xml: bytes, name: str = "word/document.xml"):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, xml)
    return path


def test_a_zip_bomb_and_broken_xml_are_refused(tmp_path):
    bomb = zipped(tmp_path / "bomb.docx", b" " * 210_000_000)
    assert bomb.stat().st_size < 1_000_000
    with pytest.raises(ReadError, match="more than 200 MB"):
        read_draft(bomb)
    broken = zipped(tmp_path / "broken.docx", b"<w:document><w:p>")
    with pytest.raises(ReadError, match="damaged Word document"):
        read_draft(broken)
    other = zipped(tmp_path / "other.docx", b"<a/>", "some/file.xml")
    with pytest.raises(ReadError, match="damaged, or no Word document"):
        read_draft(other)


def test_entities_in_a_word_file_are_not_expanded(tmp_path):
    xml = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
        b"<w:t>Moss grows &b; here.</w:t></w:r></w:p></w:body></w:document>"
    )
    draft = read_draft(zipped(tmp_path / "entity.docx", xml))
    assert all("aaaa" not in s.text for s in draft.sentences)


def test_a_cut_word_file_is_refused(tmp_path):
    whole = word(tmp_path, fill_word).read_bytes()
    cut = tmp_path / "cut.docx"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ReadError, match="damaged, or no Word document"):
        read_draft(cut)


def test_another_encoding_is_read(tmp_path):
    path = tmp_path / "d.md"
    path.write_bytes("Sch\u00f6n w\u00e4chst das Moos [@a]. Sehr sch\u00f6n.".encode("cp1252"))
    assert said(read_draft(path))[0] == (1, "Schön wächst das Moos.", ("a",))


def test_a_line_of_many_megabytes_and_thousands_of_citations_are_read(tmp_path):
    text = " ".join(f"Moss number {n} grows fast on stone [@k{n}; @j{n}]." for n in range(2000))
    draft = read(tmp_path, "d.md", text)
    assert len(draft.sentences) == 2000
    assert sum(len(s.cites) for s in draft.sentences) == 4000
