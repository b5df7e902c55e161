"""One comparison in every form: the same cells and figures, and nothing of a paper is acted on."""

import csv
import io
import json
import re

import openpyxl
import pytest
from cli_fixtures import run_command
from fakes import PAPERS, build_library, bundled_encoder

from index.errors import UsageError
from index.types import Paper
from rag.compare.forms import find_form, number, render
from rag.compare.table import NOT_STATED, compare

BY_ID = {p.id: p for p in PAPERS}
EVIL = Paper(
    "evil",
    "=HYPERLINK(1) | 100% of #tides & kelp_forests ≤ β",
    "=cmd|' /C calc'!A0 is proposed for 5% of tides & \\input{/etc/passwd}. We tested it on 1,200 images of "
    "<b>kelp</b>.",
    year=2020,
)


def no_reader():
    raise AssertionError("nothing here needs the reader")


@pytest.fixture(scope="module")
def found():
    papers = [BY_ID["tidenet"], BY_ID["kelpformer"], EVIL]
    return compare(papers, lambda p: f"k_{p.id}", no_reader, question="tides & kelp")


def rendered(found, name, tmp_path):
    return render(found, tmp_path / name)


def test_csv_has_a_row_a_paper_numbers_as_numbers_and_no_formula(found, tmp_path):
    rows = list(csv.DictReader(io.StringIO(rendered(found, "t.csv", tmp_path).decode())))
    assert [r["key"] for r in rows] == ["k_tidenet", "k_kelpformer", "k_evil"]
    assert [r["accuracy (%)"] for r in rows] == ["69.68", "", ""]
    assert [r["images"] for r in rows] == ["", "12400", "1200"]
    assert rows[0]["Task or problem: sentence"].startswith("We propose TideNet")
    assert rows[0]["Task or problem"] == rows[0]["Task or problem: sentence"].rstrip(".")
    assert rows[1]["Type"] == "transformer"
    assert rows[2]["Limits"] == NOT_STATED and rows[2]["Limits: sentence"] == ""
    assert rows[2]["title"].startswith("'=HYPERLINK")
    assert not any(v.startswith(("=", "+", "-", "@")) for r in rows for v in r.values())


def test_a_workbook_holds_numbers_texts_and_the_sentences_with_offsets(found, tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(rendered(found, "t.xlsx", tmp_path)))
    head, *rows = book["Papers"].iter_rows(values_only=True)
    named = [dict(zip(head, row, strict=True)) for row in rows]
    assert [r["images"] for r in named] == [None, 12400, 1200] and isinstance(named[1]["images"], int | float)
    assert named[0]["accuracy (%)"] == 69.68 and named[0]["Year"] == 2022
    assert {c.data_type for row in book["Papers"].iter_rows() for c in row} <= {"s", "n"}  # "f" runs
    for key, _, _, quote, start, end in list(book["Sentences"].iter_rows(values_only=True))[1:]:
        paper = {"k_evil": EVIL}.get(key) or BY_ID[key.removeprefix("k_")]
        assert paper.abstract[start:end] == quote


def test_markdown_is_one_table_whose_marks_are_text(found, tmp_path):
    text = rendered(found, "t.md", tmp_path).decode()
    table = [line for line in text.splitlines() if line.startswith("|")]
    columns = {len(re.findall(r"(?<!\\)\|", line)) for line in table}
    assert len(table) == 2 + 3 and len(columns) == 1
    assert "[@k_tidenet]" in table[2] and " 69.68 |" in table[2] and NOT_STATED in table[4]
    assert r"\| 100% of \#tides & kelp\_forests" in text and r"\<b\>kelp" in text
    assert "    - Type, Task or problem, Method: “We propose TideNet, a graph network" in text


def test_latex_is_escaped_and_its_braces_and_environments_close(found, tmp_path):
    text = rendered(found, "t.tex", tmp_path).decode()
    assert r"100\% of \#tides \& kelp\_forests" in text and r"\input{" not in text
    assert r"\DeclareUnicodeCharacter{2264}{\ensuremath{\le}}" in text
    plain = re.sub(r"\\[\\{}]", "", text)
    assert plain.count("{") == plain.count("}")
    for name in ("document", "landscape", "longtable"):
        assert text.count(rf"\begin{{{name}}}") == text.count(rf"\end{{{name}}}") >= 1
    rows = [line for line in text.splitlines() if line.endswith(r"\\") and "&" in line]
    assert {len(re.findall(r"(?<!\\)&", line)) for line in rows} == {len(found.aspects), len(found.figures)}


def test_json_is_the_public_shape(found, tmp_path):
    assert json.loads(rendered(found, "t.json", tmp_path)) == json.loads(json.dumps(found.to_dict()))


def test_numbers_are_plain_decimals():
    assert [number(v) for v in (2.57e6, 0.91, 69.680000, 100.0)] == ["2570000", "0.91", "69.68", "100"]


def test_an_unknown_ending_names_the_known(tmp_path):
    with pytest.raises(UsageError, match=r"t\.docx: a comparison is written as \.csv, \.md, \.xlsx, \.tex"):
        find_form(tmp_path / "t.docx")


@pytest.fixture
def library(tmp_path):
    path = tmp_path / "lib"
    build_library(path, PAPERS, bundled_encoder()).close()
    return path


def test_the_command_compares_papers_by_id_and_key(tmp_path, capsys, library):
    done = run_command(capsys, "compare", "kelpformer", "sato_brinenet_2021", "-L", library, "--json")
    assert done.code == 0
    assert [p["paper_id"] for p in done.json["papers"]] == ["kelpformer", "brinenet"]
    assert [p["figures"]["Dice"]["value"] for p in done.json["papers"]] == [0.91, 0.83]
    printed = run_command(capsys, "compare", "kelpformer", "-L", library, "--aspect", "sample size").out
    assert "| Paper | Year | sample size | images | Dice |" in printed
    out = tmp_path / "t.csv"
    done = run_command(capsys, "compare", "kelpformer", "-L", library, "-o", out)
    assert done.one_line == f"wrote {out}" and "12400" in out.read_text()


def test_the_command_compares_the_papers_on_a_question(capsys, library):
    done = run_command(capsys, "compare", "-q", "kelp forests in images", "-k", "2", "-L", library, "--json")
    assert {p["paper_id"] for p in done.json["papers"]} == {"kelpformer", "brinenet"}
    assert done.json["question"] == "kelp forests in images"


def test_bad_input_is_one_line_and_writes_nothing(tmp_path, capsys, library):
    there = tmp_path / "there.csv"
    there.write_text("mine")
    for arguments, code, why in (
        (("kelpformr",), 1, "no paper 'kelpformr'"),
        ((), 2, "give ids of papers, or a question"),
        (("kelpformer", "-q", "tides"), 2, "give ids of papers, or a question"),
        (("-q", "sourdough bread"), 1, "holds nothing on"),
        (("kelpformer", "-o", tmp_path / "t.docx"), 2, "a comparison is written as"),
        (("kelpformer", "-o", there), 2, "exists; give another name"),
        (("kelpformer", "-o", tmp_path / "no" / "t.csv"), 2, "there is no folder"),
        (("kelpformer", "--aspect", " "), 2, "--aspect takes words"),
    ):
        done = run_command(capsys, "compare", *arguments, "-L", library)
        assert done.code == code and why in done.one_line and not done.out
    assert there.read_text() == "mine" and not list(tmp_path.glob("t.*"))


def test_python_compares_too(library):
    from rag.wiring import open_library

    found = open_library(library, llm="none").compare(["tidenet", "@lind_kelpformer_2024", "tidenet"])
    assert [row.key for row in found.rows] == ["holm_tidenet_2022", "lind_kelpformer_2024"]
