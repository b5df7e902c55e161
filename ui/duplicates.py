"""Pairs of papers that may be one work, one at a time, to be settled by a person.

The buttons stand above the pair, so that they do not move with the length of an abstract.
"""

from __future__ import annotations

import logging
from typing import Any

import gradio as gr

from index.errors import IbidError
from ui.answer_source import AnswerSource
from ui.escaping import escape
from ui.fragment import fragment
from ui.listing import pair_html

logger = logging.getLogger(__name__)

HINT = (
    '<p class="hint">Records that are surely one paper were joined when they were added. These are in doubt: '
    "what you decide is kept and not asked again. The same paper becomes one record with the fields of both."
    "</p>"
)
NONE_LEFT = '<p class="empty">No pair is in doubt.</p>'
SAME, DIFFERENT, LATER = "same", "different", "later"
Pairs = tuple[tuple[str, str], ...]


class DuplicatesPanel:
    """Builds the panel inside the current layout and answers its events."""

    def __init__(self, source: AnswerSource) -> None:
        self._source = source
        self.pairs: gr.State = gr.State(())
        with gr.Column(elem_id="duplicates"):
            fragment(HINT)
            with gr.Row(elem_id="settle", visible=False) as self.buttons:
                same = gr.Button("Same paper", variant="primary", elem_id="same-paper", min_width=110)
                different = gr.Button("Different papers", elem_id="different-papers", min_width=110)
                later = gr.Button("Decide later", elem_id="decide-later", min_width=110)
            self.settled = fragment("", elem_id="settled")
            self.pair = fragment("", elem_id="pair")
        for button, handler in (
            (same, self._on_same), (different, self._on_different), (later, self._on_later),
        ):  # fmt: skip
            button.click(
                handler, self.pairs, self.shown, concurrency_id="library", concurrency_limit=1,
                show_progress="hidden", api_visibility="private",
            )  # fmt: skip

    @property
    def shown(self) -> list[Any]:
        """What `load` fills."""
        return [self.pairs, self.buttons, self.pair, self.settled]

    def load(self) -> list[Any]:
        """The pairs that are in doubt now."""
        try:
            pairs = tuple((a.id, b.id) for a, b in self._source.doubtful_pairs())
        except IbidError as error:
            return [(), gr.update(visible=False), f'<p class="notice">{escape(str(error), 1000)}</p>', ""]
        return self._show(pairs, "")

    def _on_same(self, pairs: Pairs) -> list[Any]:
        return self._settle(pairs, SAME)

    def _on_different(self, pairs: Pairs) -> list[Any]:
        return self._settle(pairs, DIFFERENT)

    def _on_later(self, pairs: Pairs) -> list[Any]:
        return self._settle(pairs, LATER)

    def _settle(self, pairs: Pairs, decision: str) -> list[Any]:
        """Keep a decision on the first pair and show the next; a pair put off comes last."""
        if not pairs:
            return self.load()
        (first, second), rest = pairs[0], pairs[1:]
        said = {SAME: "One paper now.", DIFFERENT: "Kept as two papers.", LATER: "Put off."}[decision]
        try:
            if decision == SAME:
                self._source.unite(first, second)
                rest = tuple(pair for pair in rest if second not in pair)
            elif decision == DIFFERENT:
                self._source.keep_apart(first, second)
            else:
                rest = (*rest, pairs[0])
        except IbidError as error:
            said, rest = escape(str(error), 500), pairs
        except Exception:
            logger.exception("settling a pair failed")
            said, rest = "That failed; the terminal Ibid runs in shows why.", pairs
        return self._show(rest, said)

    def _show(self, pairs: Pairs, said: str) -> list[Any]:
        """The first of the pairs whose papers both still exist."""
        line = f'<p class="hint" role="status">{said}</p>' if said else ""
        while pairs:
            papers = [paper for paper, _ in self._source.keyed(pairs[0])]
            if len(papers) == 2:
                html = pair_html((papers[0], papers[1]), len(pairs))
                return [pairs, gr.update(visible=True), html, line]
            pairs = pairs[1:]
        return [(), gr.update(visible=False), NONE_LEFT, line]
