"""Stems, numbers with units, and names, against values worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.terms import content_stems, names, numbers, plain_name, stem, tokens, words

NUMBERS = {
    "12.5% and 3 points": [(12.5, "%"), (3, "points")],
    "3.1 percentage points": [(3.1, "%")],
    "96.3 % of 30": [(96.3, "%"), (30, "")],
    "167k, 167,000 and 167 000": [(167000, ""), (167000, ""), (167000, "")],
    "1.5 million or 2.5B": [(1.5e6, ""), (2.5e9, "")],
    "eight of nine": [(8, ""), (9, "")],
    "twenty-one reefs": [(20, "")],
    "threefold, 3-fold, 3x and 3 times": [(3, "x"), (3, "x"), (3, "x"), (3, "x")],
    "4 hours, 240 minutes, a 2-hour run": [(4, "hours"), (240, "minutes"), (2, "hours")],
    "7.3 and 5.6%": [(7.3, "%"), (5.6, "%")],
    "50–60%": [(50, "%"), (60, "%")],
    "2 to 3 hours": [(2, "hours"), (3, "hours")],
    "by %6.80": [(6.8, "%")],
    "at 3T and 0.064 T": [(3, "t"), (0.064, "t")],
    "0.91 ± 0.02": [(0.91, ""), (0.02, "")],
    "-3.2 dB at 5 mm": [(3.2, "db"), (5, "mm")],
    "the 5th and the second": [(5, ""), (2, "")],
    "in 2023": [(2023, "")],
    "GPT-4, T2 and COVID-19": [],
    "one first": [],
    "": [],
}


@pytest.mark.parametrize(("text", "found"), NUMBERS.items(), ids=NUMBERS.keys())
def test_numbers_are_read_with_scale_and_unit(text, found):
    assert [(n.value, n.unit) for n in numbers(text)] == found


@given(st.text(max_size=80))
def test_numbers_say_where_they_stand(text):
    last = 0
    for number in numbers(text):
        assert last <= number.start < number.end <= len(text)
        assert any(c.isalnum() for c in text[number.start : number.end])
        last = number.start


STEMS = {
    "studies": "study", "studied": "study", "classes": "class", "mapped": "map", "cutting": "cut",
    "running": "run", "images": "imag", "image": "imag", "genes": "gen", "gene": "gen", "rates": "rat",
    "rate": "rat", "based": "bas", "base": "bas", "networks": "network", "losses": "loss",
    "falling": "fall", "bus": "bus", "analysis": "analysis", "Nadar's": "nadar", "need": "need",
    "was": "was",
}  # fmt: skip


@pytest.mark.parametrize(("word", "root"), STEMS.items(), ids=STEMS.keys())
def test_only_inflection_is_taken_off(word, root):
    assert stem(word) == root


def test_words_of_one_family_but_other_meaning_stay_apart():
    assert stem("inference") != stem("infer")
    assert stem("improvement") != stem("improve")


def test_content_stems_leave_small_words_out_and_part_hyphens():
    text = "The graph-based networks are what we use for harbour tides"
    assert content_stems(text) == ["graph", "bas", "network", "harbour", "tid"]
    assert [text[t.start : t.end] for t in tokens(text)] == ["graph", "based", "networks", "harbour", "tides"]


def test_words_are_lower_case_with_accents_and_one_kind_of_hyphen():
    assert words("Été, non‑linear O’Brien 42") == ["été", "non-linear", "o'brien"]


NAMES = {
    "We test TideNet and GPT-4 on Harbor-5.": {"tidenet", "gpt-4", "harbor-5"},
    "Networks of the North Sea": {"north", "sea"},
    "TideNet wins.": {"tidenet"},
    "Networks win.": set(),
    "It uses T³ and T^3": {"t3"},
    "for β_0 errors": {"β0"},
    "p<0.05, 22K of 141M-parameter, 2–4x at 2.93°C": set(),
    "a 3D-UNet": {"3d-unet"},
    "TideNet's LLM/RAG (U-Net)": {"tidenet", "llm", "rag", "u-net"},
    "on **MEDUSA** and “ViT”": {"medusa", "vit"},
}


@pytest.mark.parametrize(("text", "found"), NAMES.items(), ids=NAMES.keys())
def test_names_have_capitals_or_digits_inside_or_stand_capitalised(text, found):
    assert names(text) == found


def test_plain_names_undo_superscripts_and_signs():
    assert plain_name("RAR², $\\beta_0$ and T^3") == "rar2, beta0 and t3"
