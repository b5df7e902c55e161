"""Directions and the order of the compared, held against the source."""

import time

import pytest

from rag.comparison import direction_faults, is_direction, order_faults

SOURCE = [
    "TideNet outperforms WaveGAN on Harbor-5, reducing the median error by 11% while raising coverage by 4%.",
    "Bleaching was lower under shade.",
    "Smaller ports need fewer gauges than larger ports.",
    "KelpFormer improves mean error from 13.0 to 9.6.",
    "SealNet is worse than OtterNet.",
    "Shade inhibits slime on rocks.",
]
TURNED = "the direction of the comparison is not the source's"


def even(stem: str) -> float:
    return 1.0


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("TideNet surpasses WaveGAN on Harbor-5.", []),
        ("The median error falls by 11% and coverage rises by 4%.", []),
        ("The median error rises by 11%.", [TURNED]),
        ("TideNet reduces coverage by 4%.", [TURNED]),
        ("Under shade, bleaching was higher.", [TURNED]),
        ("KelpFormer lowers mean error from 13.0 to 9.6.", []),
        ("KelpFormer raises mean error from 13.0 to 9.6.", [TURNED]),
        ("KelpFormer degrades mean error.", [TURNED]),
        ("Shade promotes slime.", [TURNED]),
        ("Shade inhibits slime.", []),
        ("TideNet joins gauges.", []),
    ],
)
def test_a_direction_must_be_the_sources(text, faults):
    assert direction_faults(text, SOURCE, even) == faults


def test_a_comparison_that_the_source_does_not_make_is_a_fault():
    assert direction_faults("It outperforms all.", ["Tides come and go."], even) == [
        "compares, which the source does not"
    ]


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("TideNet outperforms WaveGAN.", False),
        ("WaveGAN outperforms TideNet.", True),
        ("WaveGAN is outperformed by TideNet.", False),
        ("TideNet is outperformed by WaveGAN.", True),
        ("WaveGAN underperforms TideNet.", False),
        ("OtterNet is better than SealNet.", False),
        ("SealNet is better than OtterNet.", True),
        ("OtterNet outperforms SealNet.", False),
        ("TideNet joins WaveGAN.", False),
    ],
)
def test_the_compared_must_stand_on_the_sources_sides(text, turned):
    expected = ["the compared stand in another order"] if turned else []
    assert order_faults(text, SOURCE, even) == expected


@pytest.mark.parametrize(
    ("stem", "direction"),
    [
        ("outperform", True),
        ("lower", True),
        ("more", True),
        ("moret", False),
        ("morning", False),
        ("tid", False),
    ],
)
def test_direction_words_are_known_by_their_beginning(stem, direction):
    assert is_direction(stem) is direction


def test_long_texts_take_no_time():
    started = time.monotonic()
    direction_faults("reduces " + "a b " * 5000 + "from 1", SOURCE, even)
    direction_faults("from " * 20_000, SOURCE, even)
    assert time.monotonic() - started < 2
