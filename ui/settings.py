"""The folded search settings: how many papers, which way of searching, from which years."""

from __future__ import annotations

from typing import Any

import gradio as gr

from index.errors import UsageError
from rag.engine import AskOptions

MODES = {
    "Meaning and words, then read (reranked)": "reranked",
    "Meaning and words (hybrid)": "hybrid",
    "Meaning only (dense)": "dense",
    "Words only (lexical)": "lexical",
}
FEWEST, MOST, USUAL = 3, 20, 8


class SettingsPanel:
    """Builds the panel inside the current layout; `options` reads what its components hold."""

    def __init__(self) -> None:
        with gr.Accordion("Search settings", open=False, elem_id="settings"):
            with gr.Row():
                self.year_from = gr.Number(None, label="From year", precision=0, min_width=110)
                self.year_to = gr.Number(None, label="To year", precision=0, min_width=110)
            self.mode = gr.Radio(list(MODES), value=next(iter(MODES)), label="Search by")
            self.k = gr.Slider(FEWEST, MOST, value=USUAL, step=1, label="Papers to read for an answer")

    @property
    def components(self) -> list[Any]:
        """The components whose values `options` takes, in its order."""
        return [self.k, self.mode, self.year_from, self.year_to]

    def options(self, k: Any, mode: Any, year_from: Any, year_to: Any) -> AskOptions:
        """What a client sent, checked, as the options of an answer.

        :raises UsageError: the years run backwards.
        """
        first, last = _year(year_from), _year(year_to)
        if first is not None and last is not None and first > last:
            raise UsageError(f"No year is from {first} to {last}: swap the two years in the search settings.")
        count = min(MOST, max(FEWEST, int(k))) if isinstance(k, int | float) else USUAL
        return AskOptions(k=count, mode=MODES.get(mode, "reranked"), year_from=first, year_to=last)


def _year(value: Any) -> int | None:
    """A year from a number field; empty and 0 mean any."""
    return int(value) if isinstance(value, int | float) and 0 < value < 10_000 else None
