"""The kind of a question, follow-ups made to stand alone, joined questions, limits; all made up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import UsageError
from rag.question import (
    LONGEST,
    Kind,
    asks_whether,
    check_question,
    foreign,
    kind_of,
    leans,
    parts,
    standalone,
)

KINDS = {
    Kind.FACT: """
        How many patients were enrolled in the GLIMMER trial?
        how mnay layers does KelpFormer have?
        What accuracy does TideNet reach on the Harbor-5 dataset?
        What is the Dice score of the selective scan network?
        What recall did the sixteen-class gull classifier reach?
        What share of the GLIMMER participants are women?
        Which licence is TideCorpus released under?
        Which model ranks first on Harbor-5?
        Why does BrineNet fail in murky water?
        When was the buoy network deployed?
        Who built the TideCorpus dataset?
        Where was the reef survey carried out?
        How long does training of KelpFormer take?
        How large is TideCorpus?
        By how much does KelpFormer improve over BrineNet?
        What is the mean F1 of TideNet?
        AUROC of TideNet
        accuracy kelp classification
        Under what licence is TideCorpus released and how many images does it hold?
        What AUC did TideNet obtain in the comparison with WaveGAN?
        Combien de patients ont été inclus dans GLIMMER ?
        Wie viele Bilder enthält TideCorpus?
        Warum versagt BrineNet in trübem Wasser?""",
    Kind.SURVEY: """
        What methods exist for segmenting kelp in aerial images?
        What has been done on tide prediction?
        Which datasets are there for reef monitoring?
        Which models were compared for gull counting?
        tide prediction with graph networks
        How are state space models used in oceanography?
        hey, can you tell me what people tried against label noise in sonar data? thx
        what r the main approches to denoise sonar
        How does contrastive learning help with few labels?
        How can the length of a sonar chain be reduced without hurting LLM accuracy?
        How accurately can depth be told from echoes?
        Does exercise reduce the risk of falls?
        Tides in shallow bays: is the error rate also relevant?
        Explain how diffusion models help sonar imaging
        summarise research on seagrass mapping
        What are the limitations of current sonar classifiers?
        Quelles méthodes existent pour segmenter les récifs ?
        Welche Ansätze gibt es zur Vorhersage von Gezeiten?""",
    Kind.COMPARE: """
        How do KelpFormer and BrineNet differ?
        Compare KelpFormer and BrineNet.
        How does KelpFormer compare to BrineNet on Harbor-5?
        What is the difference between TideNet and WaveGAN?
        KelpFormer vs BrineNet: which one is faster?
        Is TideNet better than WaveGAN?
        Do TideNet and KelpFormer both use attention?
        Worin liegt der Unterschied zwischen TideNet und WaveGAN?
        Quelle est la différence entre TideNet et WaveGAN ?""",
    Kind.ITEM: """
        a paper about otters using sonar, what was it called?
        I remember something about seals and drones
        Which paper introduces the Harbor-5 benchmark?
        the paper where they count gulls with a phone
        What was the name of the dataset on jellyfish?""",
}
TABLE = [(q.strip(), kind) for kind, block in KINDS.items() for q in block.strip().splitlines()]


@pytest.mark.parametrize(("question", "kind"), TABLE, ids=[q for q, _ in TABLE])
def test_the_kind_follows_from_the_wording(question, kind):
    assert kind_of(question) is kind


STAND_ALONE = {
    "and": ("And how many images does it have?", ["What is TideCorpus?"], "(TideCorpus)"),
    "pronoun": ("Which datasets do they use?", ["tide tables by hand"], "(tide tables hand)"),
    "what about": ("what about recall?", ["How good is TideNet on Harbor-5?"], "(TideNet Harbor-5)"),
    "a leaning turn reaches back": ("And on Harbor-5?", ["How good is TideNet?", "And recall?"], "(TideNet)"),
    "bare why": ("Why?", ["Does BrineNet fail in murky water?"], "(BrineNet)"),
    "located name is no subject": (
        "Which accuracy on Harbor-5 does it reach?",
        ["Is TideNet good?"],
        "(TideNet)",
    ),
    "next to no subject": ("Which licence?", ["Who made TideCorpus?"], "(TideCorpus)"),
    "French": ("Et combien d'images ?", ["Qu'est-ce que TideCorpus ?"], "(TideCorpus)"),
    "German": ("Und wie viele Bilder?", ["Was ist TideCorpus?"], "(TideCorpus)"),
    "no earlier turn": ("What accuracy does it reach?", [], ""),
    "names of its own": ("How do KelpFormer and BrineNet differ?", ["What is TideNet?"], ""),
    "its own pronoun": ("Who made TideCorpus and how large is it?", ["What is TideNet?"], ""),
    "relative that": ("Is there work that tracks gulls by radar?", ["What is TideNet?"], ""),
    "short but whole": ("What has been done on tide prediction?", ["What is TideNet?"], ""),
    "nothing to add": ("And TideNet?", ["What is TideNet?"], ""),
}


@pytest.mark.parametrize(("question", "turns", "added"), STAND_ALONE.values(), ids=STAND_ALONE.keys())
def test_a_follow_up_takes_the_earlier_subject_along(question, turns, added):
    assert standalone(question, turns) == f"{question} {added}".strip()


@pytest.mark.parametrize(
    ("question", "pieces"),
    [
        ("How many whales, and which species were seen?", ["How many whales", "which species were seen"]),
        ("How many seals and how many gulls were seen?", ["How many seals", "how many gulls were seen"]),
        ("Combien de phoques et combien de goélands ?", ["Combien de phoques", "combien de goélands"]),
        ("How many whales were seen?", []),
        ("Which methods and models exist?", []),
    ],
)
def test_joined_questions_come_apart(question, pieces):
    assert parts(question) == pieces


@pytest.mark.parametrize(
    ("question", "is_foreign"),
    [
        ("Wie viele Bilder enthält das Korpus?", True),
        ("Warum versagt BrineNet?", True),
        ("Combien de récifs ?", True),
        ("Quel est le taux de survie des coraux ?", True),
        ("How many images are in the corpus?", False),
        ("What does die casting cost?", False),
        ("tide prediction", False),
        ("Comment on tide tables", False),
        ("Gezeiten mit hoher Strömung", True),  # one small word, none of English, and an umlaut
        ("préentraînement pour récifs", True),
        ("naïve Bayes for tides", False),
    ],
)
def test_french_and_german_are_known_by_their_small_words(question, is_foreign):
    assert foreign(question) is is_foreign


@pytest.mark.parametrize("question", ["", "   ", "\n\t "])
def test_an_empty_question_is_refused_with_an_example(question):
    with pytest.raises(UsageError, match="empty; ask something, for example"):
        check_question(question)


def test_a_long_question_is_refused_and_the_limit_is_named():
    assert len(check_question("a" * LONGEST)) == 2000
    with pytest.raises(UsageError, match="2,001 characters, more than 2,000"):
        check_question("a" * 2001)


def test_blanks_are_made_one():
    assert check_question("  what\n is   known? ") == "what is known?"


@given(st.text(max_size=300), st.lists(st.text(max_size=60), max_size=3))
def test_any_text_has_a_kind_and_can_be_a_follow_up(question, turns):
    assert kind_of(question) in Kind
    assert standalone(question, turns).startswith(question)
    assert isinstance(leans(question), bool)
    assert isinstance(parts(question), list)


@pytest.mark.parametrize(
    ("question", "whether"),
    [
        ("Does a longer chain of thought help?", True),
        ("Is masking half of an image enough?", True),
        ("Can small models word answers?", True),
        ("Shading of kelp: does it matter?", True),
        ("Shading of kelp: a lasting harm?", True),
        ("Is there a difference between kelp and moss?", True),
        ("Do we need shade?", True),
        ("Are there models for eye tracking?", False),
        ("Is there a dataset of kelp?", False),
        ("Could you tell me what is known of kelp?", False),
        ("How does masking help?", False),
        ("kelp mapping methods", False),
    ],
)
def test_questions_of_yes_or_no_are_told_from_others(question, whether):
    assert asks_whether(question) is whether
