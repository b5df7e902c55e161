"""Plans over a tiny made-up library: what is answered and from which sentences, and what is refused."""

from __future__ import annotations

import pytest
from fakes import bundled_encoder, make_planner, shared_library

from index.library import Filter
from index.types import Chunk, Hit, Paper, Scores
from rag.evidence import Candidate
from rag.plan import ANSWERED, CLOSE, SPEAKS, _bearer, _belongs
from rag.question import Kind, kind_of
from rag.relevance import Judged
from rag.retrieval import Mode
from rag.sureness import AGREED, WHOLE, wholeness


def plan(question: str, k: int = 8, **how):
    return make_planner(shared_library(), bundled_encoder()).plan(question, kind_of(question), k, **how)


def papers(made) -> list[str]:
    return [e.paper.id for e in made.evidence]


FACTS = {
    "How many drone images was KelpFormer trained on?": ("kelpformer", "12,400"),
    "What accuracy does TideNet reach on Harbor-5?": ("tidenet", "69.68"),
    "What Dice score does BrineNet reach for giant kelp?": ("brinenet", "0.83"),
    "How many photographs were used for the tide tables?": ("tidetable", "5,200"),
    "How many hours ahead does WaveGAN predict surges?": ("wavegan", "12 hours"),
    "How many sea otters were filmed?": ("untitled", "64"),
    "How many hours does training TideNet take?": ("tidenet", "4 hours"),
    "Why do cloudy images lower the score of KelpFormer?": ("kelpformer", "because glare"),
}


@pytest.mark.parametrize(("question", "answer"), FACTS.items(), ids=FACTS.keys())
def test_a_fact_rests_on_the_sentence_that_states_it(question, answer):
    made = plan(question)
    assert made.kind is Kind.FACT
    assert papers(made) == [answer[0]]
    assert answer[1] in made.evidence[0].best.text
    assert made.sureness >= ANSWERED


def test_each_part_of_a_joined_question_has_its_sentence():
    made = plan(
        "How many drone images was KelpFormer trained on, and how much less memory than BrineNet does it use?"
    )
    told = " ".join(s.text for s in made.evidence[0].sentences)
    assert papers(made) == ["kelpformer"]
    assert "12,400" in told
    assert "40% less memory" in told


REFUSED = {
    "unit that is not given": "How many GPU hours did KelpFormer need?",
    "reason that is not given": "Why did TideNet leave the wind out?",
    "licence that is not given": "What is the licence of TideNet?",
    "name that nobody bears": "What AUC does GullNet reach?",
    "another matter": "Who won the football world cup in 1990?",
    "another survey": "best pizza dough recipe",
    "another field": "What treatments exist for migraine in children?",
}


@pytest.mark.parametrize("question", REFUSED.values(), ids=REFUSED.keys())
def test_what_no_abstract_states_is_refused_with_papers_considered(question):
    made = plan(question)
    assert made.evidence == ()
    assert not made.sufficient
    assert made.sureness < CLOSE
    assert len(made.considered) >= 3


def test_a_false_premise_is_refused_beside_the_sentence_that_corrects_it():
    made = plan("Why did GullNet fall below every other network in the harbour?")
    assert made.evidence == () and len(made.closest) == 3
    for paper in (h.paper for h in made.considered[:3]):
        assert paper.abstract[made.closest[paper.id].start : made.closest[paper.id].end]


def test_a_comparison_finds_both_named_papers():
    made = plan("How do KelpFormer and BrineNet differ?")
    assert made.kind is Kind.COMPARE
    assert papers(made) == ["kelpformer", "brinenet"]
    assert [e.number for e in made.evidence] == [1, 2]


def test_a_comparison_with_an_unknown_name_is_a_survey_or_refused():
    made = plan("How do KelpFormer and GullNet differ?")
    assert made.kind is not Kind.COMPARE


def test_a_survey_keeps_the_relevant_papers_and_no_others():
    assert set(papers(plan("How are harbour tides forecast?"))) == {"tidenet", "wavegan", "tidetable"}
    assert set(papers(plan("What methods map kelp forests?"))) == {"kelpformer", "brinenet"}


def test_k_bounds_a_survey_and_the_best_paper_stays():
    made = plan("How are harbour tides forecast?", k=1)
    assert papers(made) == ["tidenet"]


def test_a_paper_that_is_remembered_is_found_even_without_a_title():
    made = plan("a paper about otters and stones")
    assert made.kind is Kind.ITEM
    assert papers(made) == ["untitled"]


@pytest.mark.parametrize(
    "question",
    ["What is WaveGAN?", "What does the paper on WaveGAN do?", "Which figures does WaveGAN report?"],
)
def test_a_paper_asked_for_by_its_name_alone_is_answered_from(question):
    assert papers(plan(question)) == ["wavegan"]


def test_a_named_paper_is_no_answer_to_what_it_does_not_speak_of():
    assert papers(plan("What does WaveGAN say about migraine therapy?")) == []


def test_a_question_in_another_language_is_answered_by_the_named_paper():
    made = plan("Combien d'images pour KelpFormer ?")
    assert papers(made) == ["kelpformer"]
    assert "12,400" in made.evidence[0].best.text


def test_typing_errors_do_not_matter():
    assert papers(plan("How many drone imagess was KelpFormer trianed on?")) == ["kelpformer"]


def test_a_filter_holds_for_everything_considered():
    made = plan("How are harbour tides forecast?", keep=Filter(year_to=2020))
    assert all(h.paper.year <= 2020 for h in made.considered)
    assert "tidenet" not in papers(made)


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_finds_the_named_paper(mode):
    assert papers(plan("How many drone images was KelpFormer trained on?", mode=mode)) == ["kelpformer"]


def test_evidence_is_verbatim_in_text_order_and_has_an_abstract():
    for question in (*FACTS, "How are harbour tides forecast?", "A map of seagrass meadows"):
        for evidence in plan(question).evidence:
            starts = [s.start for s in evidence.sentences]
            assert starts == sorted(starts)
            for sentence in evidence.sentences:
                assert evidence.paper.abstract[sentence.start : sentence.end] == sentence.text
                assert 0.0 <= sentence.score <= 1.0


def test_a_name_stands_for_the_paper_that_presents_it_not_for_one_that_mentions_it_in_its_title():
    def found(name: str, title: str, abstract: str) -> Hit:
        paper = Paper(id=name, title=title, abstract=abstract)
        return Hit(Chunk(1, name, 0, 5, abstract), paper, Scores(), 1)

    later = found(
        "later", "From KelpNet to divers", "Ways to count kelp, KelpNet among them. KelpNet is old."
    )
    first = found("first", "Can a simple network count kelp?", "Kelp is hard to count. We present KelpNet.")
    named = found("named", "KelpNet: counting kelp", "Kelp is counted.")
    assert _bearer("kelpnet", [later, first]) is first
    assert _bearer("kelpnet", [later, first, named]) is named
    assert _bearer("kelpnet", [later]) is later
    assert _bearer("reedbot", [later, first]) is None


def test_a_survey_is_the_surer_the_more_its_rankings_agree():
    def found(bears: list[float | None], fused: list[float], judged: list[float], read: list[float]):
        for n, values in enumerate(zip(bears, fused, judged, read, strict=True)):
            paper = Paper(id=str(n), title=None, abstract="x")
            hit = Hit(Chunk(1, str(n), 0, 1, "x"), paper, Scores(fused=values[1]), 1)
            judgement = Judged((0.5,), values[2], 0.5, 0.5, 0.5)
            yield Candidate(hit, None, judgement, values[3], values[0])  # type: ignore[arg-type]

    falling, rising = [float(n) / 12 for n in range(12, 0, -1)], [float(n) / 12 for n in range(1, 13)]
    agreeing = list(found([*falling], falling, falling, falling))
    assert wholeness(agreeing, 0.9) == pytest.approx(0.9 * (WHOLE + AGREED))
    # Of the first six by bearing fusion names the other six; judgement and reader name the same.
    apart = list(found([*falling], rising, falling, falling))
    assert wholeness(apart, 0.9) == pytest.approx(0.9 * (WHOLE + AGREED * 2 / 3))
    assert wholeness(list(found([None] * 12, rising, falling, falling)), 0.9) == 0.9


def test_a_paper_that_only_comes_near_must_bear_on_the_question():
    paper = Paper(id="a", title=None, abstract="x")
    found = Hit(Chunk(1, "a", 0, 1, "x"), paper, Scores(fused=0.5), 1)
    judged = Judged((0.5,), 0.5, 0.5, 0.5, 0.5)
    bearing, idle = (Candidate(found, None, judged, 0.0, bears) for bears in (-2.9, -3.1))  # type: ignore[arg-type]
    assert _belongs(bearing, bearing.standing + SPEAKS + 1, 5.0)
    assert not _belongs(idle, idle.standing + SPEAKS + 1, 5.0)
    assert _belongs(idle, idle.standing + SPEAKS - 1, 5.0)  # so near the best it speaks to the question


def test_a_survey_leaves_out_what_its_question_leaves_out():
    planner = make_planner(shared_library(), bundled_encoder())
    every = papers(planner.plan("Which networks map kelp forests?", Kind.SURVEY, 9))
    without = papers(planner.plan("Which networks other than BrineNet map kelp forests?", Kind.SURVEY, 9))
    assert "brinenet" in every and "brinenet" not in without
    assert "kelpformer" in every and "kelpformer" in without
