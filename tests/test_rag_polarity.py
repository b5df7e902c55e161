"""Negation held against the source."""

import pytest

from rag.polarity import negation_faults

SOURCE = [
    "Tides are hard to forecast when gauges are missing.",
    "TideNet does not need labelled storms.",
    "It eliminates the need for manual prompts and improves accuracy without retraining the encoder.",
    "Adding wind data did not improve the forecasts.",
    "Unsupervised clustering groups the harbours.",
    "No single model dominates across ports.",
]
FINE = [
    "TideNet needs no labelled storms.",
    "TideNet works without labelled storms.",
    "TideNet requires no manual prompts.",
    "Accuracy improves without retraining the encoder.",
    "Wind data did not improve the forecasts.",
    "Harbours are grouped without supervision by clustering.",
    "No single model dominates.",
    "TideNet improves accuracy.",
    "Not only accuracy improves.",
]
HERE = [
    "TideNet does not improve accuracy.",
    "Tides are never hard to forecast.",
    "Clustering does not group the harbours.",
    "Accuracy is not 5%.",
]
THERE = [
    "TideNet needs labelled storms.",
    "TideNet needs manual prompts.",
    "A single model dominates across ports.",
    "Accuracy improves with retraining the encoder.",
]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("The forecasts are inaccurate.", "The forecasts are accurate."),
        ("Forecasting was supervised.", "Forecasting was unsupervised."),
    ],
)
def test_a_word_and_its_contrary_do_not_agree(text, source):
    assert negation_faults(text, [source], lambda stem: 1.0) == ["the contrary word stands in the source"]


@pytest.mark.parametrize("text", FINE)
def test_a_denial_in_any_words_agrees_with_the_source(text):
    assert negation_faults(text, SOURCE, lambda stem: 1.0) == []


@pytest.mark.parametrize("text", HERE)
def test_a_denial_of_what_the_source_asserts_is_a_fault(text):
    assert negation_faults(text, SOURCE, lambda stem: 1.0) == ["negated here, not in the source"]


@pytest.mark.parametrize("text", THERE)
def test_an_assertion_of_what_the_source_denies_is_a_fault(text):
    assert negation_faults(text, SOURCE, lambda stem: 1.0) == ["negated in the source, not here"]
