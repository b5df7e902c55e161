"""Keyword search: any question is a query, titles weigh more, filters come before ranking."""

from __future__ import annotations

import numpy as np
import pytest

from index import lexical
from index.errors import LibraryError
from index.lexical import LexicalIndex, Passage

PASSAGES = (
    Passage(1, "Melting glaciers of the north", "Ice is lost in summer and regained in winter."),
    Passage(2, "Ice cores", "A glacier keeps the air of past winters; melting destroys the record."),
    Passage(4, "", "An untitled note on C++ compilers and p-values below 0.001 (p<0.001)."),
    Passage(9, "Enzymes", "TP53 binds: role unknown. Self-attention AND gates OR not."),
)


@pytest.fixture(params=["disk", "memory"])
def index(request, tmp_path):
    made = LexicalIndex.create(tmp_path / "lexical" if request.param == "disk" else None)
    made.update(PASSAGES)
    return made


def found(index, text, k=10, allowed=None):
    return [i for i, _ in index.search(text, k, allowed)]


def test_words_match_by_stem_in_title_and_text_and_the_title_weighs_more(index):
    assert found(index, "glaciers melt") == [1, 2]
    assert found(index, "MELTED glacier") == [1, 2]
    assert found(index, "compiler") == [4]


@pytest.mark.parametrize(
    "question",
    [
        'TP53: role?', "C++ \"unbalanced", "p<0.001 AND (", "(((", "NOT -enzymes +TP53",
        "title:enzymes^9~2 [a TO z]", "a/b\\c {x} * ? ~", "body:", "self-attention", "\x00\x01TP53",
        "\ud800 TP53", "“TP53”—why?",
        "x" * 5000 + " TP53", "TP53 " * 3000,
    ],
)  # fmt: skip
def test_no_question_is_a_syntax_error(index, question):
    index.search(question, 10)
    assert isinstance(index.search(question, 10, np.array([9])), list)


def test_a_score_is_the_sum_over_words_with_the_title_doubled_and_a_repeated_word_counts_once(index):
    words = "glaciers melting in winter"
    parsed, _ = index._index.parse_query_lenient(words, ["title", "body"], field_boosts={"title": 2.0})
    expected = [score for score, _ in index._searcher.search(parsed, 10).hits]
    assert [score for _, score in index.search(words, 10)] == pytest.approx(expected, rel=1e-5)
    assert index.search(f"{words} glaciers", 10) == index.search(words, 10)
    assert index.search("models model", 10) == index.search("model models", 10)


def test_operators_are_plain_words(index):
    assert 9 in found(index, "TP53 AND nothing else")
    assert found(index, "NOT enzymes") == [9]
    assert found(index, "body:enzymes") == [9]


@pytest.mark.parametrize("question", ["", "   ", "?!…", '+-&&||(){}[]^"~*?:\\/', "\U0001f9ec", "___"])
def test_symbols_alone_find_nothing(index, question):
    assert index.search(question, 10) == []


def test_a_filter_narrows_before_ranking_and_leaves_scores_as_they_are(index, monkeypatch):
    free = dict(index.search("melting ice winter", 10))
    assert set(free) == {1, 2}
    for limit in (20_000, 0):  # as a set of terms, and down the whole ranking
        monkeypatch.setattr(lexical, "_TERM_SET_LIMIT", limit)
        only = index.search("melting ice winter", 1, np.array([2, 9, 77]))
        assert [i for i, _ in only] == [2]
        assert only[0][1] == pytest.approx(free[2], abs=1e-6)
        assert index.search("melting ice winter", 5, np.zeros(0, dtype=np.int64)) == []


def test_a_long_walk_down_the_ranking_finds_what_a_set_of_terms_finds(tmp_path, monkeypatch):
    index = LexicalIndex.create(tmp_path / "l")
    index.update(Passage(n, "", "common " * (1 + n % 7) + f"word{n}") for n in range(1, 400))
    allowed = np.array([3, 77, 150, 398])
    by_terms = index.search("common", 3, allowed)
    monkeypatch.setattr(lexical, "_TERM_SET_LIMIT", 0)
    assert index.search("common", 3, allowed) == by_terms
    assert len(by_terms) == 3


def test_bm25_scores_are_the_textbook_values():
    index = LexicalIndex.create()
    index.update(
        [Passage(1, "", "apple pear"), Passage(2, "", "apple apple plum fig"), Passage(3, "", "kiwi")]
    )
    idf = np.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    mean = 7 / 3

    def bm25(tf, length):
        return idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / mean))

    scores = dict(index.search("apple", 5))
    assert scores == pytest.approx({1: bm25(1, 2), 2: bm25(2, 4)}, rel=1e-5)


def test_removed_chunks_are_not_found_and_others_stay(index):
    index.update([Passage(12, "Tides", "Melting ice raises tides.")], removed=[2, 4])
    assert index.ids().tolist() == [1, 9, 12]
    assert len(index) == 3
    assert found(index, "melting") == [1, 12]


def test_an_index_on_disk_opens_again(tmp_path):
    LexicalIndex.create(tmp_path / "l").update(PASSAGES)
    again = LexicalIndex.open(tmp_path / "l")
    assert again.ids().tolist() == [1, 2, 4, 9]
    assert found(again, "glaciers") == [1, 2]


def test_an_empty_index_finds_nothing(tmp_path):
    index = LexicalIndex.create(tmp_path / "l")
    index.update([])
    assert LexicalIndex.open(tmp_path / "l").search("anything", 3) == []
    assert LexicalIndex.open(tmp_path / "l").ids().tolist() == []


def test_a_folder_that_is_no_index_is_refused(tmp_path):
    with pytest.raises(LibraryError, match="no keyword index"):
        LexicalIndex.open(tmp_path)


def test_frequency_counts_chunks_by_stem(index):
    counts = [index.frequency(word) for word in ("melting", "glacier", "winter", "enzymes", "absent", "?")]
    assert counts == [2, 2, 2, 1, 0, 0]
