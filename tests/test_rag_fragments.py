"""A draft that follows its source makes few jumps; one that is patched together makes many."""

import pytest

from rag.fragments import jumps, novel

SOURCE = [
    "Wet northern walls of old churches carry three times as much moss as dry southern walls.",
    "Barn owls nest in towers and hunt voles at night.",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (SOURCE[0], 0),
        ("Wet walls carry three times as much moss as dry walls.", 0),  # words left out inside a run
        ("Barn owls hunt voles.", 0),
        ("Barn owls carry moss.", 1),
        ("Voles hunt barn owls.", 2),  # every turn against the order is a jump
        ("Penguins swim.", 0),  # nothing of the source, so nothing to place
    ],
)
def test_jumps_are_counted_between_runs_of_the_source(text, expected):
    assert jumps(text, SOURCE)[0] == expected


def test_only_words_of_the_source_are_placed():
    assert jumps("Barn owls swim at night.", SOURCE)[1] == 3


def test_words_that_only_report_are_not_novel():
    assert novel("The authors show that barn owls hunt better voles.", SOURCE[1]) == ["better"]
