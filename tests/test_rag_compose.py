"""Putting together: opening, renumbering, status, confidence, references, follow-ups."""

from __future__ import annotations

import pytest
from fakes import HOSTILE, PAPERS

from index.sentences import split_sentences
from index.types import Chunk, Hit, Paper, Scores
from rag import compose
from rag.phrases import written
from rag.plan import Plan
from rag.question import Kind
from rag.types import Evidence, Origin, Sentence, Statement, Status, Verdict

BY_ID = {p.id: p for p in PAPERS + HOSTILE}


def evidence(number: int, name: str, *indices: int) -> Evidence:
    paper = BY_ID[name]
    spans = split_sentences(paper.abstract)
    chosen = tuple(
        Sentence(paper.abstract[slice(*spans[i])], *spans[i], 0.9 - 0.1 * n)
        for n, i in enumerate(indices or (0,))
    )
    return Evidence(number, paper, chosen, Scores(0.5, 2.0, 0.9))


def said(text: str, *citations: int, verdict: Verdict = Verdict.SUPPORTED, support: float = 1.0) -> Statement:
    return Statement(text, citations, verdict, support, Origin.GENERATED)


def hit(name: str, rank: int) -> Hit:
    paper = BY_ID[name]
    chunk = Chunk(rank, name, 0, len(paper.abstract), paper.abstract)
    return Hit(chunk, paper, Scores(fused=1 / rank), rank)


def opened_with(kind: Kind, papers, near=()):
    return compose.opening(Plan(kind, tuple(papers), 0.9, (), near=frozenset(near)), papers)


def test_a_survey_opens_with_how_many_papers_and_from_when():
    opened = opened_with(Kind.SURVEY, [evidence(1, "tidenet"), evidence(2, "wavegan")])
    assert opened.text == "Two papers of this library speak to the question, published 2020–2022."
    assert opened.citations == (1, 2)
    assert opened.origin is Origin.COMPOSED


def test_years_are_left_out_when_one_is_unknown_or_all_are_one():
    unknown = [evidence(1, "tidenet"), evidence(2, "order")]
    same = [evidence(1, "tidenet"), evidence(2, "tidenet")]
    for papers in (unknown, same):
        assert opened_with(Kind.SURVEY, papers).text == "Two papers of this library speak to the question."


@pytest.mark.parametrize(
    ("near", "text"),
    [
        ({2}, "Two papers of this library speak to the question; one more comes near it."),
        ({2, 3}, "One paper of this library speaks to the question; two more come near it."),
    ],
)
def test_papers_that_only_come_near_are_counted_apart(near, text):
    papers = [evidence(n, "order") for n in (1, 2, 3)]
    assert opened_with(Kind.SURVEY, papers, near).text == text


def test_many_papers_are_counted_in_figures():
    papers = [evidence(n, "order") for n in range(1, 12)]
    assert opened_with(Kind.SURVEY, papers).text.startswith("11 papers")


def test_an_item_opens_with_its_title_whose_own_numbers_are_made_round():
    opened = opened_with(Kind.ITEM, [evidence(1, "gulls")])
    assert opened.text == "The closest match in this library is “Counting gulls by telephone camera”."
    assert "(9)" not in opened.text


@pytest.mark.parametrize("kind", [Kind.FACT, Kind.COMPARE])
def test_facts_and_comparisons_have_no_opening(kind):
    assert opened_with(kind, [evidence(1, "tidenet"), evidence(2, "wavegan")]) is None


def test_evidence_is_numbered_in_the_order_of_first_citation_and_the_uncited_goes():
    statements, kept = compose.renumbered(
        [said("a", 3), said("b", 1, 3), said("c", 1)],
        [evidence(1, "tidenet"), evidence(2, "wavegan"), evidence(3, "gulls")],
    )
    assert [s.citations for s in statements] == [(1,), (2, 1), (2,)]
    assert [(e.number, e.paper.id) for e in kept] == [(1, "gulls"), (2, "tidenet")]


@pytest.mark.parametrize(
    ("statements", "sureness", "status"),
    [
        ([], 1.0, Status.INSUFFICIENT),
        ([said("a", 1)], 0.6, Status.ANSWERED),
        ([said("a", 1)], 0.5, Status.ANSWERED),
        ([said("a", 1)], 0.49, Status.PARTIAL),
        ([said("a", 1), said("b", 1, verdict=Verdict.PARTLY)], 0.9, Status.PARTIAL),
    ],
)
def test_the_status_follows_from_verdicts_and_sureness(statements, sureness, status):
    assert compose.status_of(statements, sureness, 0.5) is status


def test_confidence_is_sureness_times_mean_support():
    assert compose.confidence([said("a", 1, support=1.0), said("b", 1, support=0.8)], 0.5) == pytest.approx(
        0.45
    )
    assert compose.confidence([said("a", 1)], 1.7) == 1.0
    assert compose.confidence([], 0.9) == 0.0


def test_a_reference_quotes_the_sentence_that_its_statements_rest_on():
    both = evidence(1, "kelpformer", 1, 2)
    rests = compose.reference(both, [said("It was trained on 12,400 drone images from 31 sites.", 1)])
    assert rests.quote.startswith("It was trained on 12,400")
    assert both.paper.abstract[rests.start : rests.end] == rests.quote
    assert compose.reference(both, [said("Other papers say so.", 2)]).quote == both.best.text
    assert (rests.n, rests.key) == (1, "lind_kelpformer_2024")


def test_papers_considered_are_listed_behind_the_evidence():
    plan = Plan(
        Kind.SURVEY, (evidence(1, "tidenet"),), 0.9, (hit("wavegan", 1), hit("tidenet", 2), hit("gulls", 3))
    )
    listed = compose.listed(plan, 2)
    assert [(r.n, r.paper.id) for r in listed] == [(1, "tidenet"), (2, "wavegan")]
    assert listed[1].quote == "Storm surges endanger harbours."


def test_the_nearest_are_the_first_three_considered_even_without_an_abstract():
    plan = Plan(
        Kind.FACT, (), 0.1, (hit("title-only", 1), hit("gulls", 2), hit("tidenet", 3), hit("wavegan", 4))
    )
    nearest = compose.nearest(plan)
    assert [r.paper.id for r in nearest] == ["title-only", "gulls", "tidenet"]
    assert (nearest[0].quote, nearest[0].start, nearest[0].end) == ("", 0, 0)


def test_the_nearest_are_quoted_by_what_comes_closest_to_the_question():
    found = hit("tidenet", 1)
    closest = evidence(1, "tidenet").best
    plan = Plan(Kind.FACT, (), 0.1, (hit("wavegan", 1), found), closest={"tidenet": closest})
    first, second = compose.nearest(plan)
    assert first.quote == "Storm surges endanger harbours."
    assert (second.quote, second.start, second.end) == (closest.text, closest.start, closest.end)
    assert second.paper.abstract[second.start : second.end] == second.quote


def test_followups_ask_for_differences_and_figures():
    plan = Plan(Kind.SURVEY, (evidence(1, "tidenet", 2), evidence(2, "wavegan", 0)), 0.9, ())
    assert compose.followups(Kind.SURVEY, plan) == (
        "How do TideNet and WaveGAN differ?",
        "Which figures does the paper on TideNet report?",
        "What does the paper on WaveGAN do?",
    )
    assert compose.followups(Kind.SURVEY, Plan(Kind.SURVEY, (evidence(1, "gulls"),), 0.9, ())) == ()


def shared_of(
    *texts: str, question: str = "How are tides forecast?", kind: Kind = Kind.SURVEY
) -> Statement | None:
    papers = [Paper(f"p{n}", f"Title {n}", text) for n, text in enumerate(texts)]
    chosen = [
        Evidence(n, p, (Sentence(p.abstract, 0, len(p.abstract), 0.9),), Scores())
        for n, p in enumerate(papers, 1)
    ]
    return compose.shared(Plan(kind, tuple(chosen), 0.9, ()), chosen, question)


BUOYS = "We read harbour buoys at noon."


def test_what_most_papers_of_a_survey_speak_of_is_counted_and_cites_those():
    statement = shared_of(
        BUOYS, BUOYS, "We look at gulls.", "In storms, harbour buoys drift.", "We look at kelp."
    )
    assert statement is not None
    assert statement.text == "Three of them speak of “harbour buoys”." and statement.citations == (1, 2, 4)
    assert statement.verdict is Verdict.SUPPORTED and statement.origin is Origin.COMPOSED
    drifting = "In storms, harbour buoys drift."
    everyone = shared_of(BUOYS, drifting, BUOYS, drifting)
    assert everyone is not None and everyone.text == "All of them speak of “harbour buoys”."


def test_nothing_is_counted_of_few_papers_of_what_was_asked_or_of_other_kinds():
    assert shared_of(BUOYS, BUOYS, BUOYS) is None
    assert shared_of(BUOYS, "We look at gulls.", "We look at kelp.", "We look at seals.") is None
    assert shared_of(BUOYS, BUOYS, BUOYS, BUOYS, question="What do harbour buoys tell?") is None
    assert shared_of(BUOYS, BUOYS, BUOYS, BUOYS, question="What do RHBs tell?") is None
    assert shared_of(BUOYS, BUOYS, BUOYS, BUOYS, kind=Kind.COMPARE) is None


def test_a_phrase_is_counted_only_where_it_stands_as_it_is_quoted():
    others = ("The harbour-buoy drifts.", "In storms, harbour buoys drift.", "Harbour buoying is new.")
    statement = shared_of(BUOYS, *others)
    assert statement is not None and statement.citations == (1, 2, 3)
    assert written("language models", "A Language-Model and more") and written("sea bass", "the sea bass")
    assert not written("language models", "masked language modeling") and not written("box", "boxer")
