"""`ibid cite` as a user runs it: marks and quotes, JSON, batches, standard input, partial references."""

from __future__ import annotations

import io
import json
import sys

import pytest
from cli_fixtures import PAPERS, run_command, write_lines
from typer.testing import CliRunner

CLAIM = "Walls that stay wet for nine months carry 3.5 times as much moss as dry walls."


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    from index.build import add_paths
    from rag.embedder import load_encoder

    folder = tmp_path_factory.mktemp("cite")
    papers = write_lines(folder / "papers.jsonl", PAPERS)
    add_paths(folder / "library", [papers], load_encoder())
    return folder / "library"


@pytest.fixture
def cite(capsys, built):
    return lambda *arguments: run_command(capsys, "cite", *arguments, "-L", built)


def test_the_paper_is_marked_quoted_and_named_by_its_key(cite):
    done = cite(CLAIM, "-k", "1")
    assert done.code == 0
    verdict, paper, quote = done.out.splitlines()
    assert verdict == "Supported"
    assert paper.startswith("✓ brook_moss_2019 Moss growth on wet stone walls (2019) 0.")
    assert quote == "    “Walls that stay wet for nine months carry 3.5 times as much moss as dry ones.”"


def test_json_is_the_contract_and_the_quote_is_verbatim(cite):
    report = cite(CLAIM, "--json").json
    assert report["schema"] == "ibid.cite/1" and report["claim"] == CLAIM
    first = report["papers"][0]
    abstract = PAPERS[0]["text"]
    assert first["paper_id"] == "moss" and abstract[first["start"] : first["end"]] == first["quote"]


def test_a_paragraph_on_standard_input_gives_a_list(cite, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{CLAIM} Barn owls hear well at old age."))
    reports = cite("-", "--json").json
    assert [r["claim"] for r in reports] == [CLAIM, "Barn owls hear well at old age."]


def test_a_batch_is_resumed(cite, tmp_path):
    claims = write_lines(tmp_path / "claims.jsonl", [{"id": i, "question": CLAIM} for i in "ab"] + ["broken"])
    out = tmp_path / "out.jsonl"
    out.write_text('{"id": "a", "kept": true}\n{"id": "b", "sch')
    done = cite("--batch", claims, "--out", out)
    assert done.code == 1 and f"{claims}:3: no question" in done.err
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert lines[0] == {"id": "a", "kept": True}
    assert (lines[1]["id"], lines[1]["schema"]) == ("b", "ibid.cite/1")


def test_a_partial_reference_is_found_with_why(cite):
    done = cite("--ref", "Brook 2019 moss")
    assert done.code == 0
    assert done.out.splitlines()[0] == " 1. brook_moss_2019 Moss growth on wet stone walls (2019)"
    assert "first author Ada Brook; year 2019; words moss" in done.out


def test_partial_references_as_json(cite):
    found = cite("--ref", "tidal range in narow bays", "--json").json
    assert found["schema"] == "ibid.reference/1" and found["matches"][0]["paper_id"] == "tides"


def test_entries_to_paste(cite):
    done = cite(CLAIM, "--format", "bibtex")
    assert done.code == 0 and "{brook_moss_2019," in done.out
    assert cite("--ref", "Brook 2019 moss", "--format", "ris").out.startswith("TY  - ")
    assert cite(CLAIM, "--format", "word").one_line.startswith("no format is called 'word'")


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (("",), 2, "the sentence is empty"),
        (("--batch", "x.jsonl"), 2, "--batch needs --out FILE"),
        (("--ref", "?"), 2, "ibid cite --ref"),
    ],
)
def test_wrong_use_is_one_line(cite, arguments, code, why):
    done = cite(*arguments)
    assert done.code == code and why in done.one_line


def test_the_command_is_part_of_the_application():
    from rag.cli import app

    result = CliRunner().invoke(app, ["cite", "--help"])
    assert result.exit_code == 0
    assert "support" in result.output and "--batch" in result.output
