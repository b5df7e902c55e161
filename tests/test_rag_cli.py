"""The command line as scripts see it: exit codes, stdout, and one line on stderr when something is wrong."""

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

import pytest
from cli_fixtures import PAPERS, run_command, write_lines

from rag.commands.options import parse_years

COMMAND = [sys.executable, "-c", "import sys; from rag.cli import main; main(sys.argv[1:])"]
QUESTION = "Where does moss grow fastest?"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A library of the made-up papers; tests that change one copy it."""
    folder = tmp_path_factory.mktemp("built")
    from index.build import add_paths
    from rag.embedder import load_encoder

    add_paths(folder / "library", [write_lines(folder / "papers.jsonl", PAPERS)], load_encoder())
    return folder / "library"


@pytest.fixture
def library(built, tmp_path):
    return shutil.copytree(built, tmp_path / "library")


@pytest.fixture
def ibid(capsys):
    return lambda *arguments: run_command(capsys, *arguments)


@pytest.fixture
def ask(ibid, built):
    return lambda *arguments: ibid("ask", *arguments, "-L", built, "--llm", "none")


# -- bad input: one line that says what and what to do

BAD_FILES = {
    "empty": ("papers.txt", b"", "empty file; name one"),
    "blank": ("papers.txt", b" \n\n\t\n", "empty file; name one"),
    "binary": ("papers.txt", bytes(range(256)) * 20, "is binary"),
    "broken json": ("papers.json", b'{"title": "Moss', "broken JSON"),
    "no title column": ("papers.csv", b"a,b\n1,2\n", "no title or abstract column.*rename the columns"),
    "only bad records": ("papers.jsonl", b'{"a": 1}\n{"b": 2}\n', "no record could be used: line 1"),
}


@pytest.mark.parametrize("name, content, why", BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_gets_one_line_and_exit_1(ibid, tmp_path, name, content, why):
    (tmp_path / name).write_bytes(content)
    done = ibid("index", "add", tmp_path / name, "-L", tmp_path / "library")
    assert done.code == 1
    assert name in done.one_line and re.search(why, done.one_line)


@pytest.mark.parametrize("name, content, why", BAD_FILES.values(), ids=BAD_FILES)
def test_a_bad_file_among_good_ones_does_not_keep_them_out(ibid, tmp_path, name, content, why):
    (tmp_path / name).write_bytes(content)
    good = write_lines(tmp_path / "good.jsonl", PAPERS)
    done = ibid("index", "add", tmp_path / name, good, tmp_path / "absent.csv", "-L", tmp_path / "library")
    assert done.code == 1  # a file that was named could not be read
    assert f"{name}" in done.err and "absent.csv: not a file" in done.err
    assert "Traceback" not in done.err and len(done.err.splitlines()) == 2
    assert ibid("index", "info", "-L", tmp_path / "library", "--json").json["papers"] == len(PAPERS)


def test_other_things_in_a_folder_are_told_and_do_not_fail_it(ibid, tmp_path):
    folder = tmp_path / "saved"
    folder.mkdir()
    write_lines(folder / "good.jsonl", PAPERS)
    (folder / "picture.bin").write_bytes(bytes(range(256)) * 20)
    done = ibid("index", "add", folder, "-L", tmp_path / "library")
    assert (done.code, "picture.bin: is binary" in done.one_line) == (0, True)
    assert "4 papers added" in done.out


def test_good_lines_beside_bad_ones_are_kept_and_the_bad_ones_numbered(ibid, tmp_path):
    file = write_lines(tmp_path / "half.jsonl", [PAPERS[0], '{"title": "Mo', PAPERS[1], "[1, 2]"])
    done = ibid("index", "add", file, "-L", tmp_path / "library", "--json")
    assert done.code == 0
    report = done.json["files"][0]
    assert (report["read"], report["new"], report["skipped"]) == (4, 2, 2)
    assert [problem["line"] for problem in report["problems"]] == [2, 4]


def not_a_library(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.tex").write_text("x")
    return tmp_path / "other"


NO_LIBRARY = {
    "absent": (lambda t: t / "absent", "does not exist; make one with `ibid index add"),
    "other things": (not_a_library, "is no library; make one with `ibid index add"),
    "a file": (lambda t: write_lines(t / "papers.jsonl", PAPERS), "is no library"),
}


@pytest.mark.parametrize("place, why", NO_LIBRARY.values(), ids=NO_LIBRARY)
@pytest.mark.parametrize(
    "command",
    ["search moss", "ask moss --llm none", "index info", "index list", "index show moss", "index verify",
     "index remove moss", "index rebuild"],
)  # fmt: skip
def test_a_path_that_is_no_library_is_named_with_what_makes_one(ibid, tmp_path, place, why, command):
    path = place(tmp_path)
    done = ibid(*command.split(), "-L", path)
    assert done.code == 1
    assert str(path) in done.one_line and why in done.one_line


def test_papers_are_not_put_into_a_folder_of_other_things(ibid, tmp_path):
    other, file = not_a_library(tmp_path), write_lines(tmp_path / "papers.jsonl", PAPERS)
    done = ibid("index", "add", file, "-L", other)
    assert (done.code, "thesis.tex" in done.one_line) == (1, True)
    assert [entry.name for entry in other.iterdir()] == ["thesis.tex"]


def damage(library, pattern):
    file = next(library.glob(pattern))
    content = bytearray(file.read_bytes())
    content[60:400] = b"\xa5" * 340
    file.write_bytes(content)


@pytest.mark.parametrize("pattern", ["gen-*/vectors.faiss", "gen-*/manifest.json", "gen-*/lexical/*.idx"])
def test_a_corrupt_index_file_is_told_and_repaired(library, pattern):
    """In a process of its own: what a library logs reaches stderr there as it does for a user."""
    damage(library, pattern)
    command = [*COMMAND, "search", "moss", "-L", library, "-k", "1", "--json"]
    first = subprocess.run(command, capture_output=True, text=True)
    assert first.returncode == 0 and json.loads(first.stdout)["hits"][0]["paper_id"] == "moss"
    assert len(first.stderr.splitlines()) == 1
    assert first.stderr.startswith("ibid: ") and "made anew from the catalogue" in first.stderr
    assert subprocess.run(command, capture_output=True, text=True).stderr == ""


def test_verify_finds_a_corrupt_index_file_and_names_the_repair(ibid, library):
    damage(library, "gen-*/vectors.faiss")
    done = ibid("index", "verify", "-L", library)
    assert done.code == 1 and "vectors.faiss" in done.out and "ibid index rebuild" in done.out
    assert ibid("index", "rebuild", "-L", library).code == 0
    assert ibid("index", "verify", "-L", library).out == "sound\n"


@pytest.mark.parametrize("command", ["search moss", "ask moss --llm none", "index info", "index add PAPERS"])
def test_a_corrupt_catalogue_is_named_with_the_way_out(ibid, library, tmp_path, command):
    (library / "catalog.sqlite").write_bytes(b"\xa5" * 30_000)
    papers = write_lines(tmp_path / "papers.jsonl", PAPERS)
    done = ibid(*command.replace("PAPERS", str(papers)).split(), "-L", library)
    assert done.code == 1
    assert "catalog.sqlite is damaged" in done.one_line and "restore it from a backup" in done.one_line


@pytest.mark.parametrize(
    "question, why",
    [("", "the question is empty; ask"), (" \n\t", "the question is empty; ask"),
     ("why " * 25_000, "characters, more than 2,000; shorten it")],
    ids=["empty", "blank", "100,000 characters"],
)  # fmt: skip
def test_a_question_that_cannot_be_asked_is_wrong_usage(ask, question, why):
    done = ask(question)
    assert (done.code, why in done.one_line) == (2, True)


WRONG = {
    "no such command": ("bogus", "No such command 'bogus'; see `ibid --help`"),
    "no such option": ("ask moss --bogus", "No such option: --bogus"),
    "no id": ("index show", "Missing argument 'paper_id'; see `ibid index show --help`"),
    "k of nothing": ("search moss -k 0", "'-k'"),
    "k of words": ("search moss -k many", "'-k'"),
    "no such mode": ("search moss --mode fast", "--mode 'fast' does not exist; choose hybrid"),
    "no such years": ("search moss --year 20xx", "--year '20xx' is no span of years; write 2020-2024"),
    "no such format": ("index add PAPERS --format ris2", "no format is called 'ris2'; choose one of"),
    "no such model": ("ask moss --llm gpt", "no language model 'gpt'; there is: smollm2"),
    "model to install": ("models install gpt", "no model 'gpt' to install; there is minilm, smollm2"),
    "empty query": ("search", "the query is empty; write what to look for"),
    "batch without tag": ("search --batch PAPERS", "needs --trec TAG"),
    "batch without out": ("ask --batch PAPERS", "--batch needs --out FILE"),
    "open host": ("ui --host 0.0.0.0", "0.0.0.0 can be reached by others"),
}


@pytest.mark.parametrize("command, why", WRONG.values(), ids=WRONG)
def test_wrong_usage_is_exit_2_and_one_line(ibid, built, tmp_path, monkeypatch, command, why):
    papers = write_lines(tmp_path / "papers.jsonl", PAPERS)
    monkeypatch.setenv("IBID_LIBRARY", str(built))
    if command.startswith("ui"):  # becomes another process, which speaks for itself
        done = subprocess.run([sys.executable, "-m", *command.split()], capture_output=True, text=True)
        assert done.returncode == 2 and why in done.stderr and len(done.stderr.splitlines()) == 1
        return
    done = ibid(*command.replace("PAPERS", str(papers)).split())
    assert (done.code, why in done.one_line, done.out) == (2, True, "")


def test_a_wrong_setting_in_the_settings_file_names_the_nearest(ibid, monkeypatch, tmp_path):
    (tmp_path / "c.toml").write_text('librari = "x"\n')
    monkeypatch.setenv("IBID_CONFIG", str(tmp_path / "c.toml"))
    done = ibid("index", "path")
    assert (done.code, "did you mean 'library'?" in done.one_line) == (2, True)


def test_without_a_command_the_help_is_shown(ibid):
    assert ibid("--help").code == 0 and "ask" in ibid("--help").out
    bare = ibid()
    assert (bare.code, bare.out) == (2, "") and bare.err.startswith("Usage: ibid")


def test_a_message_cannot_drive_the_terminal(ibid, built):
    done = ibid("index", "show", "a\x1b]0;title\x07\nb", "-L", built)
    assert done.code == 1 and "\x1b" not in done.err and "\x07" not in done.err
    assert len(done.err.splitlines()) == 1


@pytest.mark.parametrize(
    "text, years",
    [(None, (None, None)), ("", (None, None)), ("2020-2024", (2020, 2024)), ("2020-", (2020, None)),
     ("-2024", (None, 2024)), ("2023", (2023, 2023)), (" 2020 - 2024 ", (2020, 2024))],
)  # fmt: skip
def test_years(text, years):
    assert parse_years(text) == years


@pytest.mark.parametrize("text", ["2024-2020", "-", "20x", "2020-2021-2022", "9" * 20, "--2020", "2020–21"])
def test_no_years(text):
    from index.errors import UsageError

    with pytest.raises(UsageError, match="is no span of years; write 2020-2024, 2020-, -2024 or 2023"):
        parse_years(text)


# -- shapes


def test_info_has_the_public_shape(ibid, built):
    info = ibid("index", "info", "-L", built, "--json").json
    assert info.keys() == {
        "schema", "path", "papers", "titled", "untitled", "without_abstract", "chunks", "generation",
        "embedder", "fingerprint", "bytes",
    }  # fmt: skip
    assert (info["schema"], info["papers"], info["titled"], info["untitled"]) == ("ibid.library/1", 4, 3, 1)
    assert (info["without_abstract"], info["chunks"], info["generation"]) == (0, 4, 1)
    assert info["embedder"] == "all-MiniLM-L6-v2" and len(info["fingerprint"]) == 32
    assert str(built) in ibid("index", "info", "-L", built).out


def test_add_has_the_public_shape_and_counts_duplicates(ibid, tmp_path):
    file = write_lines(tmp_path / "papers.jsonl", [*PAPERS, PAPERS[0]])
    report = ibid("index", "add", file, "-L", tmp_path / "library", "--json").json
    assert report.keys() == {"schema", "files", "read", "new", "duplicates", "skipped", "seconds"}
    assert report["schema"] == "ibid.add/1"
    keys = {"path", "format", "read", "new", "duplicates", "skipped", "problems"}
    assert [f.keys() for f in report["files"]] == [keys]
    assert [report[n] for n in ("read", "new", "duplicates", "skipped")] == [5, 4, 1, 0]
    again = ibid("index", "add", file, "-L", tmp_path / "library", "--json").json
    assert [again[n] for n in ("read", "new", "duplicates", "skipped")] == [5, 0, 5, 0]
    assert ibid("index", "info", "-L", tmp_path / "library", "--json").json["papers"] == 4


SCORES = {"dense", "lexical", "fused", "rerank"}


def test_search_has_the_public_shape(ibid, built):
    found = ibid("search", "moss on walls", "-L", built, "--json", "-k", "2").json
    assert found.keys() == {"schema", "query", "hits"}
    assert (found["schema"], found["query"], len(found["hits"])) == ("ibid.search/1", "moss on walls", 2)
    best = found["hits"][0]
    assert best.keys() == {"rank", "paper_id", "title", "year", "scores", "passage", "start", "end"}
    assert best["scores"].keys() == SCORES
    assert (best["rank"], best["paper_id"], best["year"]) == (1, "moss", 2019)
    assert best["passage"] == PAPERS[0]["text"][best["start"] : best["end"]]


@pytest.mark.parametrize(
    "mode, named", [("hybrid", {"dense", "fused"}), ("dense", {"dense"}), ("lexical", {"lexical"})]
)
def test_each_mode_names_its_scores(ibid, built, mode, named):
    hits = ibid("search", "narrow bay tides", "-L", built, "--json", "--mode", mode).json["hits"]
    assert hits[0]["paper_id"] == "tides"
    assert all(hits[0]["scores"][name] is not None for name in named)


@pytest.mark.parametrize(
    "years, ids",
    [
        ("2020-", {"tides", "owls"}),
        ("-2019", {"moss"}),
        ("2021", {"tides"}),
        ("2019-2021", {"moss", "tides"}),
    ],
)
def test_years_bound_a_search_and_undated_papers_meet_no_bound(ibid, built, years, ids):
    hits = ibid("search", "moss tides owls lichen", "-L", built, "--json", "--year", years).json["hits"]
    assert {hit["paper_id"] for hit in hits} == ids


def test_an_answer_has_the_public_shape(ask):
    done = ask(QUESTION, "--json")
    answer = done.json
    assert done.code == 0
    assert answer.keys() == {
        "schema", "question", "standalone_question", "status", "answer", "statements", "references",
        "nearest", "followups", "decision", "confidence", "strategy", "timing_ms", "model",
    }  # fmt: skip
    assert (answer["schema"], answer["question"], answer["status"]) == ("ibid.answer/1", QUESTION, "answered")
    assert answer["answer"] == "Moss grows fastest on wet stone. [1]"
    statement, reference = answer["statements"][0], answer["references"][0]
    assert statement.keys() == {"text", "citations", "verdict", "support", "origin"}
    assert (statement["citations"], statement["verdict"], statement["origin"]) == (
        [1], "supported", "extracted",
    )  # fmt: skip
    assert reference.keys() == {"n", "paper_id", "key", "title", "year", "quote", "start", "end", "scores"}
    assert reference["scores"].keys() == SCORES
    assert PAPERS[0]["text"][reference["start"] : reference["end"]] == reference["quote"]
    assert {"retrieve", "generate", "verify", "total"} <= answer["timing_ms"].keys()
    assert answer["model"].keys() == {"embedder", "llm", "library_fingerprint"}
    assert answer["model"]["llm"] == "none"


def test_a_refusal_carries_no_claim_and_strict_makes_it_exit_3(ask):
    question = "Who won the football world cup of 1998?"
    refused = ask(question, "--json")
    assert refused.code == 0
    assert (refused.json["status"], refused.json["statements"], refused.json["references"]) == (
        "insufficient", [], [],
    )  # fmt: skip
    assert refused.json["nearest"][0].keys() >= {"paper_id", "quote", "start", "end", "scores"}
    assert ask(question, "--strict").code == 3
    assert ask(QUESTION, "--strict").code == 0


def test_an_answer_in_the_terminal_shows_each_citation_with_its_sentence(ask):
    done = ask(QUESTION)
    assert done.out.startswith("Moss grows fastest on wet stone. [1]\n")
    assert "[1] Moss growth on wet stone walls (2019)" in done.out
    assert "“Moss grows fastest on wet stone.”" in done.out
    assert done.err == ""
    assert ask(QUESTION, "--no-stream").out == done.out


def test_a_question_can_come_from_standard_input(ask, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(QUESTION + "\n"))
    assert ask("-", "--json").json["question"] == QUESTION


def test_an_earlier_question_is_taken_into_account(ask):
    answer = ask("And what about young birds?", "--turn", "How do barn owls hear at old age?", "--json").json
    assert answer["standalone_question"] != answer["question"]
    assert "owls" in answer["standalone_question"]


# -- batches and runs


def questions(tmp_path, *records):
    return write_lines(tmp_path / "questions.jsonl", records)


def test_a_batch_is_answered_line_by_line(ask, tmp_path):
    asked = questions(
        tmp_path,
        {"id": "a", "question": QUESTION},
        {
            "id": "b",
            "question": "And what about young birds?",
            "turns": ["How do barn owls hear at old age?"],
        },
    )
    done = ask("--batch", asked, "--out", tmp_path / "out.jsonl")
    assert (done.code, done.out, done.err) == (0, "", "")
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [(line["id"], line["schema"]) for line in lines] == [
        ("a", "ibid.answer/1"),
        ("b", "ibid.answer/1"),
    ]
    assert "owls" in lines[1]["standalone_question"]


def test_a_batch_goes_on_after_a_torn_last_line(ask, tmp_path):
    asked = questions(tmp_path, *({"id": i, "question": QUESTION} for i in "abc"))
    out = tmp_path / "out.jsonl"
    # The separator in the first line is a line end for Python, and none for JSON lines.
    first = json.dumps({"id": "a", "answer": "kept as\u2028it is"}, ensure_ascii=False) + "\n"
    out.write_text(first + '{"id": "b", "schema": "ibid.ans', encoding="utf-8")
    assert ask("--batch", asked, "--out", out).code == 0
    lines = out.read_text(encoding="utf-8").split("\n")
    assert lines[0] + "\n" == first
    assert [json.loads(line)["id"] for line in lines[:-1]] == ["a", "b", "c"] and lines[-1] == ""
    before = out.read_bytes()
    assert ask("--batch", asked, "--out", out).code == 0
    assert out.read_bytes() == before


def test_bad_lines_of_a_batch_are_named_and_the_others_answered(ask, tmp_path):
    asked = questions(
        tmp_path, "no json", {"id": "a", "question": QUESTION}, {"question": "x"}, {"id": "b", "question": 7},
        {"id": "c", "question": ""}, {"id": "d", "question": "x", "turns": "y"}, "[" * 5000,
    )  # fmt: skip
    done = ask("--batch", asked, "--out", tmp_path / "out.jsonl")
    assert done.code == 1
    assert [line.split(":")[2] for line in done.err.splitlines()] == ["1", "3", "4", "5", "6", "7"]
    assert [json.loads(line)["id"] for line in (tmp_path / "out.jsonl").open()] == ["a"]


@pytest.mark.parametrize(
    "content, why", [(None, "No such file"), (b"\xff\xfe\x00x", "is no UTF-8 text; give a JSONL file")]
)
def test_a_batch_that_cannot_be_read_is_one_line(ask, tmp_path, content, why):
    file = tmp_path / "questions.jsonl"
    if content is not None:
        file.write_bytes(content)
    done = ask("--batch", file, "--out", tmp_path / "out.jsonl")
    assert (done.code, why in done.one_line) == (1, True)


def test_a_batch_that_cannot_be_written_is_one_line(ask, tmp_path):
    asked = questions(tmp_path, {"id": "a", "question": QUESTION})
    assert "Is a directory" in ask("--batch", asked, "--out", tmp_path).one_line
    assert "No such file" in ask("--batch", asked, "--out", tmp_path / "no" / "out.jsonl").one_line


def test_a_reranked_run_falls_with_its_ranks(ibid, built):
    done = ibid("search", "barn owls", "--trec", "mine", "-L", built, "-k", "3", "--mode", "reranked")
    lines = [line.split() for line in done.out.splitlines()]
    assert [(line[3], line[4]) for line in lines] == [("1", "1.000000"), ("2", "0.500000"), ("3", "0.333333")]


def test_a_run_has_six_columns_a_line(ibid, built):
    done = ibid("search", "barn owls", "--trec", "mine", "-L", built, "-k", "2")
    rows = [line.split(" ") for line in done.out.splitlines()]
    assert [row[:4] + row[5:] for row in rows] == [
        ["1", "Q0", "owls", "1", "mine"], ["1", "Q0", rows[1][2], "2", "mine"],
    ]  # fmt: skip
    assert float(rows[0][4]) > float(rows[1][4])


def test_a_file_of_queries_gives_a_whole_run(ibid, built, tmp_path):
    file = write_lines(
        tmp_path / "q.jsonl", [{"_id": "q7", "text": "moss"}, "torn", {"_id": "q9", "text": "narrow bays"}]
    )
    done = ibid("search", "--batch", file, "--trec", "t", "-k", "1", "-L", built)
    assert done.code == 0 and "q.jsonl:2: no query line" in done.err
    assert [line.split()[:4] for line in done.out.splitlines()] == [
        ["q7", "Q0", "moss", "1"], ["q9", "Q0", "tides", "1"],
    ]  # fmt: skip
    write_lines(file, ["torn"])
    assert "no queries; give a JSONL file" in ibid("search", "--batch", file, "--trec", "t", "-L", built).err


# -- the library


def test_papers_are_listed_shown_and_removed(ibid, library):
    listed = ibid("index", "list", "-L", library)
    assert listed.out.splitlines()[0] == "moss\t2019\tMoss growth on wet stone walls"
    assert listed.out.splitlines()[3].startswith("undated\t\tLichen on roof tiles")
    as_json = ibid("index", "list", "-L", library, "--json").json
    assert as_json[0] == {
        "id": "moss", "title": "Moss growth on wet stone walls", "year": 2019, "date": None
    }  # fmt: skip
    shown = ibid("index", "show", "moss", "-L", library)
    assert (
        "Ada Brook" in shown.out and "papers.jsonl:1 (jsonl)" in shown.out and PAPERS[0]["text"] in shown.out
    )
    assert ibid("index", "show", "moss", "-L", library, "--json").json["abstract"] == PAPERS[0]["text"]
    assert ibid("index", "remove", "moss", "owls", "-L", library).out == "removed 2 papers\n"
    assert ibid("index", "info", "-L", library, "--json").json["papers"] == 2
    assert [h["paper_id"] for h in ibid("search", "moss", "-L", library, "--json").json["hits"]] != ["moss"]


def test_an_unknown_id_names_its_nearest_and_removes_nothing(ibid, library):
    done = ibid("index", "remove", "moss", "mos", "-L", library)
    assert (done.code, "no paper 'mos'" in done.one_line, "nearest: moss" in done.one_line) == (1, True, True)
    assert ibid("index", "info", "-L", library, "--json").json["papers"] == 4


def test_the_library_comes_from_the_flag_then_the_environment_then_the_user_folder(
    ibid, tmp_path, monkeypatch
):
    assert ibid("index", "path").out == f"{tmp_path / 'ibid-home' / 'library'}\n"
    monkeypatch.setenv("IBID_LIBRARY", "/from/environment")
    assert ibid("index", "path").out == "/from/environment\n"
    assert ibid("index", "path", "-L", "/from/flag").out == "/from/flag\n"


def test_settings_models_and_doctor_say_what_is_there(ibid, monkeypatch, built):
    monkeypatch.setenv("IBID_LLM", "none")
    monkeypatch.setenv("IBID_LIBRARY", str(built))
    rows = dict(line.split(maxsplit=1) for line in ibid("config", "show").out.splitlines())
    assert rows["llm"] == "none  (environment)" and "(default)" in rows["embedder"]
    assert ibid("config", "path").out.endswith("ibid-config.toml\n")
    assert "smollm2" in ibid("models", "list").out
    assert f"ok       library {built}" in ibid("doctor").out


# -- processes


@pytest.mark.parametrize("llm", ["none", pytest.param("smollm2", marks=pytest.mark.model)])
def test_an_interrupt_ends_with_130_and_one_line_and_stops_the_model(built, tmp_path, llm):
    asked = questions(tmp_path, *({"id": str(n), "question": QUESTION} for n in range(100_000)))
    out = tmp_path / "out.jsonl"
    arguments = ["ask", "--batch", asked, "--out", out, "-L", built, "--llm", llm]
    process = subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 60
    while not (out.is_file() and out.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "ibid: interrupted\n")
    assert all(json.loads(line) for line in out.read_text().splitlines())


def test_a_reader_that_goes_away_ends_it_quietly(built):
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, "index", "list", "-L", built], stdout=writing, stderr=subprocess.PIPE, text=True
    )
    os.close(writing)
    assert done.stderr == ""
