"""Vector stores: FAISS holds what the exact store holds, and neither takes a bad row."""

from __future__ import annotations

import faiss
import numpy as np
import pytest

from index import faiss_store
from index.errors import LibraryError
from index.faiss_store import FaissStore
from index.stores import ExactStore, unit_rows

WIDTH = 16


def rows(count: int, seed: int = 0) -> np.ndarray:
    return unit_rows(np.random.default_rng(seed).normal(size=(count, WIDTH)).astype(np.float32))


@pytest.fixture(params=[ExactStore, FaissStore], ids=["exact", "faiss"])
def store(request):
    return request.param(WIDTH)


def same(found, expected):
    assert len(found) == len(expected)
    np.testing.assert_allclose([s for _, s in found], [s for _, s in expected], atol=2e-4)  # of float16
    assert {i for i, _ in found} == {i for i, _ in expected}


def test_faiss_equals_the_exact_store_by_score_after_adding_removing_filtering_and_reloading(tmp_path):
    exact, fast = ExactStore(WIDTH), FaissStore(WIDTH)
    ids = np.arange(10, 310, dtype=np.int64)
    for one in (exact, fast):
        one.add(ids, rows(300))
        assert one.remove(np.array([10, 17, 250, 99999])) == 3
        one.add(np.array([400, 401]), rows(2, seed=5))
    fast.save(tmp_path / "vectors.faiss")
    exact.save(tmp_path / "vectors.npz")
    pairs = [
        (exact, fast),
        (ExactStore.load(tmp_path / "vectors.npz"), FaissStore.load(tmp_path / "vectors.faiss")),
    ]
    allowed = np.array([11, 12, 13, 200, 401, 5000])
    for oracle, tested in pairs:
        assert tested.ids().tolist() == oracle.ids().tolist()
        assert len(tested) == len(oracle) == 299
        for seed in range(20):
            query = rows(1, seed=100 + seed)[0]
            same(tested.search(query, 10), oracle.search(query, 10))
            same(tested.search(query, 10, allowed), oracle.search(query, 10, allowed))


def test_rows_come_back_in_the_order_asked_and_not_at_all_when_one_is_unknown(store):
    vectors = rows(3)
    store.add(np.array([7, 3, 5]), vectors)
    store.remove(np.array([3]))
    np.testing.assert_allclose(store.rows([5, 7]), vectors[[2, 0]], atol=3e-4)
    assert store.rows([5, 3]) is None


def test_a_float32_index_of_an_earlier_version_is_searched_and_then_made_anew(tmp_path):
    old = faiss.IndexIDMap2(faiss.IndexFlatIP(WIDTH))
    old.add_with_ids(rows(5), np.arange(1, 6))
    faiss.write_index(old, str(tmp_path / "old"))
    store = FaissStore.load(tmp_path / "old")
    assert store.exact and [i for i, _ in store.search(rows(5)[2], 1)] == [3]
    assert not store.suits(6)
    assert FaissStore(WIDTH).suits(6)


def test_a_known_answer_is_given_best_first_with_cosines(store):
    store.add(np.array([7, 3, 5]), np.eye(WIDTH, dtype=np.float32)[:3])
    query = np.zeros(WIDTH, dtype=np.float32)
    query[:3] = 0.6, 0.8, 0.0
    assert [i for i, _ in store.search(query, 2)] == [3, 7]
    np.testing.assert_allclose([s for _, s in store.search(query, 3)], [0.8, 0.6, 0.0], atol=1e-6)


def test_more_hits_than_vectors_are_not_padded(store):
    store.add(np.array([1, 2]), rows(2))
    assert len(store.search(rows(1)[0], 10)) == 2
    assert store.search(rows(1)[0], 0) == []
    assert store.search(rows(1)[0], 5, np.zeros(0, dtype=np.int64)) == []
    assert store.search(rows(1)[0], 5, np.array([77])) == []


def test_an_empty_store_finds_nothing_and_survives_saving(store, tmp_path):
    assert store.search(rows(1)[0], 3) == []
    assert store.remove(np.array([1])) == 0
    store.save(tmp_path / "empty")
    again = type(store).load(tmp_path / "empty")
    assert (len(again), again.width, again.ids().tolist()) == (0, WIDTH, [])


BAD_ROWS = [
    pytest.param(np.full((1, WIDTH), np.nan, dtype=np.float32), "length nan", id="nan"),
    pytest.param(np.full((1, WIDTH), np.inf, dtype=np.float32), "length inf", id="inf"),
    pytest.param(np.zeros((1, WIDTH), dtype=np.float32), "length 0", id="zero"),
    pytest.param(np.full((1, WIDTH), 1.0, dtype=np.float32), "length 4", id="not-unit"),
    pytest.param(np.ones((1, 9), dtype=np.float32) / 3, f"width 9 .* width {WIDTH}", id="width"),
]


@pytest.mark.parametrize(("bad", "message"), BAD_ROWS)
def test_a_bad_row_is_refused_by_name_and_nothing_is_added(store, bad, message):
    with pytest.raises(LibraryError, match=message):
        store.add(np.array([1]), bad)
    assert len(store) == 0


def test_an_id_is_never_held_twice(store):
    store.add(np.array([4, 5]), rows(2))
    for ids in ([5, 6], [8, 8]):
        with pytest.raises(LibraryError, match="added twice"):
            store.add(np.array(ids), rows(2, seed=3))
    assert store.ids().tolist() == [4, 5]


@pytest.mark.parametrize(
    "query", [np.full(WIDTH, np.nan), np.zeros(WIDTH), np.ones(7)], ids=["nan", "zero", "width"]
)
def test_a_query_that_is_no_vector_of_this_library_is_refused(store, query):
    store.add(np.array([1]), rows(1))
    with pytest.raises(LibraryError, match=r"query.*(7 .*16|length)"):
        store.search(query.astype(np.float32), 1)


def test_a_large_store_uses_inverted_lists_and_keeps_ids_through_removal(monkeypatch, tmp_path):
    monkeypatch.setattr(faiss_store, "FLAT_LIMIT", 500)
    vectors, ids = rows(1200), np.arange(1, 1201, dtype=np.int64)
    assert faiss_store.training_rows(400) == 0
    store = FaissStore.of_size(1200, vectors[: faiss_store.training_rows(1200)])
    store.add(ids[:700], vectors[:700])
    store.add(ids[700:], vectors[700:])
    assert not store.exact and store.suits(1200) and not store.suits(400)
    assert store.remove(np.arange(1, 101)) == 100
    store.save(tmp_path / "ivf")
    store = FaissStore.load(tmp_path / "ivf")
    assert store.ids().tolist() == list(range(101, 1201))
    found = [store.search(vectors[n - 1], 1)[0] for n in range(101, 1201, 50)]
    assert [i for i, _ in found] == list(range(101, 1201, 50))
    assert min(score for _, score in found) > 0.98
    allowed = np.array([150, 160, 1100])
    assert {i for i, _ in store.search(vectors[0], 3, allowed)} == {150, 160, 1100}


def test_the_kind_of_index_follows_the_size():
    sample = np.zeros((0, WIDTH), dtype=np.float32)
    assert FaissStore.of_size(100_000, sample).exact
    assert (faiss_store.list_count(100_000), faiss_store.list_count(1_000_000)) == (1024, 4096)
    assert faiss_store.training_rows(1_000_000) == 163_840


def test_a_file_that_is_no_index_is_refused(tmp_path):
    (tmp_path / "x").write_bytes(b"not an index at all")
    with pytest.raises(LibraryError, match="no vector index.*ibid index rebuild"):
        FaissStore.load(tmp_path / "x")
