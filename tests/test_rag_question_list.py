"""Lists of questions taken apart; wrapped questions and double questions stay one; all made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UsageError
from rag.question_list import LONGEST, MOST, questions_in

TWO = ["How are tides forecast?", "What is KelpFormer?"]


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        ("How are tides forecast?\nWhat is KelpFormer?", TWO),
        ("1. How are tides forecast?\n2. What is KelpFormer?", TWO),
        ("1) How are tides forecast?\r\n\r\n  2) What is KelpFormer?\n", TWO),
        ("Please answer these:\n- How are tides forecast?\n- What is KelpFormer?", TWO),
        ("1. How are tides forecast? 2. What is KelpFormer?", TWO),
        ("Answer: 1. How are tides forecast? 2. What is KelpFormer?", TWO),
        ("(1) How are tides forecast? (2) What is KelpFormer?", TWO),
        ("Q1: How are tides forecast?\nQ2: What is KelpFormer?", TWO),
        ("1. tide forecasts\n2. kelp maps", ["tide forecasts", "kelp maps"]),
        (
            "What is a tide? What is kelp? What is a gull?",
            ["What is a tide?", "What is kelp?", "What is a gull?"],
        ),
    ],
)
def test_a_list_is_taken_apart(text, questions):
    assert questions_in(text) == questions


@pytest.mark.parametrize(
    "text",
    [
        "How are tides forecast?",
        "How are tides\nforecast in harbours\nwithout gauges?",
        "What is a tide? And how is it forecast?",
        "How many images, and from 1. which sites, 2. which years?",
        "Compare 1) TideNet and 2) WaveGAN",
        "Does version 2. of KelpFormer beat version 1. of BrineNet?",
        "In 1998. How were tides forecast?",
    ],
)
def test_what_is_one_question_stays_one(text):
    assert questions_in(text) == [" ".join(text.split())]


def test_questions_beyond_the_first_are_kept_to_be_named():
    text = "\n".join(f"{n}. How are tides forecast in harbour {n}?" for n in range(1, 31))
    found = questions_in(text)
    assert len(found) == 30 > MOST
    assert found[29] == "How are tides forecast in harbour 30?"


@pytest.mark.parametrize(
    "text", ["", " \n ", "why " * 600, "What?\n" + "why " * 600 + "?", "What is kelp?\n" * LONGEST]
)
def test_nothing_and_too_much_is_wrong_usage(text):
    with pytest.raises(UsageError):
        questions_in(text)


@given(st.text(min_size=1, max_size=200).filter(str.strip))
def test_any_text_gives_at_least_one_trimmed_question(text):
    for question in questions_in(text):
        assert question == " ".join(question.split()) != ""
