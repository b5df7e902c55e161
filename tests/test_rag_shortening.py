"""A draft may leave words out, but not those that say what the others are words of."""

import pytest

from rag.shortening import shortening_faults

SOURCE = [
    "The corpus holds multi-view films of 32 keepers feeding captive owls with a length of 14 hours.",
    "We train MossNet, a wall model, which reaches an F1 of 0.82 and 0.73 on the Kirk and Abbey test sets.",
    "We introduce OwlVec, an encoder of night calls, and OwlClip, a framework that pairs it with pictures.",
    "It predicts owl sighting counts in 40 parishes (equivalent to 900 farms) near the river.",
]
TITLE = "Owls and moss on old walls"


@pytest.mark.parametrize(
    "text",
    [
        *SOURCE,
        "The corpus holds multi-view films of 32 keepers feeding captive owls.",
        "MossNet reaches an F1 of 0.82 and 0.73 on the Kirk and Abbey test sets.",
        "OwlVec, an encoder of night calls.",
        "It predicts owl sighting counts in 40 parishes.",
        "Old walls: it predicts owl sighting counts.",  # words of the title
    ],
)
def test_what_was_left_out_without_harm_is_no_fault(text):
    assert shortening_faults(text, SOURCE, TITLE) == []


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("The corpus holds 32 multi-view films of 32 keepers.", "32 stands elsewhere"),
        ("MossNet reaches an F1 of 0.82 on the Kirk and Abbey test sets.", "0.82 stands elsewhere"),
        ("MossNet reaches an F1 of 0.82.", "0.82 stands elsewhere"),
        ("OwlVec, an encoder of night calls, is a framework.", "one thing is called another"),
        ("It predicts owl sighting in 40 parishes.", "'count' is missing"),
        ("It predicts owl sighting counts in 40 parishes and 900 farms.", "900 stands elsewhere"),
        ("It predicts owl sighting counts with pictures.", "'pictur' is of another sentence"),
    ],
)
def test_what_changes_the_sense_is_named(text, fault):
    assert fault in shortening_faults(text, SOURCE, TITLE)


def test_nothing_to_compare_with_is_no_fault_of_its_own():
    assert shortening_faults("", [], "") == []
