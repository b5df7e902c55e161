"""Strategies: one interface, what each asks and keeps, the same promises whichever is chosen."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from fakes import ScriptedLLM, bundled_encoder, make_engine, make_planner, shared_library
from test_rag_engine import HOSTILE, SURVEY, promises, verified

from index.errors import UsageError
from index.types import Paper, Scores
from rag.engine import AskOptions
from rag.plan import Plan, Planner
from rag.question import Kind
from rag.retrieval import Mode
from rag.strategies.ensemble import refined, variants
from rag.strategies.iterative import Iterative, aspects, follow_ups
from rag.strategies.single import Single, Wanted
from rag.strategies.table import DEFAULT, STRATEGIES, check_strategy, load_strategy
from rag.strategies.uncertainty import Uncertainty, other_queries
from rag.survey_themes import REST
from rag.types import Evidence, Origin, Sentence, Statement, Status, Verdict

QUESTIONS = [
    SURVEY,
    "What accuracy does TideNet reach on Harbor-5?",
    "How do KelpFormer and BrineNet differ?",
    "the paper where they count gulls with a phone",
    "Who won the football world cup in 1990?",
]


def planner() -> Planner:
    return make_planner(shared_library(), bundled_encoder())


def wanted(question: str, kind: Kind = Kind.SURVEY, k: int = 8) -> Wanted:
    return Wanted(question, kind, k, Mode.HYBRID)


class Watched:
    """A planner that notes the further queries it is asked, and may be made unsure."""

    def __init__(self, sureness: float | None = None) -> None:
        self.also: list[tuple[str, ...]] = []
        self._sureness = sureness

    def plan(self, question, kind, k, mode, keep=None, also=()) -> Plan:
        self.also.append(tuple(also))
        plan = planner().plan(question, kind, k, mode, keep, also)
        return replace(plan, sureness=self._sureness) if self._sureness is not None and not also else plan


def said(text: str, number: int = 1, origin: Origin = Origin.GENERATED, **more) -> Statement:
    return Statement(text, (number,), Verdict.SUPPORTED, more.pop("support", 1.0), origin, **more)


@pytest.mark.parametrize("name", STRATEGIES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_strategy_keeps_the_promises_and_says_its_name(name, question):
    engine = make_engine(shared_library(), bundled_encoder())
    answer = engine.ask(question, options=AskOptions(strategy=name))
    promises(answer)
    assert answer.strategy == answer.to_dict()["strategy"] == name
    assert (answer.status is Status.INSUFFICIENT) is (question == QUESTIONS[-1])


@pytest.mark.parametrize("name", STRATEGIES)
@pytest.mark.parametrize("whole", [False, True], ids=["digests", "whole"])
def test_no_strategy_shows_what_does_not_hold(name, whole):
    lie = ScriptedLLM("TideNet cures cancer in 99% of patients [1]. WaveGAN outperforms TideNet [2].")
    engine = make_engine(shared_library(HOSTILE), bundled_encoder(), lie, whole=whole)
    answer = engine.ask(SURVEY, options=AskOptions(strategy=name))
    promises(answer)
    assert verified(answer, HOSTILE)
    generated = " ".join(s.text for s in answer.statements if s.origin is Origin.GENERATED)
    assert "cures" not in generated and "outperforms TideNet" not in generated


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_stop_ends_every_strategy(name):
    stop = threading.Event()
    stop.set()
    engine = make_engine(shared_library(), bundled_encoder(), ScriptedLLM("Tides rise."))
    answer = list(engine.stream(SURVEY, options=AskOptions(strategy=name), stop=stop))[-1]
    promises(answer)
    assert answer.done


def test_a_strategy_is_chosen_by_name_and_an_unknown_one_names_the_others():
    assert DEFAULT == AskOptions().strategy == "single"
    for name in STRATEGIES:
        assert isinstance(load_strategy(check_strategy(name)), Single)
        assert "arXiv:" in str(__import__(load_strategy(name).__module__, fromlist=["x"]).__doc__)
    with pytest.raises(UsageError, match="choose single, iterative, uncertainty, ensemble or explain"):
        make_engine(shared_library(), bundled_encoder()).ask(SURVEY, options=AskOptions(strategy="best"))


def test_what_a_question_speaks_of_is_its_runs_of_words():
    assert aspects("Which kelp forests and coral reefs were mapped by drones?") == [
        "kelp forests", "coral reefs", "mapped", "drones",
    ]  # fmt: skip


def passage(number: int, paper_id: str, text: str) -> Evidence:
    return Evidence(number, Paper(paper_id, None, text), (Sentence(text, 0, len(text), 0.5),), Scores())


TIDES = passage(1, "tides", "We forecast harbour tides.")
CORALS = passage(1, "corals", "Shade slows coral bleaching.")


def test_a_follow_up_asks_for_what_no_evidence_speaks_of():
    plan = Plan(Kind.SURVEY, (TIDES,), 0.9, ())
    for question in (
        "harbour tides and coral bleaching",
        "What is known of harbour tides and coral bleaching?",
    ):
        assert follow_ups(question, plan) == {"coral bleaching": "coral bleaching harbour tides"}
    both = Plan(Kind.SURVEY, (TIDES, CORALS), 0.9, ())
    assert follow_ups("harbour tides and coral bleaching", both) == {}


def test_a_question_of_one_aspect_has_no_follow_up():
    assert follow_ups("sonar", Plan(Kind.SURVEY, (), 0.0, ())) == {}


class Scripted:
    """A planner that finds papers on tides for every question, and one on corals where corals come first."""

    def plan(self, question, kind, k, mode, keep=None, also=()) -> Plan:
        if question.startswith("coral"):
            return Plan(kind, (CORALS,), 0.9, ())
        tides = [passage(n, f"tides{n}", TIDES.best.text) for n in range(1, 5)]
        return Plan(kind, tuple(tides[:k]), 0.9, (), {1: "Gauges", 2: "Gauges"} if k == 4 else {})


@pytest.mark.parametrize(
    ("k", "papers"),
    [
        (2, ["tides1", "corals"]),  # in a full survey it takes the last place
        (4, ["tides1", "tides2", "tides3", "corals"]),
        (8, ["tides1", "tides2", "tides3", "tides4", "corals"]),
    ],
)
def test_what_a_follow_up_finds_is_taken_up_within_the_bound(k, papers):
    question = "Forecasts of harbour tides, and coral bleaching"
    plan = Iterative().plan(Scripted(), wanted(question, k=k))
    assert [e.paper.id for e in plan.evidence] == papers
    assert [e.number for e in plan.evidence] == list(range(1, len(papers) + 1))
    assert plan.headings.get(len(papers)) == (REST if k == 4 else None)


def test_only_a_survey_takes_papers_up():
    plan = Iterative().plan(Scripted(), wanted("harbour tides, coral bleaching", Kind.FACT, k=2))
    assert [e.paper.id for e in plan.evidence] == ["tides1", "tides2"]


def test_iteration_ends_when_nothing_new_is_to_be_asked():
    watched = Watched()
    Iterative().plan(watched, wanted("How are harbour tides forecast by submarines and zeppelins?"))
    assert len([also for also in watched.also if also]) <= 2


def test_a_sure_plan_is_not_searched_again():
    watched = Watched(sureness=0.9)
    Uncertainty().plan(watched, wanted(SURVEY))
    assert watched.also == [()]


def test_a_doubtful_plan_is_searched_again_with_other_words_and_the_surer_is_kept():
    watched = Watched(sureness=0.1)
    plan = Uncertainty().plan(watched, wanted("How well does TideNet forecast harbour tides?"))
    assert len(watched.also) == 2 and "tidenet" in watched.also[1]
    assert plan.sureness > 0.1


def test_a_second_search_that_is_no_surer_changes_nothing():
    question = "Who won the football world cup in 1990?"
    first = Single().plan(planner(), wanted(question, Kind.FACT))
    assert Uncertainty().plan(planner(), wanted(question, Kind.FACT)).evidence == first.evidence == ()


def test_other_queries_widen_the_question_and_name_its_names():
    plan = planner().plan(SURVEY, Kind.SURVEY, 3)
    widened = other_queries(SURVEY, plan)
    assert all(query.startswith(SURVEY) for query in widened)
    assert other_queries("Does TideNet beat WaveGAN?", Plan(Kind.FACT, (), 0.0, ())) == ["tidenet wavegan"]


def test_further_queries_add_papers_with_their_scores_for_the_question():
    plain = planner().plan("kelp", Kind.SURVEY, 8)
    more = planner().plan("kelp", Kind.SURVEY, 8, also=("otters that carry stones",))
    assert {h.paper.id for h in plain.considered} <= {h.paper.id for h in more.considered}
    ids = [h.paper.id for h in more.considered]
    assert len(ids) == len(set(ids))


def test_drafts_vary_the_evidence_and_never_the_papers():
    plan = planner().plan("How do KelpFormer and BrineNet differ?", Kind.COMPARE, 4)
    found = variants(plan)
    assert 2 <= len(found) <= 3 and found[0] is plan
    for variant in found:
        assert [e.paper.id for e in variant.evidence] == [e.paper.id for e in plan.evidence]
        assert all(e.best == o.best for e, o in zip(variant.evidence, plan.evidence, strict=True))
    assert any(len(e.sentences) == 1 for e in found[-1].evidence)


def test_of_several_drafts_the_one_the_others_agree_with_is_kept():
    quoted = said("The abstract says so.", origin=Origin.EXTRACTED, heading="Tides")
    odd = said("WaveGAN sees surges far ahead.")
    same = said("WaveGAN predicts surges 12 hours ahead.", support=0.9)
    alike = said("WaveGAN predicts surges 12 hours ahead of time.", support=0.8)
    assert refined([[quoted], [odd], [same], [alike]]) == [replace(same, heading="Tides")]


def test_a_paper_that_no_draft_words_keeps_its_quotation():
    quoted = said("The abstract says so.", origin=Origin.EXTRACTED)
    doubtful = replace(said("Tides cure colds."), verdict=Verdict.PARTLY)
    assert refined([[quoted], [doubtful], []]) == [quoted]
    assert refined([]) == []


def test_a_paper_with_several_sentences_is_left_as_the_first_draft_has_it():
    first = [said("One.", origin=Origin.EXTRACTED), said("Two.", origin=Origin.EXTRACTED)]
    assert refined([first, [said("TideNet forecasts tides.")]]) == first


def test_the_ensemble_asks_the_model_once_for_each_different_draft():
    llm = ScriptedLLM("WaveGAN predicts surges 12 hours ahead with an error of 9 cm.")
    engine = make_engine(shared_library(), bundled_encoder(), llm)
    answer = engine.ask(SURVEY, options=AskOptions(strategy="ensemble"))
    promises(answer)
    assert len(llm.prompts) == len(set(llm.prompts)) > 2
