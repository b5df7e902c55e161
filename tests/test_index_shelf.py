"""The shelf: every word asked for begins a word of the paper; filters, orders and counts are exact."""

import pytest

from index.shelf import ABSTRACTS, Order, Shelf, Wanted, folded
from index.types import Paper, Source

PAPERS = [
    Paper("a", "Zebra stripes", "They confuse flies.", authors=("Müller, Ida",), year=2001,
          venue="Zoo Letters", sources=(Source("/x/old.bib", 1, "bibtex"),)),
    Paper("b", "A heart of moss", "Moss grows on stones.", authors=("Tom Adams",), year=2020,
          doi="10.5555/moss.7", sources=(Source("/x/new.ris", 1, "ris"), Source("/y/old.bib", 9, "bibtex"))),
    Paper("c", None, "Untitled words on art.", keywords=("state-space",)),
    Paper("d", "地下水の研究", "水の流れ", year=2010, authors=("Brandt, Jo",)),
]  # fmt: skip


@pytest.fixture(scope="module")
def shelf():
    return Shelf(enumerate(PAPERS, start=1), len(PAPERS))


def found(shelf, words="", **more):
    return [row.id for row in shelf.find(Wanted(words, **more))]


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("", ["d", "c", "b", "a"]),
        ("muller", ["a"]),
        ("MÜLLER zebra", ["a"]),
        ("muller moss", []),
        ("art", ["c"]),  # begins a word: not that of "heart"
        ("hear", ["b"]),
        ('"moss grows"', ["b"]),
        ('"grows moss"', []),
        ("10.5555/moss.7", ["b"]),
        ("state-space", ["c"]),
        ("2020 adams", ["b"]),
        ("水", ["d"]),
        ("!!", ["d", "c", "b", "a"]),
        ('"', ["d", "c", "b", "a"]),
    ],
)
def test_every_word_begins_a_word_of_the_paper(shelf, words, ids):
    assert found(shelf, words) == ids


def test_years_leave_out_papers_without_one(shelf):
    assert found(shelf, year_from=2005) == ["d", "b"]
    assert found(shelf, year_to=2010) == ["d", "a"]
    assert found(shelf, year_from=2002, year_to=2019) == ["d"]


def test_a_file_is_one_name_with_a_count(shelf):
    assert shelf.sources() == [("new.ris", 1), ("old.bib", 2)]
    assert found(shelf, source="old.bib") == ["b", "a"]


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        (Order.ADDED, ["d", "c", "b", "a"]),
        (Order.NEWEST, ["b", "d", "a", "c"]),
        (Order.OLDEST, ["a", "d", "b", "c"]),
        (Order.TITLE, ["b", "c", "a", "d"]),
        (Order.AUTHOR, ["b", "d", "a", "c"]),
    ],
)
def test_orders_put_what_is_not_known_last(shelf, order, ids):
    assert found(shelf, order=order) == ids


def test_rows_are_found_by_number_each_once(shelf):
    assert [row.id for row in shelf.rows([2, 4, 2, 99])] == ["d", "b"]


def test_a_very_large_library_is_searched_without_its_abstracts():
    large = Shelf(enumerate(PAPERS, start=1), ABSTRACTS + 1)
    assert not large.abstracts
    assert found(large, "grows") == [] and found(large, "heart") == ["b"]


def test_folding_keeps_words_only():
    assert folded(r"The \textbf{Café}-owner's p<0.05") == " the cafe owner s p 0 05"
