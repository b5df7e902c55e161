"""Retrieval on a tiny BEIR folder: bad lines named, measures by hand, runs resumed, duplicates fair."""

import json

import pytest
from cli_fixtures import write_lines
from index_fixtures import paper

from index.encoders import HashEncoder
from index.errors import ModelError, ReadError, UsageError
from index.library import Library
from index.types import Chunk, Hit, Scores
from rag.evaluate.beir import read_collection
from rag.evaluate.collection_library import aliases, collection_library
from rag.evaluate.retrieval import Run, compare, evaluate_retrieval, measure, read_papers, write_trec

WALLS = "Moss grows fastest on wet stone. We measured the moss of 120 walls in two towns for three years."
CORPUS = [
    {"_id": "moss", "title": "Moss growth on wet stone walls", "text": WALLS},
    {"_id": "owls", "title": "Owls", "text": "Barn owls hear well at night."},
    {"_id": "tides", "title": "Tides", "text": "Tides rise twice a day."},
    {"_id": "copy", "title": "Moss growth on wet stone walls", "text": WALLS},
]
QUERIES = [
    {"_id": "q1", "text": "wet moss"},
    {"_id": "q2", "text": "old owls"},
    {"_id": "q3", "text": "bats"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\tmoss\t2\nq1\tcopy\t1\nq2\towls\t1\nq2\ttides\t0\n"


def folder(tmp_path, corpus=CORPUS, queries=QUERIES, qrels=QRELS, split="test"):
    path = tmp_path / "beir"
    (path / "qrels").mkdir(parents=True, exist_ok=True)
    write_lines(path / "corpus.jsonl", corpus)
    write_lines(path / "queries.jsonl", queries)
    (path / "qrels" / f"{split}.tsv").write_text(qrels, encoding="utf-8")
    return path


def test_a_sound_folder_is_read_without_a_word(tmp_path):
    collection = read_collection(folder(tmp_path))
    assert collection.problems == () and collection.split == "test"
    assert [q.id for q in collection.queries] == ["q1", "q2"]  # q3 has no judgement
    assert collection.qrels == {"q1": {"moss": 2, "copy": 1}, "q2": {"owls": 1, "tides": 0}}


def test_the_split_is_test_before_dev_before_train(tmp_path):
    for split in ("train", "dev"):
        path = folder(tmp_path, split=split)
        assert read_collection(path).split == split
    assert read_collection(path, "train").split == "train"
    with pytest.raises(UsageError, match="--split test does not exist .* there is dev, train"):
        read_collection(path, "test")


def test_every_bad_line_is_named_and_the_rest_kept(tmp_path):
    path = folder(
        tmp_path,
        [*CORPUS, {"_id": "bare", "title": "", "text": " "}, {"_id": "short", "title": "Bats", "text": ""},
         "{broken", {"_id": "moss", "text": "again"}, {"text": "nameless"}],
        [*QUERIES, {"_id": "q4", "text": "  "}, {"_id": "q5", "text": "?!… —"}, "[]",
         {"_id": "q1", "text": "x"}],
        QRELS + "q1\tghost\t1\nq9\tmoss\t1\nq4\tmoss\t1\nq2 owls 1\nq3\tshort\t1\nq2\towls\tyes\n",
    )  # fmt: skip
    collection = read_collection(path)
    said = [problem.removeprefix(f"{path}/") for problem in collection.problems]
    assert said == [
        "corpus.jsonl:5: paper bare has no text; left out",
        "corpus.jsonl:6: paper short has no text; only its title is searched",
        "corpus.jsonl:7: broken JSON; left out",
        "corpus.jsonl:8: _id moss was given before; left out",
        "corpus.jsonl:9: no _id; left out",
        "queries.jsonl:4: query q4 is empty; left out",
        "queries.jsonl:5: query q5 has no word, only symbols; left out",
        "queries.jsonl:6: not an object; left out",
        "queries.jsonl:7: query q1 was given before; left out",
        "qrels/test.tsv:6: paper ghost is not in the corpus; the judgement is left out",
        "qrels/test.tsv:7: query q9 is not in the queries; the judgement is left out",
        "qrels/test.tsv:9: not query-id, corpus-id and a whole number apart by tabs; left out",
        "qrels/test.tsv:11: not query-id, corpus-id and a whole number apart by tabs; left out",
    ]
    assert [q.id for q in collection.queries] == ["q1", "q2", "q3"]


def test_a_folder_that_cannot_be_scored_says_why(tmp_path):
    with pytest.raises(
        ReadError,
        match="judges no query .* as relevant .first: .*test.tsv:2: paper ghost is not in the corpus",
    ):
        read_collection(folder(tmp_path, qrels="query-id\tcorpus-id\tscore\nq1\tghost\t1\n"))
    (tmp_path / "beir" / "queries.jsonl").unlink()
    with pytest.raises(ReadError, match="queries.jsonl: not there"):
        read_collection(tmp_path / "beir")


def test_measures_by_hand():
    # q1: wanted moss (2) and copy (1); found owls, moss. DCG = 2/log2(3) = 1.26186,
    # ideal 2 + 1/log2(3) = 2.63093.
    qrels = {"q1": {"moss": 2, "copy": 1}, "q2": {"owls": 1, "tides": 0}}
    found = measure(qrels, Run("x", {"q1": ("owls", "moss"), "q2": ()}, {"q1": 1.0, "q2": 1.0}))
    assert found == {
        "ndcg@10": {"q1": pytest.approx(0.47962, abs=1e-5), "q2": 0.0},
        "map": {"q1": pytest.approx(1 / 4), "q2": 0.0},  # precision 1/2 at moss, copy never
        "mrr@10": {"q1": 0.5, "q2": 0.0},
        "recall@10": {"q1": 0.5, "q2": 0.0},
        "recall@100": {"q1": 0.5, "q2": 0.0},
    }


def test_the_order_of_a_run_is_kept_among_many_papers():
    papers = tuple(f"p{n}" for n in range(100))
    found = measure({"q": {"p99": 1, "p11": 1}}, Run("x", {"q": papers}, {"q": 1.0}))
    assert found["map"]["q"] == pytest.approx((1 / 12 + 2 / 100) / 2)
    assert found["mrr@10"]["q"] == 0 and found["recall@100"]["q"] == 1


def test_modes_are_compared_with_the_first(tmp_path):
    collection = read_collection(folder(tmp_path))
    good = Run("good", {"q1": ("moss", "copy"), "q2": ("owls",)}, {"q1": 3.0, "q2": 5.0})
    bad = Run("bad", {"q1": ("owls",), "q2": ("moss",)}, {"q1": 1.0, "q2": 1.0})
    outcome = compare(collection, [good, bad], {}, 0.0)
    assert outcome.measures["good"]["ndcg@10"] == 1 and outcome.measures["bad"]["ndcg@10"] == 0
    assert outcome.measures["good"]["ms_p50"] == 5.0
    assert outcome.intervals["good"]["map"] == (1.0, 1.0)
    assert outcome.p_values == {"bad": dict.fromkeys(outcome.intervals["bad"], 0.5)}  # two of four exchanges
    assert [case.id for case in outcome.cases] == ["q1", "q2"]


@pytest.fixture
def library(tmp_path):
    collection = read_collection(folder(tmp_path))
    made = collection_library(read_papers(collection), "key", HashEncoder(16), tmp_path / "cache")
    with Library.open(made) as opened:
        yield collection, opened


def hits(library, *ids):
    return [Hit(Chunk(1, i, 0, 0, ""), library.paper(i), Scores(), rank) for rank, i in enumerate(ids, 1)]


def test_a_merged_duplicate_is_found_with_the_paper_it_became(library):
    collection, opened = library
    assert len(opened) == 3
    assert aliases(opened.papers(), collection.lines)["moss"] == ("moss", "copy")
    outcome, runs = evaluate_retrieval(collection, opened, {"lexical": lambda text, k: hits(opened, "moss")})
    assert runs[0].ranked["q1"] == ("moss", "copy")
    assert outcome.measures["lexical"]["ndcg@10"] == 0.5  # q1 perfect, q2 nothing


def test_a_run_goes_on_where_it_stopped(library, tmp_path):
    collection, opened = library
    asked = []

    def search(text, k):
        asked.append(text)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return hits(opened, "owls")

    with pytest.raises(KeyboardInterrupt):
        evaluate_retrieval(collection, opened, {"dense": search}, tmp_path / "out")
    outcome, _ = evaluate_retrieval(collection, opened, {"dense": search}, tmp_path / "out")
    assert asked == ["wet moss", "old owls", "old owls"]
    assert outcome.measures["dense"]["mrr@10"] == 0.5


def test_a_mode_without_its_model_is_named_and_the_others_run(library):
    collection, opened = library

    def missing(text, k):
        raise ModelError("no reader here")

    outcome, runs = evaluate_retrieval(
        collection, opened, {"reranked": missing, "lexical": lambda text, k: hits(opened, "owls")}
    )
    assert [run.name for run in runs] == ["lexical"]
    assert outcome.problems == ("mode reranked is left out: no reader here",)
    with pytest.raises(ModelError, match="no reader here"):
        evaluate_retrieval(collection, opened, {"reranked": missing})


def test_the_paper_that_is_the_query_is_no_hit(tmp_path):
    path = folder(tmp_path, queries=[{"_id": "owls", "text": "owls"}], qrels="owls\tmoss\t1\n")
    collection = read_collection(path)
    made = collection_library(read_papers(collection), "key", HashEncoder(16), tmp_path / "cache")
    with Library.open(made) as opened:
        search = {"dense": lambda text, k: hits(opened, "owls", "moss")}
        _, runs = evaluate_retrieval(collection, opened, search)
    assert runs[0].ranked == {"owls": ("moss", "copy")}


def test_a_library_is_made_once_and_again_for_another_embedder(library, tmp_path):
    collection, _ = library
    papers, cache = read_papers(collection), tmp_path / "cache"
    assert collection_library(papers, "key", HashEncoder(16), cache) == next(cache.iterdir())
    collection_library(papers, "key", HashEncoder(32), cache)
    assert len(list(cache.iterdir())) == 2


def test_a_run_is_written_as_trec_reads_it(tmp_path):
    run = Run("lexical", {"q1": ("moss", "copy")}, {"q1": 1.0})
    path = write_trec(run, tmp_path / "runs", "tag")
    assert path.name == "lexical.trec"
    assert path.read_text() == "q1 Q0 moss 1 1.000000 tag\nq1 Q0 copy 2 0.500000 tag\n"


def test_partial_results_are_json_lines(library, tmp_path):
    collection, opened = library
    evaluate_retrieval(collection, opened, {"dense": lambda text, k: hits(opened, "owls")}, tmp_path / "out")
    (path,) = (tmp_path / "out").glob("retrieval-dense-*.jsonl")
    assert [json.loads(line)["papers"] for line in path.read_text().splitlines()] == [["owls"], ["owls"]]


class Stopping:
    """An encoder that is interrupted at its second batch, and counts the texts of the others."""

    def __init__(self, *, stops):
        self.inner, self.stops, self.texts, self.calls = HashEncoder(16), stops, 0, 0
        self.id = self.inner.id
        self.encode_query = self.inner.encode_query

    def encode(self, texts, progress=None):
        self.calls += 1
        if self.stops and self.calls == 2:
            raise KeyboardInterrupt
        self.texts += len(texts)
        return self.inner.encode(texts, progress)


def test_a_library_whose_making_was_interrupted_goes_on_with_what_is_embedded(tmp_path):
    papers, cache = [paper(n) for n in range(300)], tmp_path / "cache"
    first, second = Stopping(stops=True), Stopping(stops=False)
    with pytest.raises(KeyboardInterrupt):
        collection_library(papers, "key", first, cache)
    made = collection_library(papers, "key", second, cache)
    with Library.open(made) as library:
        assert len(library) == 300
    assert first.texts > 0 and first.texts + second.texts == 300
    assert [path.name for path in cache.iterdir()] == [made.name]
