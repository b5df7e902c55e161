"""From hits to candidates: which names a question has, which paper bears them, which sentences stay."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import PAPERS, bundled_encoder, shared_library

from index.sentences import split_sentences
from index.types import Chunk, Hit, Paper, Scores
from rag.cross_encoder import CrossReading
from rag.evidence import Candidate, EvidenceFinder, question_names, subject_names
from rag.rarity import Rarity
from rag.relevance import Asked, Judge, Judged
from rag.sentences import SentenceSet, SentenceStore

BY_ID = {p.id: p for p in PAPERS}


def hit(name: str, rank: int = 1) -> Hit:
    paper = BY_ID[name]
    return Hit(Chunk(rank, name, 0, len(paper.abstract), paper.abstract), paper, Scores(0.5, 1.0, 0.8), rank)


def candidate(*scores: float, relevance: float = 0.5, closeness: float = 0.4) -> Candidate:
    abstract = BY_ID["tidenet"].abstract
    spans = ((0, 58), (59, 151), (152, 200))[: len(scores)]
    texts = tuple(abstract[a:b] for a, b in spans)
    sentences = SentenceSet(
        spans, texts, (frozenset(),) * len(scores), np.zeros((len(scores), 3)), np.zeros(3)
    )
    return Candidate(hit("tidenet"), sentences, Judged(scores, relevance, relevance, 0.6, closeness))


@pytest.fixture(scope="module")
def finder():
    rarity = Rarity(shared_library())
    return EvidenceFinder(SentenceStore(bundled_encoder()), Judge(rarity), rarity)


def ask(question: str) -> Asked:
    return Asked.of(question, bundled_encoder().encode_query(question))


def test_the_best_sentences_are_taken_in_text_order_with_their_offsets():
    evidence = candidate(0.5, 0.2, 0.9).evidence(4, most=2)
    assert evidence.number == 4
    assert [(s.start, s.score) for s in evidence.sentences] == [(0, 0.5), (152, 0.9)]
    assert evidence.best.score == 0.9


def test_a_sentence_that_breaks_off_is_taken_last():
    abstract = "Kelp grows in the dark. We show the worth of our lamp through"
    paper = Paper(id="lamp", title=None, abstract=abstract)
    sentences = SentenceSet(
        ((0, 23), (24, 61)), (abstract[:23], abstract[24:]), (frozenset(),) * 2, np.zeros((2, 3)), np.zeros(3)
    )
    found = Hit(Chunk(1, "lamp", 0, 61, abstract), paper, Scores(0.5, 1.0, 0.8), 1)
    cut = Candidate(found, sentences, Judged((0.2, 0.9), 0.5, 0.5, 0.6, 0.4))
    assert [s.text for s in cut.evidence(1, most=2).sentences] == ["Kelp grows in the dark."]


def test_a_sentence_far_below_the_best_is_left_out():
    assert [s.score for s in candidate(0.3, 0.2, 0.9).evidence(1, most=3).sentences] == [0.9]
    assert [s.score for s in candidate(0.3, 0.2, 0.9).evidence(1, most=3, floor=0.0).sentences] == [
        0.3,
        0.2,
        0.9,
    ]


def test_standing_adds_log_odds_fusion_and_closeness():
    # ln(0.5 / 0.5) + 2 · 0.8 + 4 · 0.4
    assert candidate(0.5).standing == pytest.approx(3.2)
    assert candidate(0.5, relevance=0.75).standing == pytest.approx(3.2 + np.log(3))


def test_papers_without_an_abstract_are_no_evidence(finder):
    found = finder.for_survey(ask("A map of seagrass meadows"), [hit("title-only"), hit("gulls", 2)])
    assert [c.paper.id for c in found] == ["gulls"]


def test_a_survey_is_ordered_by_relevance(finder):
    hits = [hit(name, n) for n, name in enumerate(("gulls", "brinenet", "tidenet", "kelpformer"), 1)]
    found = finder.for_survey(ask("What methods map kelp forests?"), hits)
    assert {c.paper.id for c in found[:2]} == {"kelpformer", "brinenet"}
    assert [c.standing for c in found] == sorted((c.standing for c in found), reverse=True)


def test_the_paper_with_the_name_comes_first_for_a_fact(finder):
    hits = [hit(name, n) for n, name in enumerate(("brinenet", "kelpformer"), 1)]
    found = finder.for_fact(ask("What Dice score does KelpFormer reach?"), hits)
    assert [c.paper.id for c in found] == ["kelpformer", "brinenet"]


class ScriptedCross:
    """Says how far each paper answers; its second sentence would."""

    def __init__(self, **answers):
        self.answers = answers

    def read(self, text, papers):
        counts = [len(split_sentences(p.abstract)) for p in papers]
        states = [tuple(0.9 if n == 1 else 0.1 / c for n in range(c)) for c in counts]
        return [
            CrossReading(0.3, 0.3, 0.4, self.answers[p.id], 0.0, (1 / c,) * c, s, (1 / c,) * c)
            for p, c, s in zip(papers, counts, states, strict=True)
        ]


def crossed(**answers):
    rarity = Rarity(shared_library())
    store = SentenceStore(bundled_encoder())
    return EvidenceFinder(store, Judge(rarity), rarity, None, lambda: ScriptedCross(**answers))


DICE = "What Dice score does KelpFormer reach?"


def test_what_the_cross_encoder_reads_moves_how_sure_an_answer_is(finder):
    hits = [hit("kelpformer")]
    (plain,) = finder.for_fact(ask(DICE), hits)
    (sure,) = crossed(kelpformer=0.95).for_fact(ask(DICE), hits, read=True)
    (unsure,) = crossed(kelpformer=0.02).for_fact(ask(DICE), hits, read=True)
    assert unsure.judged.answered < sure.judged.answered
    # -0.8 + 0.48 · log-odds of the judge + 0.47 · ln(0.95 / 0.05) + 0.15 · a relevance of 0
    odds = np.log(plain.judged.answered / (1 - plain.judged.answered))
    wanted = 1 / (1 + np.exp(-(-0.8 + 0.48 * odds + 0.47 * np.log(19))))
    assert sure.judged.answered == pytest.approx(wanted)


def test_the_sentence_that_states_the_answer_gains():
    hits = [hit("kelpformer")]
    (read,) = crossed(kelpformer=0.9).for_fact(ask(DICE), hits, read=True)
    (plain,) = crossed(kelpformer=0.9).for_fact(ask(DICE), hits)
    gain = [a / b for a, b in zip(read.judged.sentences, plain.judged.sentences, strict=True)]
    assert max(range(len(gain)), key=gain.__getitem__) == 1


def test_another_papers_answer_does_not_take_the_place_of_the_one_asked_about():
    hits = [hit(name, n) for n, name in enumerate(("brinenet", "kelpformer"), 1)]
    found = crossed(brinenet=0.99, kelpformer=0.01).for_fact(ask(DICE), hits, read=True)
    assert [c.paper.id for c in found] == ["kelpformer", "brinenet"]


def test_of_papers_near_a_question_of_yes_or_no_those_that_tell_are_kept(finder):
    asked = ask("Does cloud lower the score of kelp maps?")
    hits = [hit(name, n) for n, name in enumerate(("kelpformer", "brinenet", "tidenet"), 1)]
    told = crossed(kelpformer=0.6, brinenet=0.9, tidenet=0.1)
    assert [c.paper.id for c in told.saying_whether(asked, told.for_survey(asked, hits))] == [
        "brinenet",
        "kelpformer",
    ]
    none = crossed(kelpformer=0.2, brinenet=0.1, tidenet=0.1)
    assert none.saying_whether(asked, none.for_survey(asked, hits)) == []
    assert finder.saying_whether(asked, finder.for_survey(asked, hits)) == []


def test_names_in_the_title_count_whole_and_in_the_abstract_three_quarters(finder):
    assert finder.named("How good is KelpFormer?", BY_ID["kelpformer"]) == 1.0
    assert finder.named("How good is BrineNet?", BY_ID["kelpformer"]) == 0.75
    assert finder.named("How good is TideNet?", BY_ID["kelpformer"]) == 0.0
    assert finder.named("how good is it?", BY_ID["kelpformer"]) == 0.0


@pytest.mark.parametrize(
    ("question", "every", "subject"),
    [
        ("How good is TideNet on Harbor-5?", {"tidenet", "harbor-5"}, {"tidenet", "harbor-5"}),
        (
            "How do TideNet and WaveGAN differ on Harbor-5?",
            {"tidenet", "wavegan", "harbor-5"},
            {"tidenet", "wavegan"},
        ),
        ("Is Med-Tide 2 better than Tide 3.5?", {"med-tide 2", "tide 3.5"}, {"med-tide 2", "tide 3.5"}),
        ("TideNet tides", {"tidenet"}, {"tidenet"}),
        ("What is known of tides?", set(), set()),
    ],
)
def test_the_names_of_a_question_and_those_it_is_about(question, every, subject):
    assert question_names(question) == every
    assert subject_names(question) == subject


def test_a_survey_is_put_in_order_by_what_was_read_and_a_foreign_one_is_not(finder):
    hits = [hit("kelpformer"), hit("tidenet")]
    asked = ask("Which methods map kelp?")
    first = finder.for_survey(asked, hits, read=True)[0].paper.id
    (other,) = {"kelpformer", "tidenet"} - {first}
    read = Topical({first: -8.0, other: 8.0})
    found = EvidenceFinder(finder._store, finder._judge, finder._rarity, None, lambda: read)  # type: ignore[arg-type]
    turned = found.for_survey(asked, hits, read=True)
    assert [(c.paper.id, c.bears) for c in turned] == [(other, 8.0), (first, -8.0)]
    foreign = found.for_survey(
        ask("Welche Verfahren kartieren die Algen und wie gut sind sie?"), hits, read=True
    )
    assert all(c.bears is None for c in foreign)


def test_the_sentence_that_carries_a_topic_is_shown_first(finder):
    asked, hits = ask("Which methods map kelp?"), [hit("kelpformer")]
    count = len(finder.for_survey(asked, hits)[0].sentences.texts)
    for place in range(count):
        read = Topical({"kelpformer": 1.0}, place)
        found = EvidenceFinder(finder._store, finder._judge, finder._rarity, None, lambda read=read: read)  # type: ignore[arg-type]
        scores = found.for_survey(asked, hits, read=True)[0].judged.sentences
        plain = finder.for_survey(asked, hits)[0].judged.sentences
        assert scores[place] > plain[place]
        assert all(scores[n] < plain[n] for n in range(count) if n != place)


class Topical:
    """Gives each paper a relevance, and one sentence all the weight."""

    def __init__(self, relevance, place=0):
        self.relevance, self.place = relevance, place

    def read(self, text, papers):
        readings = []
        for paper in papers:
            count = len(split_sentences(paper.abstract))
            carries = tuple(float(n == self.place) for n in range(count))
            even = (1 / count,) * count
            readings.append(CrossReading(0.3, 0.3, 0.4, 0.5, self.relevance[paper.id], even, even, carries))
        return readings
