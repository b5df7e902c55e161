"""What a topic demands besides its subject."""

import pytest

from index.types import Hit, Paper, Scores
from rag.facets import Facets


def paper(title, abstract="We study it."):
    return Paper(id=title, title=title, abstract=abstract)


@pytest.mark.parametrize(
    ("topic", "text", "left_out"),
    [
        ("signals other than the ECG, e.g. EEG", "signals, e.g. EEG", ("ECG",)),
        ("methods except for U-Nets and transformers in fog", "methods in fog", ("U-Nets", "transformers")),
        ("imaging except CT, MRI and PET in stroke", "imaging in stroke", ("CT", "MRI", "PET")),
        ("tides apart from spring tides", "tides", ("spring tides",)),
        ("kelp except sequence-to-sequence models", "kelp", ("sequence-to-sequence models",)),
        ("Which nets other than kites are used, and how?", "Which nets are used, and how?", ("kites",)),
        ("Which nets other than KelpNet map reefs?", "Which nets map reefs?", ("KelpNet",)),
        ("nets other than Kelp-4 and KelpNet 2 in fog", "nets in fog", ("Kelp-4", "KelpNet 2")),
        ("Apart from X-rays, which tides?", "which tides?", ("X-rays",)),
        ("What is known of kelp?", "What is known of kelp?", ()),
        ("including but not limited to kelp", "including but not limited to kelp", ()),
        ("nets except those based on rope", "nets except those based on rope", ()),
        ("other than that", "other than that", ()),
    ],
)
def test_what_is_left_out_is_no_part_of_the_subject(topic, text, left_out):
    assert (Facets.of(topic).text, Facets.of(topic).left_out) == (text, left_out)


def test_a_clause_is_not_taken_for_a_thing():
    topic = "tides other than what the harbour master of Brest wrote"
    assert Facets.of(topic) == Facets(topic)


def test_a_paper_titled_by_what_is_left_out_does_not_fit_unless_it_names_what_is_wanted():
    facets = Facets.of("physiological signals other than the ECG, e.g. EEG")
    assert facets.against(paper("Electrocardiograms at sea")) == "is on ECG"
    assert facets.against(paper("ECGs at sea")) == "is on ECG"
    assert facets.against(paper("From ECG to EEG")) == ""
    assert facets.against(paper("", "An ECG at sea. It works.")) == "is on ECG"
    assert facets.against(paper("Breathing at sea", "Unlike the ECG, breath is cheap.")) == ""


@pytest.mark.parametrize(
    ("topic", "wanted"),
    [
        ("recent reviews on tides", True),
        ("Which systematic reviews and meta-analyses exist on tides?", True),
        ("surveys about tides", True),
        ("review articles on tides", True),
        ("reviews of tide models", True),
        ("A review of tide models", False),
        ("Give me a survey of tides", False),
        ("surveys of patients with gout", False),
        ("film reviews and what they say", False),
        ("How do surveys measure tides?", False),
    ],
)
def test_a_topic_may_want_reviews_alone(topic, wanted):
    assert Facets.of(topic).reviews is wanted


def test_only_reviews_fit_where_reviews_are_wanted():
    facets = Facets.of("reviews on tides")
    assert facets.against(paper("Tides: A Survey", "This survey covers tides.")) == ""
    assert (
        facets.against(paper("Tides after storms: a systematic review", "Objective: To assess tides.")) == ""
    )
    assert facets.against(paper("Tides", "We reviewed the literature on tides.")) == ""
    nurses = paper(
        "Tides and nurses", "We did a cross-sectional survey of 200 nurses. They were asked of tides."
    )
    assert facets.against(nurses) == "is no review"
    assert facets.against(paper("A tide model", "We propose a model of tides.")) == "is no review"


def test_other_languages_have_to_be_named():
    facets = Facets.of("How well do models work outside English?")
    assert facets.text == "How well do models work outside English?" and facets.other_languages
    assert not Facets.of("code generation in other languages than Python").other_languages
    assert not Facets.of("models other than English BERT").other_languages
    for text in (
        "We test them in Welsh.",
        "A multi-lingual test.",
        "It knows 100+ languages.",
        "African languages.",
    ):
        assert facets.against(paper("Models", text)) == ""
    for text in (
        "They lao and polish the text.",
        "Chinese hamster cells.",
        "Programming languages.",
        "Latin squares.",
    ):
        assert facets.against(paper("Models", text)) == "names no language but English"


def test_demands_that_no_paper_meets_are_dropped():
    hits = [Hit(None, paper(t), Scores(), n) for n, t in enumerate(("ECGs", "An ECG atlas", "Breath"), 1)]
    facets = Facets.of("signals other than the ECG")
    assert [h.paper.title for h in facets.fitting(hits)] == ["Breath"]
    assert facets.fitting(hits[:2]) == hits[:2]
    assert Facets.of("signals").fitting(hits) == hits
