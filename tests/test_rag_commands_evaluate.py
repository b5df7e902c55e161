"""`ibid eval` from the command line: shapes, reports, resuming, and what is said of bad input."""

import json

import pytest
from cli_fixtures import PAPERS, run_command, write_lines

QUERIES = [
    {"_id": "q1", "text": "moss on stone"},
    {"_id": "q2", "text": "owls of old age"},
    {"_id": "q3", "text": "…"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\tmoss\t1\nq2\towls\t1\nq2\tghost\t1\n"
QUESTIONS = [
    {"id": "a", "type": "fact", "question": "How many walls were measured?", "answers": ["120"],
     "gold": [{"title": "Moss growth on wet stone walls", "grade": 2}]},
    {"id": "b", "type": "unanswerable", "question": "Who invented the zip fastener?", "answerable": False},
    {"id": "c", "type": "claim", "question": "Wide bays show a growing tidal range.", "label": "refutes",
     "gold": [{"title": "Tidal range in narrow bays", "grade": 2}]},
]  # fmt: skip


@pytest.fixture
def ibid(capsys):
    return lambda *arguments: run_command(capsys, *arguments)


@pytest.fixture
def beir(tmp_path):
    path = tmp_path / "beir"
    (path / "qrels").mkdir(parents=True)
    write_lines(path / "corpus.jsonl", PAPERS)
    write_lines(path / "queries.jsonl", QUERIES)
    (path / "qrels" / "test.tsv").write_text(QRELS)
    return path


@pytest.fixture
def library(tmp_path, ibid):
    path = tmp_path / "library"
    assert ibid("index", "add", write_lines(tmp_path / "papers.jsonl", PAPERS), "-L", path).code == 0
    return path


def test_retrieval_compares_the_modes(ibid, beir, tmp_path):
    done = ibid(
        "eval", "retrieval", beir, "--json", "--html", tmp_path / "r.html", "--trec", tmp_path / "runs"
    )
    assert done.code == 0
    shape = done.json
    assert {k: shape[k] for k in ("schema", "kind", "data")} == {
        "schema": "ibid.eval/1", "kind": "retrieval", "data": str(beir),
    }  # fmt: skip
    assert list(shape["measures"])[:3] == ["lexical", "dense", "hybrid"]
    for name in ("ndcg@10", "map", "mrr@10", "recall@10", "recall@100"):
        assert shape["measures"]["hybrid"][name] == 1.0
    assert shape["p_values"]["dense"]["map"] == 1.0 and "lexical" not in shape["p_values"]
    said = [line.removeprefix(f"ibid: {beir}/") for line in done.err.splitlines()]
    assert said[:2] == [
        "queries.jsonl:3: query q3 has no word, only symbols; left out",
        "qrels/test.tsv:4: paper ghost is not in the corpus; the judgement is left out",
    ]
    assert (tmp_path / "r.html").read_text().startswith("<!doctype html>")
    assert (tmp_path / "runs" / "dense.trec").read_text().startswith("q1 Q0 moss 1 1.000000 ibid-dense\n")


def test_retrieval_in_words_and_with_chosen_modes(ibid, beir):
    done = ibid("eval", "retrieval", beir, "--mode", "dense", "--mode", "lexical")
    assert done.code == 0 and done.out.index("dense") < done.out.index("lexical")
    assert "1.0000  [1.000, 1.000]  p=1.000" in done.out and "hybrid" not in done.out
    done = ibid("eval", "retrieval", beir, "--mode", "best")
    assert done.code == 2 and "--mode 'best' does not exist; choose lexical, dense, hybrid" in done.one_line


def test_a_folder_without_a_corpus_is_one_line(ibid, tmp_path):
    done = ibid("eval", "retrieval", tmp_path)
    assert done.code == 1 and "corpus.jsonl: not there; a BEIR folder holds" in done.one_line


def test_answers_are_asked_once_and_scored(ibid, library, tmp_path):
    data = write_lines(tmp_path / "set.jsonl", QUESTIONS)
    arguments = ("eval", "answers", data, "-L", library, "--llm", "none", "--json", "--out", tmp_path / "out")
    first = ibid(*arguments)
    assert first.code == 0, first.err
    measures = first.json["measures"]
    assert measures["answers"]["fact_answer"] == measures["answers"]["refused_unanswerable"] == 1
    assert measures["citations"]["recall_strict"] == measures["citations"]["number_fidelity"] == 1
    assert {"retrieve_p50", "total_p95"} <= set(measures["timing"])
    assert first.json["settings"]["llm"] == "none"
    (kept,) = (tmp_path / "out").glob("answers-*.jsonl")
    lines = [json.loads(line) for line in kept.read_text().splitlines()]
    assert [line["id"] for line in lines] == ["a", "b"]

    lines[0]["answer"] = "Three walls. [1]"
    write_lines(kept, lines)
    assert ibid(*arguments).json["measures"]["answers"]["fact_answer"] == 0  # what is kept is not asked again


def test_given_answers_are_scored_without_a_library(ibid, library, tmp_path):
    data = write_lines(tmp_path / "set.jsonl", QUESTIONS)
    given, corpus = tmp_path / "answers.jsonl", tmp_path / "papers.jsonl"
    assert ibid("ask", "--batch", data, "--out", given, "-L", library, "--llm", "none").code == 0
    done = ibid("eval", "answers", data, "--corpus", corpus, "--answers", given)
    assert done.code == 0, done.err
    assert "fact_answer" in done.out and "claim_missing" in done.out and done.err == ""


def test_claims_of_a_question_set(ibid, library, tmp_path):
    data = write_lines(tmp_path / "set.jsonl", QUESTIONS)
    row = {"title": "Tidal range in narrow bays", "quote": "", "stance": "refutes"}
    cited = write_lines(tmp_path / "cited.jsonl", [{"id": "c", "papers": [row]}, {"papers": []}])
    done = ibid("eval", "claims", data, "-L", library, "--cited", cited, "--json")
    assert done.code == 0 and done.json["kind"] == "claims"
    assert set(done.json["measures"]["claims"].values()) == {1.0}
    assert done.one_line == f"{cited}:2: no id; left out"


SENTENCES = [
    {
        "doc_id": 1,
        "title": "Moss",
        "abstract": ["Moss grows fastest on wet stone.", "We measured 120 walls."],
    },
    {"doc_id": 2, "title": "Owls", "abstract": ["Barn owls hear well at old age.", "We tested seven owls."]},
]
CLAIMS = [
    {"id": 5, "claim": "Moss grows fastest on wet stone.",
     "evidence": {"1": [{"sentences": [0], "label": "SUPPORT"}]}},
    {"id": 6, "claim": "Bats sing.", "evidence": {}},
]  # fmt: skip


def test_claims_of_scifact_against_given_reports(ibid, tmp_path):
    write_lines(tmp_path / "corpus.jsonl", SENTENCES)
    data = write_lines(tmp_path / "claims.jsonl", CLAIMS)
    row = {"paper_id": "1", "stance": "supports", "quote": "Moss grows fastest on wet stone."}
    cited = write_lines(tmp_path / "cited.jsonl", [{"id": "5", "papers": [row]}, {"id": "6", "papers": []}])
    done = ibid("eval", "claims", data, "--cited", cited, "--json")
    assert done.code == 0 and done.err == ""
    assert done.json["measures"]["abstract"] == {
        "label_only_precision": 1, "label_only_recall": 1, "label_only_f1": 1, "rationale_precision": 1,
        "rationale_recall": 1, "rationale_f1": 1, "evidence_listed": 1,
        "stance_of_listed": 1, "quiet": 1, "missing": 0,
    }  # fmt: skip


def test_claims_of_scifact_are_judged_by_the_library_of_their_corpus(ibid, tmp_path):
    write_lines(tmp_path / "corpus.jsonl", SENTENCES)
    done = ibid("eval", "claims", write_lines(tmp_path / "claims.jsonl", CLAIMS), "--json")
    assert done.code == 0, done.err
    assert done.json["measures"]["abstract"]["evidence_listed"] == 1
    assert done.json["measures"]["abstract"]["missing"] == 0


def test_screening_runs_the_baseline(ibid, tmp_path):
    rows = [
        "moss,wet stone,1",
        "moss,wet walls,1",
        "owls,night,0",
        "owls,day,0",
        "bats,cave,0",
        "wet moss,stone,1",
    ]
    data = tmp_path / "review.csv"
    data.write_text("title,abstract,label_included\n" + "\n".join(rows) + "\n")
    done = ibid("eval", "screening", data, "--ranker", "naive-bayes", "--json", "--html", tmp_path / "s.html")
    assert done.code == 0 and list(done.json["measures"]) == ["mean", "review"]
    assert (
        done.json["measures"]["mean"]["average_precision"] == 1.0
    )  # both that are left come before all else
    assert "<polyline" in (tmp_path / "s.html").read_text()
