"""Claims by the abstract-level measures of SciFact: golden counts, quotes traced to sentences, bad lines."""

import pytest
from cli_fixtures import write_lines

from index.errors import ReadError
from rag.evaluate.claims import (
    Claim,
    Evidence,
    Prediction,
    abstract_measures,
    evaluate_claims,
    merged,
    predictions,
    read_claims,
    read_sentence_corpus,
    stance_measures,
)

CORPUS = [
    {"doc_id": 11, "title": "Moss",
     "abstract": ["Moss likes wet stone.", "We saw 9 walls.", "Dry walls stay bare."]},
    {"doc_id": 12, "title": "Owls",
     "abstract": ["Owls hear well.", "Old owls hear well too, as 7 owls show."]},
    {"doc_id": 13, "title": None, "abstract": ["Tides rise twice a day in the bay."]},
]  # fmt: skip


@pytest.fixture
def papers(tmp_path):
    return read_sentence_corpus(write_lines(tmp_path / "corpus.jsonl", CORPUS), [])


def evidence(stance, *rationales):
    return Evidence(stance, tuple(map(frozenset, rationales)))


CLAIMS = [
    Claim(
        "a", "Moss needs water.", {"11": evidence("supports", {0}, {1, 2}), "12": evidence("refutes", {1})}
    ),
    Claim("b", "Owls go deaf.", {"12": evidence("refutes", {0, 1})}),
    Claim("c", "Tides never rise.", {}),
]


def test_measures_at_abstract_level():
    # Gold: 3 abstracts. Predicted: 4 that take a side. Label right: a/11 and b/12; with rationale: a/11.
    predicted = {
        "a": [Prediction("11", "supports", (2, 1)), Prediction("12", "supports", (1,))],
        "b": [Prediction("12", "refutes", (0,))],
        "c": [Prediction("13", "supports", (0,))],
    }
    assert abstract_measures(CLAIMS, predicted) == {
        "label_only_precision": 2 / 4,
        "label_only_recall": 2 / 3,
        "label_only_f1": pytest.approx(4 / 7),
        "rationale_precision": 1 / 4,
        "rationale_recall": 1 / 3,
        "rationale_f1": pytest.approx(2 / 7),
    }


def test_only_the_first_three_sentences_count():
    right = {"b": [Prediction("12", "refutes", (5, 0, 1))]}
    late = {"b": [Prediction("12", "refutes", (5, 6, 0, 1))]}
    assert abstract_measures(CLAIMS[1:2], right)["rationale_f1"] == 1
    assert abstract_measures(CLAIMS[1:2], late)["rationale_f1"] == 0
    assert abstract_measures(CLAIMS[1:2], late)["label_only_f1"] == 1


def test_nothing_predicted_is_nothing_right():
    assert set(abstract_measures(CLAIMS, {}).values()) == {0.0}


def row(paper_id, stance, quote=""):
    return {
        "paper_id": paper_id,
        "title": "",
        "stance": stance,
        "score": 0.5,
        "quote": quote,
        "start": 0,
        "end": 0,
    }


def test_neutral_papers_are_no_predictions_and_quotes_become_sentences(papers):
    report = {
        "papers": [
            row("11", "supports", "We saw 9 walls. Dry walls stay bare."),
            row("12", "refutes", "Old owls hear well too"),  # more than half of the sentence
            row("13", "neutral", "Tides rise twice a day in the bay."),
            row("99", "supports", "of another corpus"),
            row("11", "refutes"),  # a paper counts once
        ]
    }
    assert predictions(report, papers) == [
        Prediction("11", "supports", (1, 2)),
        Prediction("12", "refutes", (1,)),
        Prediction("99", "supports", ()),
    ]


def test_a_sentence_that_a_quote_only_touches_is_not_meant(papers):
    assert papers["11"].sentences_of("wet stone. We saw 9 walls.") == [1]
    assert papers["11"].sentences_of("like") == [0]  # all of the quote lies in it
    assert papers["11"].sentences_of("not there") == papers["11"].sentences_of("") == []


def test_search_and_judgement_are_told_apart():
    reports = {
        "a": {"papers": [row("11", "supports"), row("13", "neutral")]},
        "b": {"papers": [row("12", "supports")]},
        "c": {"papers": [row("13", "neutral")]},
    }
    assert stance_measures(CLAIMS, reports) == {
        "evidence_listed": 2 / 3,
        "stance_of_listed": 1 / 2,
        "quiet": 1.0,
    }


def test_an_outcome_shows_what_was_read_the_wrong_way_round_first(papers):
    reports = {"a": {"papers": []}, "b": {"papers": [row("12", "supports")]}}
    outcome = evaluate_claims(CLAIMS, reports, papers)
    assert outcome.measures["abstract"]["missing"] == 1
    first = outcome.cases[0]
    assert (first.id, first.fault) == ("b", "12 refutes, said: supports")
    assert first.texts["deciding sentences"] == "Owls hear well.\nOld owls hear well too, as 7 owls show."
    assert len(outcome.cases) == 3


def test_claims_are_read_and_broken_ones_named(tmp_path):
    path = write_lines(
        tmp_path / "claims.jsonl",
        [
            {"id": 1, "claim": "x", "evidence": {"11": [{"sentences": [0], "label": "SUPPORT"}]}},
            {"id": 2, "claim": "y", "evidence": {"11": [{"sentences": [0], "label": "MAYBE"}]}},
            "{",
            {"id": 3, "claim": "z", "evidence": {}},
        ],
    )
    problems = []
    claims = read_claims(path, problems)
    assert claims == [Claim("1", "x", {"11": evidence("supports", {0})}), Claim("3", "z", {})]
    assert problems == [
        f"{path}:2: no claim with evidence (labels MAYBE, expected SUPPORT or CONTRADICT); left out",
        f"{path}:3: broken JSON; left out",
    ]
    with pytest.raises(ReadError, match="no claims"):
        read_claims(write_lines(tmp_path / "none.jsonl", []), [])


def test_evidence_follows_a_paper_that_was_merged_into_another():
    (claim,) = merged([CLAIMS[1]], {"77": ("77", "12")})
    assert list(claim.evidence) == ["77"]
