"""What papers say to a question of yes or no: one paper's leaning, and the balance of several."""

from __future__ import annotations

import pytest

from index.types import Paper, Scores
from rag import balance
from rag.cross_encoder import CrossReading
from rag.decision import FEATURES, Leaning, features, leaning, opposed
from rag.decision_weights import WEIGHTS
from rag.plan import Plan
from rag.question import Kind
from rag.strategies.explain import agreeing_first, agreement, consensus, is_claim
from rag.terms import content_stems
from rag.types import Decision, Evidence, Origin, Sentence, Verdict

YES, NO, OPEN = Leaning(0.8, 0.15, 0.05), Leaning(0.1, 0.8, 0.1), Leaning(0.3, 0.2, 0.5)
WEAK = Leaning(0.55, 0.4, 0.05)
QUESTION = "Does shade slow the growth of kelp?"
BEGINS = ["Kelp grows along cold coasts.", "We grew kelp in shade and in light."]


def said(*late: str, supports: float = 0.4, refutes: float = 0.4) -> Leaning:
    """What an abstract with these last sentences says, where the cross-encoder cannot tell."""
    texts = [*BEGINS, *late]
    read = CrossReading(supports, refutes, 0.2, 0.5, 0.0, (), (), ())
    held = [frozenset(content_stems(t)) for t in texts]
    return leaning(features(QUESTION, frozenset(content_stems(QUESTION)), texts, held, read))


def evidence(number: int, rerank: float = 0.0) -> Evidence:
    text = f"Kelp {number} grew slowly."
    paper = Paper(f"p{number}", f"Kelp {number}", text)
    return Evidence(number, paper, (Sentence(text, 0, len(text), 1.0),), Scores(rerank=rerank))


def opened(*leanings: Leaning) -> str:
    numbered = dict(enumerate(leanings, 1))
    statement = balance.opening([evidence(n) for n in numbered], numbered)
    assert statement is not None
    assert statement.citations == tuple(numbered)
    sure = all(leaning.sure for leaning in leanings)
    assert statement.verdict is (Verdict.SUPPORTED if sure else Verdict.PARTLY)
    assert statement.origin is Origin.COMPOSED
    return statement.text


def test_every_feature_has_a_weight():
    assert set(WEIGHTS) == {"bias", *FEATURES}


def test_a_finding_says_yes_and_a_null_finding_no():
    found = said(
        "Kelp in shade showed significantly reduced growth.", "Shade is associated with lower growth."
    )
    null = said(
        "There was no significant difference in growth of kelp (p = 0.43).", "Shade did not slow kelp."
    )
    assert found.decision is Decision.YES and null.decision is Decision.NO
    assert found.yes + found.no + found.maybe == pytest.approx(1)


def test_what_the_cross_encoder_reads_moves_the_leaning():
    text = "Kelp grew in both tanks."
    assert said(text, supports=0.9, refutes=0.05).yes > said(text, supports=0.05, refutes=0.9).yes


def test_what_an_abstract_begins_with_decides_nothing():
    texts = [
        "Shade never slows kelp, some say, with no effect.",
        "Kelp was grown.",
        "Growth was lower in shade.",
    ]
    held = [frozenset(content_stems(t)) for t in texts]
    read = CrossReading(0.4, 0.4, 0.2, 0.5, 0.0, (), (), ())
    row = dict(
        zip(FEATURES, features(QUESTION, frozenset(content_stems(QUESTION)), texts, held, read), strict=True)
    )
    assert row["denies"] == 0 and row["finds"] > 0.5


@pytest.mark.parametrize(
    ("asked", "said", "is_opposed"),
    [
        ("Are longer chains of kelp more reliable?", "Shorter chains were more reliable.", True),
        ("Are longer chains of kelp more reliable?", "Longer chains were more reliable than shorter.", False),
        ("Are longer chains of kelp more reliable?", "Shorter otters swim.", False),  # of another thing
        ("Are guidelines for kelp sufficient?", "Guidelines for kelp appear insufficient.", True),
        ("Does shade reduce growth of kelp?", "Shade increased the decline of kelp.", False),  # verbs
        ("Are longer chains safe?", "Shorter chains are unsafe.", False),  # turned round twice
    ],
)
def test_a_sentence_may_say_the_contrary_in_the_questions_own_words(asked, said, is_opposed):
    assert opposed(frozenset(content_stems(asked)), frozenset(content_stems(said))) is is_opposed
    assert YES.turned == Leaning(0.15, 0.8, 0.05)


def test_as_likely_a_yes_as_a_no_leaves_it_open():
    assert Leaning(0.45, 0.45, 0.1).decision is Decision.MAYBE
    assert Leaning(0.46, 0.45, 0.09).decision is Decision.YES
    assert OPEN.decision is Decision.MAYBE
    assert WEAK.decision is Decision.YES and not WEAK.sure and YES.sure


@pytest.mark.parametrize(
    ("leanings", "text"),
    [
        ([YES], "One paper was found that speaks to this question; it reads as a yes."),
        ([WEAK], "One paper was found that speaks to this question; it leans towards yes."),
        ([OPEN], "One paper was found that speaks to this question; it leaves it open."),
        ([NO, NO], "Both papers found to speak to this question read as a no."),
        ([YES] * 3, "All three papers found to speak to this question read as a yes."),
        (
            [YES, YES, NO],
            "Of the three papers found to speak to this question, two read as a yes and one reads as a no.",
        ),
        (
            [YES, WEAK, NO, OPEN],
            "Of the four papers found to speak to this question, one reads as a yes, one leans towards yes, "
            "one reads as a no and one leaves it open.",
        ),
    ],
)
def test_the_opening_counts_what_the_papers_say(leanings, text):
    assert opened(*leanings) == text


def test_the_decision_is_what_more_papers_say():
    assert balance.decision([YES, YES, NO]) is Decision.YES
    assert balance.decision([NO, OPEN]) is Decision.NO
    assert balance.decision([YES, NO]) is Decision.MAYBE
    assert balance.decision([OPEN]) is Decision.MAYBE


def test_the_larger_side_comes_first_and_the_undecided_last():
    papers = [("a", OPEN), ("b", YES), ("c", NO), ("d", NO)]
    assert [name for name, _ in balance.grouped(papers)] == ["c", "d", "b", "a"]
    assert balance.headings({1: NO, 2: YES, 3: OPEN}) == {1: "No", 2: "Yes", 3: "Undecided"}
    assert balance.headings({1: NO, 2: NO}) == {}


def test_explain_ranks_by_relevance_and_agreement_and_leaves_no_one_out():
    leanings = {1: WEAK, 2: YES, 3: NO}
    plan = Plan(Kind.SURVEY, tuple(evidence(n) for n in leanings), 1.0, (), leanings=leanings)
    ranked = agreeing_first(plan)
    assert [e.paper.id for e in ranked.evidence] == ["p2", "p1", "p3"]
    assert [e.number for e in ranked.evidence] == [1, 2, 3]
    assert ranked.leanings == {1: YES, 2: WEAK, 3: NO}
    assert ranked.headings == {1: "Yes", 2: "Yes", 3: "No"}
    relevant = Plan(Kind.SURVEY, (evidence(1, 9.0), evidence(2, 0.0)), 1.0, (), leanings={1: WEAK, 2: YES})
    assert [e.paper.id for e in agreeing_first(relevant).evidence] == ["p1", "p2"]


def test_agreement_is_the_chance_of_saying_the_same():
    assert agreement(YES, YES) == pytest.approx(0.665)
    together = consensus([YES, NO])
    assert (together.yes, together.no, together.maybe) == pytest.approx((0.45, 0.475, 0.075))


def test_a_claim_asserts_something():
    assert is_claim("Shade slows the growth of kelp.")
    assert not is_claim("Growth of kelp in shade") and not is_claim("Why does shade slow kelp?")
