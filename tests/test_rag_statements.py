"""Statements: drafts that hold are kept, others give way to the abstract's own sentence."""

from __future__ import annotations

import pytest
from fakes import HOSTILE, PAPERS

from index.cleaning import readable
from index.sentences import split_sentences
from index.types import Paper, Scores
from rag.statements import StatementMaker
from rag.types import Evidence, Origin, Sentence, Verdict
from rag.verify import Verifier
from rag.wording import whole_sentence

BY_ID = {p.id: p for p in PAPERS + HOSTILE}


def evidence(paper: Paper, *indices: int, number: int = 2) -> Evidence:
    spans = split_sentences(paper.abstract)
    chosen = tuple(
        Sentence(paper.abstract[slice(*spans[i])], *spans[i], 1.0 - 0.1 * n) for n, i in enumerate(indices)
    )
    return Evidence(number, paper, chosen, Scores())


@pytest.fixture(scope="module")
def maker():
    return StatementMaker(Verifier(lambda stem: 1.0))


TIDE = evidence(BY_ID["tidenet"], 2)


def test_a_draft_that_holds_is_kept_as_it_is(maker):
    made = maker.from_draft("TideNet outperforms WaveGAN by 3.1 percentage points on Harbor-5.", TIDE)
    assert made.text == "TideNet outperforms WaveGAN by 3.1 percentage points on Harbor-5."
    assert (made.citations, made.verdict, made.origin) == ((2,), Verdict.SUPPORTED, Origin.GENERATED)
    assert made.support >= 0.75


@pytest.mark.parametrize(
    "draft",
    [
        "TideNet outperforms WaveGAN by 4.1 percentage points.",
        "WaveGAN outperforms TideNet by 3.1 percentage points.",
        "TideNet cures cancer in most patients at sea.",
        "TideNet tides tides tides tides.",
        "The model the model the model forecasts tides with TideNet.",
        "See https://evil.example for TideNet forecasts of harbour tides.",
        "TideNet forecasts <b>harbour tides</b> with a graph network.",
        "TideNet forecasts harbour tides (with a graph network.",
        "Yes.",
        "",
        "[1] [2] [3]",
    ],
)
def test_a_draft_that_does_not_hold_or_read_gives_nothing(maker, draft):
    assert maker.from_draft(draft, TIDE) is None


def test_of_a_half_true_draft_the_true_sentence_is_kept(maker):
    draft = (
        "TideNet won every prize of the harbour masters. TideNet joins eight tide gauges with "
        "satellite altimetry."
    )
    made = maker.from_draft(draft, TIDE)
    assert made.text == "TideNet joins eight tide gauges with satellite altimetry."


def test_of_a_sentence_with_an_untrue_end_the_true_head_is_kept(maker):
    draft = "TideNet joins eight tide gauges with satellite altimetry, which saved forty sailors in 1999."
    assert maker.from_draft(draft, TIDE).text == "TideNet joins eight tide gauges with satellite altimetry."


def test_markers_of_a_draft_are_taken_out_and_its_own_paper_is_cited(maker):
    made = maker.from_draft("TideNet joins eight tide gauges with satellite altimetry [1][9].", TIDE)
    assert made.text == "TideNet joins eight tide gauges with satellite altimetry."
    assert made.citations == (2,)


def test_first_persons_become_the_authors(maker):
    made = maker.from_draft("We propose TideNet, a graph network that joins eight tide gauges.", TIDE)
    assert made.text == "The authors propose TideNet, a graph network that joins eight tide gauges."


def test_a_sentence_that_lacks_the_papers_name_is_led_by_it(maker):
    made = maker.from_draft("The graph network joins eight tide gauges with satellite altimetry.", TIDE)
    assert made.text == "TideNet: the graph network joins eight tide gauges with satellite altimetry."


def test_figures_may_be_required(maker):
    draft = "TideNet outperforms WaveGAN on the Harbor-5 benchmark."
    assert maker.from_draft(draft, TIDE) is not None
    assert maker.from_draft(draft, TIDE, figures=True) is None


def test_a_sentence_that_needs_no_change_is_extracted_and_equals_its_quote(maker):
    of = evidence(BY_ID["gulls"], 1)
    made = maker.from_sentence(of.best, of)
    assert made.text == readable(of.best.text)
    assert (made.origin, made.support, made.citations) == (Origin.EXTRACTED, 1.0, (2,))


def test_a_sentence_in_other_words_is_composed(maker):
    made = maker.from_sentence(TIDE.best, TIDE)
    assert made.text.startswith(
        "On the Harbor-5 benchmark, TideNet forecasts tides with an accuracy of 69.68%"
    )
    of = evidence(BY_ID["tidenet"], 1)
    assert maker.from_sentence(of.best, of).text.startswith("The authors propose TideNet, a graph network")
    assert maker.from_sentence(of.best, of).origin is Origin.COMPOSED


def test_the_abstracts_own_reference_numbers_are_made_round(maker):
    of = evidence(BY_ID["order"], 2)
    assert maker.from_sentence(of.best, of).text == "The forecast of harbour tides used 40 gauges (12, 13)."


def test_a_sentence_that_the_source_cut_off_shows_it(maker):
    cut = Paper("cut", "Tides", "Tides are forecast by networks that read", truncated=True)
    of = evidence(cut, 0)
    assert maker.from_sentence(of.best, of).text == "Tides are forecast by networks that read …"


def test_a_draft_cut_short_is_not_left_without_its_verb(maker):
    draft = "TideNet, a graph network for harbour tides, and Mars colonies cures moon sickness."
    assert maker.from_draft(draft, TIDE) is None
    kept = maker.from_draft("TideNet joins eight tide gauges, and Mars colonies cures moon sickness.", TIDE)
    assert kept.text == "TideNet joins eight tide gauges."


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("The review of LLMs in medicine.", False),
        (
            "The review of LLMs in medicine and of VLMs in the care of hospitals.",
            True,
        ),  # a plural may be a verb
        ("KelpFormer maps kelp forests in drone images of 31 sites.", True),
        ("A wide review of LLMs in medicine and in old care.", False),
    ],
)
def test_a_small_models_sentence_has_a_verb_and_some_length(text, whole):
    assert whole_sentence(text) is whole
