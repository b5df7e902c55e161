"""Third person, names of papers, tidy drafts, clumsy sentences."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Paper
from rag.wording import clumsy, short_name, third_person, tidy_draft, with_subject

THIRD = [
    ("To this end, we propose TideNet.", "The authors propose TideNet."),
    (
        "In this paper, we show that our model beats theirs.",
        "The authors show that their model beats theirs.",
    ),
    ("In this work we introduce TideNet.", "The authors introduce TideNet."),
    ("Here we present TideNet.", "The authors present TideNet."),
    ("We find that we cannot.", "The authors find that they cannot."),
    (
        "We propose TideNet, and we test it; ours is best.",
        "The authors propose TideNet, and they test it; theirs is best.",
    ),
    ("We've shown it and we're sure.", "The authors have shown it and they are sure."),
    ("Results: We found 3 of 4.", "The authors found 3 of 4."),
    ("CONCLUSIONS. Our own data is ours.", "Their own data is theirs."),
    ("Materials and Methods: Tides were read.", "Tides were read."),
    ("However, tides rise.", "Tides rise."),
    ("Moreover, specifically, we test tides.", "The authors test tides."),
    ("To address these challenges, tides are read.", "Tides are read."),
    ("To bridge this critical gap, we read tides.", "The authors read tides."),
    ("To achieve this, tides are read.", "Tides are read."),
    ("In this context, we read tides.", "The authors read tides."),
    ("Using these tide tables, we sail at dawn.", "The authors sail at dawn."),
    ("For example, in contrast, tides rise.", "Tides rise."),
    ("To sail this sea is hard, they say.", "To sail this sea is hard, they say."),
    ("xTide reads harbours.", "xTide reads harbours."),
    ("Our method lets us see.", "Their method lets them see."),
    ("US patients and the U.S. Navy.", "US patients and the U.S. Navy."),
    ("Owed to weather, we fail.", "Owed to weather, the authors fail."),
    ("Tides rise.", "Tides rise."),
    ("", ""),
]


@pytest.mark.parametrize(("text", "told"), THIRD, ids=[t for t, _ in THIRD])
def test_an_authors_sentence_becomes_one_about_the_authors(text, told):
    assert third_person(text) == told


@given(st.text(max_size=120))
def test_no_first_person_plural_is_left(text):
    told = third_person(text)
    assert not re.search(r"\b(?:we|our|ours|ourselves)\b", told, re.IGNORECASE)


NAMES = [
    ("MEDUSA: Multi-scale tides", "MEDUSA"),
    ("TideNet - a network for harbours", "TideNet"),
    ("U-Net", "U-Net"),
    ("3D TideNet", "3D TideNet"),
    ("Tide Anything Model 2: bigger", "Tide Anything Model 2"),
    (r"\textbf{TideNet}: a network", "TideNet"),
    ("TideNet v2: a network", "TideNet v2"),
    ("Deep learning for tides", None),
    ("Tides", None),
    ("A Survey: of tides", None),
    ("Rethinking MRI: new views", None),
    ("Why AI?: a comment", None),
    ("GPT-4 in Medicine: a review", None),
    ("LLMs: a review", None),
    ("Show, Don't TELL: of texts", None),
    ("State of the art in AI research today: a view", None),
    (None, None),
]


@pytest.mark.parametrize(("title", "name"), NAMES, ids=[str(t) for t, _ in NAMES])
def test_the_short_name_is_what_the_title_calls_its_subject(title, name):
    assert short_name(Paper("p", title, "Abstract.")) == name


@pytest.mark.parametrize(
    ("text", "led"),
    [
        ("The authors propose a network.", "TideNet: the authors propose a network."),
        ("BrineNet loses.", "TideNet: BrineNet loses."),
        ("TideNet is good.", "TideNet is good."),
        ("A tidenet is good.", "A tidenet is good."),
        ("TideNetwork is good.", "TideNet: TideNetwork is good."),
    ],
)
def test_a_sentence_without_the_papers_name_is_led_by_it(text, led):
    assert with_subject(text, Paper("p", "TideNet: a network", "Abstract.")) == led


def test_a_paper_without_a_short_name_leads_nothing():
    assert with_subject("Tides rise.", Paper("p", "On tides", "Abstract.")) == "Tides rise."


@pytest.mark.parametrize(
    ("draft", "tidy"),
    [
        ("- Answer: We propose a net", "The authors propose a net."),
        ("* **Tides** rise", "Tides rise."),
        ("1. tides rise.", "Tides rise."),
        ("summary: tides\n\n rise!", "Tides rise!"),
        ("tides rise?", "Tides rise?"),
        ("  \n ", ""),
        ("", ""),
    ],
)
def test_a_draft_is_made_one_clean_line(draft, tidy):
    assert tidy_draft(draft) == tidy


CLUMSY = {
    "too short": "One two three four.",
    "too long": " ".join(f"word{n}" for n in range(71)),
    "cut off in brackets": "A network for tides (in harbours and at sea.",
    "a word twice": "A very very good network for tides.",
    "three words twice in a row": "The tide is high the tide is high in harbours.",
    "a phrase three times": "the tide model sees the tide model and, the tide model says, tides rise",
    "five words twice": "It reads the tides of all harbours and writes the tides of all harbours.",
}


@pytest.mark.parametrize("text", CLUMSY.values(), ids=CLUMSY.keys())
def test_clumsy_sentences_are_known(text):
    assert clumsy(text)


@pytest.mark.parametrize(
    "text",
    [
        "TideNet reaches 81.4% on Harbor-5 and 86.9% on Harbor-7 with 13.3K parameters.",
        "It annotates flood risk, risk factors and protective factors.",
        "Registration is 3D/3D on harbour scans and 3.5 3.5 elsewhere.",
        "Few-shot prompting fails, while few-shot prompting plus decoding works.",
    ],
)
def test_parallel_phrases_and_figures_are_not_clumsy(text):
    assert not clumsy(text)
