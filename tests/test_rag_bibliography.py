"""Citation keys: stable, plain, and made of what the record has."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Paper
from rag.bibliography import citation_key

CASES = {
    "surname, word, year": (
        {"authors": ("Ida Holm", "Piet Vermeer"), "title": "The tides of fjords", "year": 2021},
        "holm_tides_2021",
    ),
    "family name first": (
        {"authors": ("van Loon, Eva",), "title": "On Reefs", "year": 2020},
        "vanloon_reefs_2020",
    ),
    "accents go": (
        {"authors": ("Zoë Müller-Åström",), "title": "Été", "year": 1999},
        "muller-astrom_ete_1999",
    ),
    "no year": ({"authors": ("Ida Holm",), "title": "Tides"}, "holm_tides"),
    "no author": ({"title": "A Survey of Kelp", "year": 2024}, "survey_2024"),
    "no title": ({"authors": ("Ida Holm",), "year": 2024}, "holm_2024"),
    "neither": ({"year": 2024}, "papera1"),
    "own key": ({"key": "Holm2021Tides", "authors": ("X Y",)}, "holm2021tides"),
    "own key with odd signs": ({"key": "DBLP:conf/abc/Holm:21"}, "dblpconfabcholm21"),
    "own key of odd signs only": ({"key": "::/"}, "papera1"),
    "LaTeX title": ({"title": r"\textbf{TideNet}: a net", "year": 2022}, "tidenet_2022"),
    "blank author": ({"authors": ("  ",), "title": "Tides"}, "tides"),
}


@pytest.mark.parametrize(("fields", "key"), CASES.values(), ids=CASES.keys())
def test_keys_are_surname_word_year(fields, key):
    paper = Paper("paper:A1", fields.pop("title", None), "An abstract.", **fields)
    assert citation_key(paper) == key


@given(
    st.text(max_size=20),
    st.lists(st.text(max_size=12), max_size=2),
    st.one_of(st.none(), st.text(max_size=12)),
)
def test_keys_hold_only_plain_signs_and_do_not_change(title, authors, key):
    paper = Paper("id-7", title, "Abstract.", authors=tuple(authors), year=2020, key=key)
    made = citation_key(paper)
    assert re.fullmatch(r"[a-z0-9_-]+", made)
    assert citation_key(paper) == made
