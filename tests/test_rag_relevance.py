"""What is read off a question, and that judgements point the right way."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import PAPERS, bundled_encoder

from index.sentences import split_sentences
from index.types import Paper
from rag.relevance import Asked, Judge
from rag.sentences import SentenceStore

JUDGE = Judge(lambda stem: 1.0)
STORE = SentenceStore(bundled_encoder())
BY_ID = {p.id: p for p in PAPERS}


def ask(question: str) -> Asked:
    return Asked.of(question, bundled_encoder().encode_query(question))


def fact(question: str, paper: Paper):
    asked = ask(question)
    (sentences,) = STORE.get([paper])
    dense = float(bundled_encoder().encode_query(paper.abstract) @ asked.vector)
    return JUDGE.fact(asked, paper, sentences, dense)


def best(judged, paper: Paper) -> str:
    start, end = split_sentences(paper.abstract)[int(np.argmax(judged.sentences))]
    return paper.abstract[start:end]


@pytest.mark.parametrize(
    ("question", "target", "counted", "unit"),
    [
        ("How many GPU hours did TideNet need?", ("gpu", "hour", "tidenet"), True, "hour"),
        ("What accuracy does it reach?", ("accuracy", "reach"), True, ""),
        ("Which harbours were studied?", ("harbour", "study"), False, ""),
        ("Why does the score fall?", ("scor", "fall"), False, ""),
        ("how many parameters has it", ("parameter",), True, "parameter"),
    ],
)
def test_a_question_says_what_it_asks_for(question, target, counted, unit):
    asked = Asked.of(question, np.zeros(3, np.float32))
    assert (asked.counted, asked.unit) == (counted, unit)
    assert asked.target[: len(target)] == target


def test_the_sentence_that_states_the_figure_scores_highest():
    paper = BY_ID["kelpformer"]
    judged = fact("How many drone images was KelpFormer trained on?", paper)
    assert best(judged, paper).startswith("It was trained on 12,400")
    assert all(0 < s < 1 for s in judged.sentences)


def test_a_stated_fact_is_likelier_answered_than_one_that_is_not_stated():
    paper = BY_ID["kelpformer"]
    stated = fact("How many drone images was KelpFormer trained on?", paper).answered
    assert stated > 2 * fact("How many GPU hours was KelpFormer trained for?", paper).answered
    assert stated > 2 * fact("What licence does KelpFormer have?", paper).answered


def test_a_why_needs_a_reason():
    reason = Paper("a", None, "Cloudy images lower the score because glare hides the canopy.")
    none = Paper("b", None, "Cloudy images lower the score and the glare hides the canopy.")
    question = "Why do cloudy images lower the score?"
    assert fact(question, reason).answered > 1.5 * fact(question, none).answered


def test_a_number_that_the_question_brings_along_is_no_answer():
    echo = Paper("a", None, "In 12 harbours many gulls were seen.")
    answer = Paper("b", None, "In 12 harbours 400 gulls were seen.")
    question = "How many gulls were seen in 12 harbours?"
    assert fact(question, answer).answered > fact(question, echo).answered


def test_a_survey_paper_on_the_subject_is_judged_more_relevant():
    asked = ask("What methods map kelp forests?")
    sets = STORE.get(PAPERS[:7])
    judged = {
        p.id: JUDGE.survey(
            asked, p, s, float(s.vectors.mean(0) @ asked.vector), float(s.title @ asked.vector)
        )
        for p, s in zip(PAPERS[:7], sets, strict=True)
    }
    ranked = sorted(judged, key=lambda i: -judged[i].relevance)
    assert set(ranked[:2]) == {"kelpformer", "brinenet"}
    assert all(0 < j.relevance < 1 and j.best >= j.closeness for j in judged.values())
