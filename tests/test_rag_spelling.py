"""Typing errors are put right; names and known words are left alone."""

import pytest
from index_fixtures import ENCODER

from index.build import add_readings
from index.library import Library
from index.types import FileReading, Paper
from rag.spelling import Speller


@pytest.fixture(scope="module")
def speller(tmp_path_factory):
    folder = tmp_path_factory.mktemp("spelling") / "library"
    abstract = "Segmentation of pressure ulcers with the SpiroNet architecture by a mobile application."
    reading = FileReading("x.jsonl", "jsonl", (Paper("a", "Pressure ulcers", abstract),), read=1)
    add_readings(folder, [reading], ENCODER)
    with Library.open(folder) as library:
        yield Speller(library)


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("presure ulcer segmentaton", "pressure ulcer segmentation"),
        ("Auf welcher Architektur", "on which architecture"),
        ("an Architekture", "an Architekture"),  # a noun with a capital may be a name
        ("la architekture", "la architecture"),
        ("SpiroNets and SpiraNet", "SpiroNets and SpiraNet"),
        ("protein therapy", "protein therapy"),
        ("the pressure of it", "the pressure of it"),
        ("", ""),
    ],
)
def test_only_plain_unknown_words_change_and_only_to_near_ones(speller, asked, meant):
    assert speller.correct(asked) == meant
