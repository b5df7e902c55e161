"""The catalogue: what is committed stays, what is deleted is gone, what is damaged is named."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest
from index_fixtures import ENCODER, long_paper, paper

from index.catalog import Catalog
from index.database import CATALOG_FILE
from index.edits import Span, editing, encode_vectors
from index.errors import LibraryError
from index.records import from_json, storable, text_hash, to_json
from index.types import Paper, Source

WIDTH = ENCODER.id.width


def vector(n: int = 0) -> bytes:
    return encode_vectors(np.eye(WIDTH, dtype=np.float32)[n : n + 1], WIDTH)[0]


def span(start: int, end: int, text: str) -> Span:
    return Span(start, end, text_hash(text))


@pytest.fixture
def catalog(tmp_path):
    made = Catalog.create(tmp_path, ENCODER.id, "chunker/1")
    yield made
    made.close()


def put(catalog, one: Paper, *spans: Span) -> None:
    with editing(catalog) as edit:
        edit.put(one, [f"id:{one.id}"], spans, {s.hash: vector(i) for i, s in enumerate(spans)})


def test_a_paper_comes_back_as_it_was(catalog):
    full = Paper(
        "10.1000/x", "Títle", "Ab\x00stract\n", ("A. Bö", "C"), 1999, "Aug 20", "V",
        "10.1000/x", "1", "2", "u", "k",
        True, (Source("/a", 1, "csv"), Source("/b", 9, "json")), {"mesh": ["x", "y"], "n": 1},
    )  # fmt: skip
    bare = Paper("b", None, "Text alone.")
    for one in (full, bare):
        put(catalog, one, span(0, 3, one.abstract))
    assert catalog.paper("10.1000/x") == full
    assert list(catalog.papers()) == [full, bare]
    assert catalog.papers_by_id(["b", "absent"]) == {"b": bare}


def test_years_narrow_the_papers_and_unknown_years_meet_no_bound(catalog):
    for n, year in enumerate([1990, None, 2000, 2010]):
        put(catalog, paper(n, year=year))
    ids = lambda *years: [p.id for p in catalog.papers(*years)]  # noqa: E731
    assert ids() == ["paper-0", "paper-1", "paper-2", "paper-3"]
    assert ids(1990, 2000) == ["paper-0", "paper-2"]
    assert ids(2000) == ["paper-2", "paper-3"]
    assert ids(None, 1990) == ["paper-0"]


def test_chunks_have_the_text_of_their_span(catalog):
    put(catalog, paper(1, abstract="One two. Three four."), span(0, 8, "a"), span(9, 20, "b"))
    chunks = catalog.chunks([1, 2, 3])
    assert {i: c.text for i, c in chunks.items()} == {1: "One two.", 2: "Three four."}
    assert [c.paper_id for c in chunks.values()] == ["paper-1", "paper-1"]
    np.testing.assert_array_equal(catalog.vectors([2, 1])[2], np.eye(WIDTH)[1])


def test_unchanged_chunks_keep_id_and_vector_and_changed_ones_get_new_ids(catalog):
    one = paper(1, abstract="One two. Three four.")
    put(catalog, one, span(0, 8, "a"), span(9, 20, "b"))
    with editing(catalog) as edit:  # "a" has moved, "b" went, "c" came
        edit.put(one, [], [span(2, 8, "a"), span(9, 19, "c")], {text_hash("c"): vector(5)})
    assert [(c.id, c.start, c.end) for c in catalog.chunks_of("paper-1")] == [(1, 2, 8), (3, 9, 19)]
    added, removed, purged = catalog.changes_since(1)
    assert (added.tolist(), removed.tolist(), purged) == ([3], [2], False)
    assert catalog.state().txn == 2


def test_a_chunk_id_is_never_used_twice(catalog):
    put(catalog, paper(1), span(0, 5, "a"))
    with editing(catalog) as edit:
        edit.remove("paper-1")
    put(catalog, paper(2), span(0, 5, "b"))
    assert catalog.chunk_ids().tolist() == [2]
    assert catalog.state().purged == 2


def test_an_edit_that_fails_leaves_nothing_behind(catalog):
    put(catalog, paper(1), span(0, 5, "a"))
    before = catalog.state()
    with pytest.raises(RuntimeError), editing(catalog) as edit:
        edit.remove("paper-1")
        raise RuntimeError
    assert catalog.state() == before
    assert catalog.paper("paper-1")


def test_a_new_source_alone_is_an_edit_but_no_new_transaction(catalog):
    put(catalog, paper(1), span(0, 5, "a"))
    more = paper(1, sources=(Source("/other", 3, "csv"),))
    put(catalog, more, span(0, 5, "a"))
    state = catalog.state()
    assert (state.txn, state.edits) == (1, 2)
    assert [s.path for s in catalog.paper("paper-1").sources] == ["/papers/made_up.jsonl", "/other"]


def test_keys_and_ids_find_papers(catalog):
    with editing(catalog) as edit:
        edit.put(paper(1), ["doi:1", "t:shared"], [], {})
        edit.put(paper(2), ["t:shared"], [], {})
    assert [p.id for p in catalog.sharing(["t:shared"])] == ["paper-1", "paper-2"]
    assert [p.id for p in catalog.sharing(["doi:1", "id:paper-2", "x"])] == ["paper-1", "paper-2"]
    assert catalog.sharing([]) == []


def test_an_unknown_paper_names_the_nearest(catalog):
    put(catalog, paper(1))
    with pytest.raises(LibraryError, match=r"no paper 'paper-l'.*nearest: paper-1"):
        catalog.paper("paper-l")
    with pytest.raises(LibraryError, match="ibid index list"):
        catalog.paper("%%%")


def test_records_survive_the_round_trip_and_lone_surrogates_are_replaced_one_for_one():
    one = long_paper(3)
    assert from_json(to_json(one), one.sources) == one
    broken = Paper("x", "t\ud800", "a\udfffb", ("n\ud801",), extra={"k": ["\udc00"]})
    mended = storable(broken)
    assert (mended.title, mended.abstract, mended.authors) == ("t\ufffd", "a\ufffdb", ("n\ufffd",))
    assert storable(one) is one


BAD_VECTORS = [
    pytest.param(np.ones((1, 7)), "width 7, the library holds width 48", id="width"),
    pytest.param(np.full((1, WIDTH), np.nan), "length", id="nan"),
    pytest.param(np.full((1, WIDTH), np.inf), "length", id="inf"),
    pytest.param(np.zeros((1, WIDTH)), "length", id="zero"),
]


@pytest.mark.parametrize(("bad", "message"), BAD_VECTORS)
def test_vectors_that_cannot_be_searched_are_refused(bad, message):
    with pytest.raises(LibraryError, match=message):
        encode_vectors(bad.astype(np.float32), WIDTH)


def test_the_file_is_set_up_for_safety(catalog):
    setting = lambda name: catalog.rows(f"PRAGMA {name}")[0][0]  # noqa: E731
    assert setting("journal_mode") == "truncate"
    assert setting("synchronous") == 2
    assert setting("foreign_keys") == 1
    assert setting("secure_delete") == 1


def damage(data: bytearray, how: str) -> bytearray:
    if how == "truncated":
        return data[: len(data) // 2 + 100]
    if how == "zeroed page":
        data[4096:8192] = bytes(4096)
    if how == "foreign":
        return bytearray(b"this is no database " * 500)
    if how == "header":
        data[0:16] = b"x" * 16
    return data


@pytest.mark.parametrize("how", ["truncated", "zeroed page", "foreign", "header"])
def test_a_damaged_file_is_an_error_that_says_what_to_do(tmp_path, how):
    catalog = Catalog.create(tmp_path, ENCODER.id, "c")
    for n in range(40):
        put(catalog, paper(n), span(0, 5, str(n)))
    catalog.close()
    file = tmp_path / CATALOG_FILE
    file.write_bytes(damage(bytearray(file.read_bytes()), how))
    with pytest.raises(LibraryError, match=r"catalog.sqlite is damaged .*backup.*ibid index add"):
        Catalog.open(tmp_path)


def test_a_changed_vector_is_noticed(catalog):
    put(catalog, paper(1), span(0, 5, "a"))
    raw = sqlite3.connect(catalog.library / CATALOG_FILE)
    raw.execute("UPDATE chunks SET vector = ?", (vector(7),))
    raw.commit()
    raw.close()
    with pytest.raises(LibraryError, match="the vector of chunk 1 has changed"):
        catalog.vectors([1])


def test_another_schema_is_refused_with_both_numbers(catalog):
    with catalog.transaction() as connection:
        connection.execute("UPDATE meta SET value = '7' WHERE key = 'schema'")
    with pytest.raises(LibraryError, match="schema 7, this Ibid reads 1"):
        Catalog.open(catalog.library)


def test_a_missing_library_names_the_command_that_makes_one(tmp_path):
    with pytest.raises(LibraryError, match=r"does not exist.*ibid index add PATH -L"):
        Catalog.open(tmp_path / "nowhere")
    with pytest.raises(LibraryError, match="is no library"):
        Catalog.open(tmp_path)
    (tmp_path / CATALOG_FILE).touch()  # what an interrupted creation leaves
    with pytest.raises(LibraryError, match="is no library"):
        Catalog.open(tmp_path)


def test_a_full_disk_is_reported_and_leaves_the_catalogue_as_it_was(catalog):
    put(catalog, paper(1), span(0, 5, "a"))
    before = catalog.state()
    pages = catalog.rows("PRAGMA page_count")[0][0]
    catalog.rows(f"PRAGMA max_page_count={pages}")
    with pytest.raises(LibraryError, match="full; free space"), editing(catalog) as edit:
        for n in range(2, 200):
            edit.put(paper(n), [], [], {})
    assert catalog.state() == before
