"""An open library: look-ups, searches, filters, and what opening does about damage."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import replace

import numpy as np
import pytest
from index_fixtures import ENCODER, PATH, long_paper, paper, reading, word

from index import faiss_store, generations, publish
from index.audit import verify
from index.build import add_readings, create_library, rebuild, remove_papers
from index.encoders import HashEncoder
from index.errors import EmbedderMismatch, LibraryError
from index.library import Filter, Library
from index.lock import writer_lock
from index.types import Source

PAPERS = [*(paper(n) for n in range(30)), long_paper(30), paper(31, year=None), paper(32, abstract="")]


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "library"
    add_readings(path, [reading(*PAPERS[:20]), reading(*PAPERS[20:], path="/papers/second.jsonl")], ENCODER)
    return path


@pytest.fixture
def path(made, tmp_path):
    """A library of one's own, free to be damaged."""
    shutil.copytree(made, tmp_path / "library")
    return tmp_path / "library"


def finds_all(library: Library, step: int = 1) -> None:
    """Each paper (or each of a sample) is found by its own vector, at rank 1, and by its own word."""
    for one in list(library.papers())[::step]:
        chunk = library.chunks(one.id)[0]
        (best, score), *_ = library.search_dense(library.vectors([chunk.id])[0], 1)
        assert score == pytest.approx(1.0, abs=1e-3)
        assert library.get_chunks([best])[best].paper_id == one.id
        own = library.search_lexical(word(int(one.id.removeprefix("paper-"))), 3)
        assert one.id in {c.paper_id for c in library.get_chunks(i for i, _ in own).values()}


def test_everything_that_was_added_is_there_and_finds_itself(made):
    with Library.open(made, ENCODER.id) as library:
        assert list(library.papers()) == PAPERS
        assert library.paper("paper-7") == PAPERS[7]
        finds_all(library)


def test_chunks_are_spans_of_the_abstract_and_a_title_alone_has_one(made):
    with Library.open(made) as library:
        chunks = library.chunks("paper-30")
        assert len(chunks) > 1
        for chunk in chunks:
            assert PAPERS[30].abstract[chunk.start : chunk.end] == chunk.text
        assert [(c.start, c.end, c.text) for c in library.chunks("paper-32")] == [(0, 0, "")]


def test_vectors_come_in_the_order_asked_and_are_unit_rows(made):
    with Library.open(made) as library:
        two = library.vectors([5, 2])
        assert (two.shape, two.dtype) == ((2, 48), np.float32)
        np.testing.assert_allclose(two[1], library.vectors([2])[0])
        np.testing.assert_allclose(np.linalg.norm(two, axis=1), 1.0, atol=1e-6)
        assert library.vectors([]).shape == (0, 48)
        with pytest.raises(LibraryError, match="no chunk 9999"):
            library.vectors([1, 9999])


FILTERS = [
    pytest.param(Filter(), None, id="all"),
    pytest.param(Filter(year_from=2003, year_to=2004), [3, 4, 28, 29], id="years"),
    pytest.param(Filter(year_from=2024), [24], id="from"),
    pytest.param(Filter(year_to=2000), [0, 25], id="to"),
    pytest.param(Filter(ids=("paper-5", "absent", "paper-2")), [2, 5], id="ids"),
    pytest.param(Filter(ids=()), [], id="no-ids"),
    pytest.param(Filter(source=PATH, year_to=2001), [0, 1, 25, 26], id="source-and-year"),
    pytest.param(Filter(source="made_up.jsonl", ids=("paper-3",)), [3], id="file-name"),
    pytest.param(Filter(source="up.jsonl"), [], id="part-of-a-name"),
]


@pytest.mark.parametrize(("chosen", "expected"), FILTERS)
def test_a_filter_narrows_both_searches_before_ranking(made, chosen, expected):
    with Library.open(made) as library:
        allowed = library.allowed(chosen)
        if expected is None:
            assert allowed is None
            return
        assert allowed.dtype == np.int64
        owners = {c.paper_id for c in library.get_chunks(allowed.tolist()).values()}
        assert owners == {f"paper-{n}" for n in expected}
        query = ENCODER.encode_query("glaciers melt")
        assert {i for i, _ in library.search_dense(query, 99, allowed)} == set(allowed.tolist())
        lexical = library.search_lexical("observe the case of measurements", 99, allowed)
        assert {i for i, _ in lexical} == set(allowed.tolist())


def test_info_has_the_public_shape(made):
    with Library.open(made) as library:
        info = library.info().to_dict()
        assert list(info) == [
            "schema", "path", "papers", "titled", "untitled", "without_abstract", "chunks", "generation",
            "embedder", "fingerprint", "bytes",
        ]  # fmt: skip
        assert (info["schema"], info["papers"], info["titled"], info["untitled"]) == (
            "ibid.library/1",
            33,
            33,
            0,
        )
        assert (info["without_abstract"], info["generation"], info["embedder"]) == (1, 1, "hash")
        assert info["chunks"] == library.chunk_count == sum(len(library.chunks(p.id)) for p in PAPERS)
        assert info["bytes"] > 10_000
        json.dumps(info)


def test_the_fingerprint_changes_with_papers_and_embedder_and_with_nothing_else(path, tmp_path):
    def fingerprint(place):
        with Library.open(place) as library:
            return library.fingerprint

    first = fingerprint(path)
    rebuild(path)
    add_readings(path, [reading(replace(PAPERS[3], sources=(Source("/elsewhere", 1, "csv"),)))], ENCODER)
    assert fingerprint(path) == first
    other = tmp_path / "other order"
    add_readings(other, [reading(*PAPERS[::-1])], ENCODER)
    assert fingerprint(other) == first
    add_readings(path, [reading(paper(40))], ENCODER)
    assert fingerprint(path) != first
    remove_papers(path, ["paper-40"])
    assert fingerprint(path) == first
    rebuild(path, HashEncoder(48, "other"))
    assert fingerprint(path) != first


def test_another_embedder_is_refused_with_both_names_and_the_command(made):
    with pytest.raises(
        EmbedderMismatch, match=r"hash \(revision 1, width 48\).*big \(.*width 96\).*ibid index rebuild -L"
    ):
        Library.open(made, HashEncoder(96, "big").id)
    with pytest.raises(EmbedderMismatch):
        Library.open(made, replace(ENCODER.id, revision="2"))
    with pytest.raises(EmbedderMismatch):
        Library.open(made, replace(ENCODER.id, settings="cls pooling"))


def test_an_open_library_serves_what_it_opened_until_it_is_refreshed(path):
    library = Library.open(path)
    assert not library.has_changed() and not library.refresh()
    add_readings(path, [reading(paper(50))], ENCODER)
    assert library.has_changed()
    assert library.search_lexical(word(50), 3) == []
    assert library.refresh() and not library.has_changed()
    assert len(library.search_lexical(word(50), 3)) == 1


def test_a_paper_removed_by_another_process_is_no_ghost(path):
    library = Library.open(path)
    vector = library.vectors([library.chunks("paper-4")[0].id])[0]
    remove_papers(path, ["paper-4"])
    by_word = library.search_lexical(word(4), 3)
    assert "paper-4" not in {c.paper_id for c in library.get_chunks(i for i, _ in by_word).values()}
    found = library.search_dense(vector, 3)
    assert len(found) == 2  # three were nearest, one of them is gone
    assert set(library.get_chunks(i for i, _ in found)) == {i for i, _ in found}


def test_several_threads_search_one_library(made):
    with Library.open(made) as library:
        expected = library.search_lexical(word(9), 3)
        wrong: list[object] = []

        def search():
            for _ in range(30):
                try:
                    found = library.search_lexical(word(9), 3)
                    library.get_chunks(i for i, _ in found)
                    library.search_dense(
                        ENCODER.encode_query("glaciers"), 5, library.allowed(Filter(year_from=2003))
                    )
                    if found != expected:
                        wrong.append(found)
                except Exception as error:
                    wrong.append(error)

        threads = [threading.Thread(target=search) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []


# -- damage


def files_of(path, generation=1):
    folder = path / f"gen-{generation:06d}"
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.endswith(".lock"))


def harm(file, how, seed=0):
    data = bytearray(file.read_bytes())
    rng = np.random.default_rng(seed)
    if how == "bit":
        at = int(rng.integers(len(data)))
        data[at] ^= 1 << int(rng.integers(8))
    elif how == "64 bits":
        for at in rng.integers(len(data), size=64):
            data[int(at)] ^= 1 << int(rng.integers(8))
    elif how == "truncated":
        data = data[: int(rng.integers(len(data)))]
    elif how == "page":
        at = int(rng.integers(len(data)))
        data[at : at + 4096] = bytes(x ^ 0xFF for x in data[at : at + 4096])
    elif how == "empty":
        data = bytearray()
    elif how == "grown":
        data += b"\0" * 10
    file.unlink()  # an index that is still open keeps the file it has mapped
    file.write_bytes(bytes(data))


HARMS = ["bit", "64 bits", "truncated", "page", "empty", "grown"]


@pytest.mark.parametrize("how", HARMS)
def test_damage_to_any_file_of_the_search_index_is_found_before_use(path, how):
    for seed, file in enumerate(files_of(path)):
        whole = file.read_bytes()
        harm(file, how, seed)
        if file.read_bytes() != whole:  # an empty file has no bits to flip
            with pytest.raises(generations.Damaged, match="gen-000001"):
                generations.verified(path, 1)
        file.write_bytes(whole)
    generations.verified(path, 1)


@pytest.mark.parametrize(("how", "at"), zip(HARMS, range(6), strict=True))
def test_a_damaged_search_index_is_repaired_on_opening(path, how, at, caplog):
    harm([f for f in files_of(path) if f.stat().st_size][at], how)
    assert not verify(path).ok
    with Library.open(path) as library:
        assert (len(library), library.info().generation) == (33, 2)
        finds_all(library, 4)
    assert "damaged or behind" in caplog.text
    assert verify(path).ok


def test_swapped_foreign_and_missing_parts_are_repaired(path, tmp_path):
    add_readings(tmp_path / "other", [reading(paper(70))], ENCODER)
    harms = {
        "foreign vectors": lambda g: shutil.copy(tmp_path / "other" / "gen-000001" / "vectors.faiss", g),
        "foreign generation": lambda g: (
            shutil.rmtree(g),
            shutil.copytree(tmp_path / "other" / "gen-000001", g),
        ),
        "no folder": shutil.rmtree,
        "no lexical": lambda g: shutil.rmtree(g / "lexical"),
        "no pointer": lambda g: (path / "CURRENT").unlink(),
        "bad pointer": lambda g: (path / "CURRENT").write_text("gen-000999"),
        "planted pickle": lambda g: (g / "index.pkl").write_bytes(b"cos\nsystem\n(S'touch /tmp/x'\ntR."),
    }
    for harmful in harms.values():
        with Library.open(path) as library:
            current = path / f"gen-{library.info().generation:06d}"
        harmful(current)
        assert not verify(path).ok
        with Library.open(path) as library:
            finds_all(library, 8)
        assert verify(path).ok


def test_a_generation_of_another_library_of_equal_size_does_not_pass(tmp_path):
    for name, n in (("a", 1), ("b", 2)):
        add_readings(tmp_path / name, [reading(paper(n))], ENCODER)
    shutil.rmtree(tmp_path / "a" / "gen-000001")
    shutil.copytree(tmp_path / "b" / "gen-000001", tmp_path / "a" / "gen-000001")
    assert not verify(tmp_path / "a").ok
    with Library.open(tmp_path / "a") as library:
        assert library.search_lexical(word(2), 3) == []
        finds_all(library)


def test_a_catalogue_restored_from_a_backup_gets_an_index_of_its_own(path):
    backup = (path / "catalog.sqlite").read_bytes()
    add_readings(path, [reading(paper(60))], ENCODER)
    (path / "catalog.sqlite").write_bytes(backup)
    with Library.open(path) as library:
        assert library.search_lexical(word(60), 3) == []
        finds_all(library, 8)
    add_readings(path, [reading(paper(61))], ENCODER)
    (path / "CURRENT").unlink()
    with Library.open(path) as library:
        assert library.search_lexical(word(60), 3) == []
        finds_all(library, 8)
    assert verify(path).ok


def test_an_older_pointer_does_not_bring_old_results_back(path):
    add_readings(path, [reading(paper(60))], ENCODER)
    (path / "CURRENT").write_text("gen-000001")
    with Library.open(path) as library:
        assert len(library.search_lexical(word(60), 3)) == 1
    assert verify(path).ok


def test_a_search_index_that_fell_behind_is_brought_up_to_date(path, monkeypatch):
    monkeypatch.setattr(
        "index.build.publish", lambda catalog, anew=False: publish.newest_intact(path, catalog.state())
    )
    add_readings(path, [reading(paper(61), paper(62))], ENCODER)  # killed before it could publish
    monkeypatch.undo()
    assert verify(path).faults == ("search index: generation 1 is behind the catalogue",)
    with Library.open(path) as library:
        finds_all(library, 8)
        assert library.info().generation == 2


def test_while_another_process_writes_the_last_good_state_is_served(path, caplog):
    with Library.open(path) as library:
        expected = library.search_lexical(word(9), 3)
    (path / "CURRENT").unlink()
    with writer_lock(path), Library.open(path) as library:
        assert library.search_lexical(word(9), 3) == expected
        assert library.info().generation == 1
    assert "being written by process" in caplog.text


def test_with_no_index_and_a_writer_at_work_an_index_in_memory_is_served(path, caplog):
    shutil.rmtree(path / "gen-000001")
    with writer_lock(path), Library.open(path) as library:
        finds_all(library, 8)
        assert library.info().generation == 0
    assert "serving an index in memory" in caplog.text


def test_an_index_that_cannot_be_written_is_made_in_memory(path, monkeypatch, caplog):
    shutil.rmtree(path / "gen-000001")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("index.disk.write_file", full)
    with Library.open(path) as library:
        finds_all(library, 8)
    assert "No space left on device" in caplog.text and "papers are safe" in caplog.text
    monkeypatch.undo()
    with Library.open(path) as library:
        assert library.info().generation > 0
    assert not list(path.glob(".tmp-*"))


def test_an_inexact_index_is_rescored_to_exact_cosines(path, monkeypatch):
    monkeypatch.setattr(faiss_store, "FLAT_LIMIT", 10)
    rebuild(path)
    with Library.open(path) as library:
        assert not library._index.store.exact
        finds_all(library, 8)
        query = ENCODER.encode_query("glaciers melt under condition")
        for chunk, score in library.search_dense(query, 5):
            assert score == pytest.approx(float(library.vectors([chunk])[0] @ query), abs=1e-6)
    assert verify(path).ok


def test_missing_library_foreign_folder_and_empty_library(tmp_path):
    with pytest.raises(LibraryError, match="does not exist"):
        Library.open(tmp_path / "none")
    with pytest.raises(LibraryError, match="is no library"):
        Library.open(tmp_path)
    create_library(tmp_path / "empty", ENCODER.id)
    with Library.open(tmp_path / "empty") as library:
        assert (len(library), list(library.papers()), library.info().chunks) == (0, [], 0)
        assert library.search_dense(ENCODER.encode_query("x"), 3) == library.search_lexical("x", 3) == []
    assert verify(tmp_path / "empty").ok
