"""Claims looked up: verdicts, stances, exact quotes, compound sentences, and what is not found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from fakes import build_library, bundled_encoder
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.encoders import HashEncoder
from index.errors import UsageError
from index.types import Paper, Scores
from rag.bibliography import citation_key
from rag.claim_split import split_claim
from rag.claims import (
    BEARING,
    ClaimFinder,
    ClaimVerdict,
    _nearness,
    check_claim,
    read_claim,
    verdict_of,
    whole_verdict,
)
from rag.contradiction import contradicts
from rag.contraries import denied, turned
from rag.rarity import Rarity
from rag.retrieval import Retriever
from rag.sentences import SentenceStore
from rag.spelling import Speller
from rag.stance import Candidate, Side, Stance
from rag.stance_features import PAPER, RELATIVE, Features, relative
from rag.stance_model import FeatureStance, bundled_weights

PAPERS = (
    Paper(
        "coffee",
        "Coffee and the sleep of night nurses",
        "Night nurses often drink coffee. We followed 240 night nurses for six weeks. Three cups of coffee "
        "a night shortened their daytime sleep by 52 minutes. Caffeine did not change how often they woke.",
        authors=("Lena Okafor",),
        year=2021,
    ),
    Paper(
        "hedges",
        "Hedgerows and wild bees on arable farms",
        "Wild bees need flowers near their nests. On 38 farms, new hedgerows increased the number of wild "
        "bee species from 11 to 19. Honey bees were not affected by the hedgerows.",
        authors=("Piotr Lis", "Ana Reyes"),
        year=2019,
    ),
    Paper(
        "kiln",
        "Firing temperature and the strength of roof tiles",
        "Roof tiles break in frost. Tiles fired at 1,050 degrees were stronger than tiles fired at 950 "
        "degrees. Glazing lowered their uptake of water by 40%.",
        year=2016,
    ),
)  # fmt: skip


@dataclass
class Scripted:
    """A stance model that looks its answers up: (part of the claim, paper id) to (supports, refutes)."""

    answers: dict

    def judge(self, claim, candidates):
        found = []
        for c in candidates:
            pro, con = next(
                (v for (part, i), v in self.answers.items() if part in claim.text and i == c.paper.id),
                (0.0, 0.0),
            )
            scores = [0.1] * len(c.sentences.texts)
            scores[-1] = 0.9
            found.append(Stance(pro, con, 1 - pro - con, tuple(scores)))
        return found


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return build_library(tmp_path_factory.mktemp("claims") / "library", PAPERS, bundled_encoder())


def finder(library, answers=None):
    encoder = bundled_encoder()
    model = Scripted(answers) if answers is not None else FeatureStance(Features(Rarity(library)))
    return ClaimFinder(
        Retriever(library, encoder), SentenceStore(encoder), model, Speller(library), citation_key
    )


# -- the report


def test_a_supported_claim_names_the_paper_and_its_sentence(library):
    report = finder(library, {("bees", "hedges"): (0.8, 0.1)}).find("Hedgerows bring more wild bees.")
    assert report.verdict is ClaimVerdict.SUPPORTED
    first = report.papers[0]
    assert (first.paper.id, first.stance, first.score) == ("hedges", Side.SUPPORTS, 0.8)
    assert first.quote == "Honey bees were not affected by the hedgerows."
    assert first.paper.abstract[first.start : first.end] == first.quote
    assert first.key == "lis_hedgerows_2019"


def test_the_public_shape_is_the_contract(library):
    report = finder(library, {("bees", "hedges"): (0.8, 0.1)}).find("Hedgerows bring more wild bees.", 1)
    assert report.to_dict() == {
        "schema": "ibid.cite/1",
        "claim": "Hedgerows bring more wild bees.",
        "verdict": "supported",
        "papers": [
            {
                "paper_id": "hedges",
                "title": "Hedgerows and wild bees on arable farms",
                "key": "lis_hedgerows_2019",
                "stance": "supports",
                "score": 0.8,
                "quote": "Honey bees were not affected by the hedgerows.",
                "start": 124,
                "end": 170,
            }
        ],
        "parts": [{"claim": "Hedgerows bring more wild bees.", "verdict": "supported"}],
    }


def test_papers_that_disagree_make_a_mixed_verdict(library):
    answers = {("tiles", "kiln"): (0.7, 0.1), ("tiles", "hedges"): (0.1, 0.6)}
    report = finder(library, answers).find("Hot kilns and hedgerows give strong roof tiles.")
    assert report.verdict is ClaimVerdict.MIXED
    assert [p.stance for p in report.papers[:2]] == [Side.SUPPORTS, Side.REFUTES]


def test_a_claim_that_nothing_speaks_to_is_not_found(library):
    report = finder(library, {}).find("Black holes evaporate slowly.")
    assert report.verdict is ClaimVerdict.NOT_FOUND
    assert all(p.stance is Side.NEUTRAL for p in report.papers)


def test_both_claims_of_a_sentence_are_looked_up(library):
    answers = {("bee", "hedges"): (0.9, 0.0), ("sleep", "coffee"): (0.0, 0.9)}
    report = finder(library, answers).find(
        "Hedgerows increased the number of bee species; coffee lengthens the sleep of nurses."
    )
    assert [p.verdict.value for p in report.parts] == ["supported", "refuted"]
    assert report.verdict is ClaimVerdict.MIXED
    assert {(p.paper.id, p.stance.value, p.part) for p in report.papers[:2]} == {
        ("hedges", "supports", 0),
        ("coffee", "refutes", 1),
    }


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ("supported", "supported"),
        ("supported supported", "supported"),
        ("supported not_found", "mixed"),
        ("refuted not_found", "refuted"),
        ("refuted refuted", "refuted"),
        ("supported refuted", "mixed"),
        ("not_found not_found", "not_found"),
        ("mixed refuted", "mixed"),
    ],
)
def test_the_whole_follows_from_its_parts(parts, whole):
    assert whole_verdict([ClaimVerdict(p) for p in parts.split()]) is ClaimVerdict(whole)


def test_no_paper_no_verdict():
    assert verdict_of([]) is ClaimVerdict.NOT_FOUND


@pytest.mark.parametrize("claim", ["", "   ", "?!", "x " * 600])
def test_an_empty_or_endless_claim_is_refused(claim):
    with pytest.raises(UsageError):
        check_claim(claim)


words = st.sampled_from(
    "coffee sleep nurses bees hedgerows tiles not more fewer 52 950 frost \\textbf{ é ∞".split()
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    claim=st.lists(words, min_size=1, max_size=12).map(" ".join).filter(lambda t: any(map(str.isalnum, t)))
)
def test_quotes_are_verbatim_whatever_is_claimed(library, claim):
    report = finder(library).find(claim)
    for paper in report.papers:
        assert paper.quote and paper.paper.abstract[paper.start : paper.end] == paper.quote
        assert 0.0 <= paper.score <= 1.0


# -- compound sentences


@pytest.mark.parametrize(
    ("sentence", "claims"),
    [
        ("Moss grows on wet stone.", ["Moss grows on wet stone."]),
        ("Salt and pepper increase appetite in mice.", ["Salt and pepper increase appetite in mice."]),
        (
            "The dam raises the water table and lowers the risk of drought.",
            ["The dam raises the water table.", "The dam lowers the risk of drought."],
        ),
        (
            "The drug increases survival; side effects are rare.",
            ["The drug increases survival.", "Side effects are rare."],
        ),
        (
            "Tidal range grows in narrow bays, but it does not grow in wide bays.",
            ["Tidal range grows in narrow bays.", "Tidal range does not grow in wide bays."],
        ),
        ("Owls hear well, and bats.", ["Owls hear well, and bats."]),
    ],
)
def test_a_sentence_is_parted_where_each_part_can_stand_alone(sentence, claims):
    assert split_claim(sentence) == claims


# -- contraries


def test_a_claim_is_turned_into_its_contrary():
    assert turned("Coffee increases alertness.") == "Coffee decrease alertness."
    assert turned("Bees visit flowers.") is None
    assert denied("Bees can see red.") == "Bees can not see red."
    assert denied("Bees do not see red.") == "Bees see red."
    assert denied("Bees see red.") == "It is not true that bees see red."


# -- the bundled model


def test_the_weights_name_every_feature():
    weights = bundled_weights()
    assert weights.decides.weights.shape[0] == 17
    assert weights.supports.weights.shape == (len(PAPER),)
    assert weights.speaks.weights.shape == (len(PAPER) + len(RELATIVE),)


@pytest.mark.parametrize(
    ("claim", "paper", "side"),
    [
        (
            "Three cups of coffee a night shortened the daytime sleep of night nurses by 52 minutes.",
            "coffee",
            Side.SUPPORTS,
        ),
        ("Caffeine did not change how often night nurses woke.", "coffee", Side.SUPPORTS),
        ("New hedgerows increased the number of wild bee species on farms.", "hedges", Side.SUPPORTS),
        (
            "Roof tiles fired at 1,050 degrees were stronger than those fired at 950 degrees.",
            "kiln",
            Side.SUPPORTS,
        ),
        (  # another number
            "Three cups of coffee a night shortened the daytime sleep of night nurses by 15 minutes.",
            "coffee",
            Side.REFUTES,
        ),
        ("Three cups of coffee a night lengthened the sleep of night nurses.", "coffee", Side.REFUTES),
        ("New hedgerows decreased the number of wild bee species on farms.", "hedges", Side.REFUTES),
        ("Glazing raised the uptake of water of roof tiles.", "kiln", Side.REFUTES),
        ("Caffeine changed how often night nurses woke.", "coffee", Side.REFUTES),
        ("New hedgerows did not increase the number of wild bee species on farms.", "hedges", Side.REFUTES),
        (  # numbers that have changed places
            "Roof tiles fired at 950 degrees were stronger than tiles fired at 1,050 degrees.",
            "kiln",
            Side.REFUTES,
        ),
    ],
)
def test_number_direction_and_negation_decide_the_stance(library, claim, paper, side):
    first = finder(library).find(claim).papers[0]
    assert (first.paper.id, first.stance) == (paper, side)


@pytest.mark.parametrize(
    "claim", ["Black holes evaporate slowly.", "The euro was introduced in twelve countries."]
)
def test_what_no_abstract_speaks_of_is_not_found_by_the_bundled_model(library, claim):
    assert finder(library).find(claim).verdict is ClaimVerdict.NOT_FOUND


def test_contrary_words_of_other_things_do_not_contradict():
    sentence = "Glazing lowered the uptake of water and raised the price."
    assert not contradicts("Glazing raised the price.", sentence, lambda stem: 1.0)
    assert contradicts("Glazing raised the weight.", "Glazing lowered the weight.", lambda stem: 1.0)


def test_papers_are_seen_beside_each_other():
    papers = np.zeros((3, len(PAPER)))
    papers[:, PAPER.index("decides")] = (0.9, 0.4, 0.2)
    beside = relative(papers)
    assert beside[:, RELATIVE.index("decides_above_best")] == pytest.approx([0.5, -0.5, -0.7])
    assert beside[:, RELATIVE.index("decides_above_mean")] == pytest.approx([0.6, -0.15, -0.45])


def test_stances_are_probabilities(library):
    encoder = HashEncoder()
    papers = list(PAPERS)
    sets = SentenceStore(encoder).get(papers)
    claim = read_claim("Coffee shortened sleep by 52 minutes.", encoder)
    candidates = [Candidate(p, s, Scores(0.5, 1.0, 1.0)) for p, s in zip(papers, sets, strict=True)]
    for stance in FeatureStance(Features(lambda stem: 1.0)).judge(claim, candidates):
        assert stance.supports + stance.refutes + stance.neutral == pytest.approx(1.0)
        assert all(0.0 <= s <= 1.0 for s in stance.sentences)


def test_of_papers_alike_the_one_that_bears_on_the_claim_comes_first():
    candidate = Candidate(PAPERS[0], None, Scores(rerank=0.5))  # type: ignore[arg-type]
    alike, bearing = (Stance(0.2, 0.1, 0.7, (1.0,), bears) for bears in (-6.0, 4.0))
    assert _nearness(candidate, bearing) - _nearness(candidate, alike) == pytest.approx(10 * BEARING)
