"""Citation markers: whatever a model writes, only served numbers bind and none stays in the text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.citations import Bound, bind, neutralise

SERVED = 5
CASES = {
    "one": ("Tides rise [1].", "Tides rise.", (1,), 0),
    "list": ("Tides rise [1, 2].", "Tides rise.", (1, 2), 0),
    "semicolons": ("Tides rise [2;1]", "Tides rise", (2, 1), 0),
    "range": ("Tides [1-3] rise.", "Tides rise.", (1, 2, 3), 0),
    "range with an en dash": ("Tides [2–4] rise.", "Tides rise.", (2, 3, 4), 0),
    "list with a range": ("Tides [5, 1-2] rise.", "Tides rise.", (5, 1, 2), 0),
    "adjacent": ("Tides [1][2] rise.", "Tides rise.", (1, 2), 0),
    "said twice": ("Tides [1] rise [1].", "Tides rise.", (1,), 0),
    "lenticular": ("Tides rise【1】.", "Tides rise.", (1,), 0),
    "full-width brackets": ("Tides rise［2］.", "Tides rise.", (2,), 0),
    "footnote": ("Tides rise[^1].", "Tides rise.", (1,), 0),
    "full-width digit": ("Tides rise [３].", "Tides rise.", (3,), 0),
    "blanks inside": ("Tides rise [ 2 ].", "Tides rise.", (2,), 0),
    "and": ("Tides rise [1 and 2].", "Tides rise.", (1, 2), 0),
    "named source": ("Tides rise [Source 2].", "Tides rise.", (2,), 0),
    "page numbers cite nothing": ("Tides rise [1, p. 3].", "Tides rise.", (1,), 0),
    "seven of five": ("Tides rise [7].", "Tides rise.", (), 1),
    "zero": ("Tides rise [0].", "Tides rise.", (), 1),
    "served and invented": ("Tides rise [2, 9].", "Tides rise.", (2,), 1),
    "endless range": ("Tides rise [1-999999999].", "Tides rise.", (1, 2, 3, 4, 5), 1),
    "endless number": ("Tides rise [" + "9" * 400 + "].", "Tides rise.", (), 1),
    "backward range": ("Tides rise [3-1].", "Tides rise.", (), 0),
    "in code": ("Call `a[1]` first.", "Call `a` first.", (1,), 0),
    "in LaTeX": ("The sum $x_{[2]}$ is.", "The sum $x_{}$ is.", (2,), 0),
    "nested": ("Tides rise [[1]].", "Tides rise.", (1,), 0),
    "nested list": ("Tides rise [1, [2]].", "Tides rise.", (2, 1), 0),
    "cut off": ("Tides rise [1, 2", "Tides rise", (), 0),
    "round brackets are text": ("Tides rise (1).", "Tides rise (1).", (), 0),
    "an interval is text": ("A weight in [0.1, 0.9].", "A weight in [0.1, 0.9].", (), 0),
    "words are text": ("A [mask] token.", "A [mask] token.", (), 0),
}


@pytest.mark.parametrize(("text", "bare", "cited", "invented"), CASES.values(), ids=CASES.keys())
def test_markers_are_read_bound_and_taken_out(text, bare, cited, invented):
    assert bind(text, SERVED) == Bound(bare, cited, invented)


PIECES = st.lists(
    st.one_of(
        st.sampled_from(list("[]【】［］〔〕^-–,; 0123456789٣①") + ["[1", "2]", "[[", "source ", "and "]),
        st.integers(-5, 10**15).map(str),
        st.text(max_size=5),
    ),
    max_size=30,
).map("".join)


@given(text=PIECES, served=st.integers(0, 6))
@settings(max_examples=500, deadline=None)
def test_no_number_outside_the_served_set_survives_whatever_the_text(text, served):
    bound = bind(text, served)
    assert all(1 <= n <= served for n in bound.citations)
    assert len(set(bound.citations)) == len(bound.citations)
    assert not re.search(r"[\[【［〔]\s*\^?\d[\d\s,;–—-]*[\]】］〕]", bound.text)
    assert bind(bound.text, served).citations == ()


@pytest.mark.parametrize(
    "text",
    ["[" * 50_000, "[1" * 30_000, "[" + " " * 100_000, "[1" + ", 1" * 30_000, "[" * 200 + "1" + "]" * 200],
)
def test_hostile_texts_take_no_time(text):
    started = time.monotonic()
    bind(text, 3)
    neutralise(text)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("text", "neutral"),
    [
        ("As [1] and [2, 3] show", "As (1) and (2, 3) show"),
        ("see 【4】 and [^5]", "see (4) and (^5)"),
        ("a [mask] in [0.1, 0.9]", "a [mask] in [0.1, 0.9]"),
    ],
)
def test_numbers_of_the_abstract_itself_become_round(text, neutral):
    assert neutralise(text) == neutral
    assert bind(neutral, 9).citations == ()
