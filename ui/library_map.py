"""The library as pictures: a map of what its papers are about, and its papers by year."""

from __future__ import annotations

import logging
from typing import Any

import gradio as gr

from index.errors import IbidError
from index.shelf import Wanted
from rag.pictures.of_library import MOST
from ui import plots
from ui.answer_source import AnswerSource
from ui.escaping import escape
from ui.fragment import fragment

logger = logging.getLogger(__name__)

HINT = (
    "Papers near each other say similar things; groups are named by what their papers say. A click on a "
    "paper opens its record; a click on a group in the legend hides it."
)


class MapPanel:
    """Builds the panel inside the current layout; `load` draws."""

    def __init__(self, source: AnswerSource) -> None:
        self._source = source
        fragment(f'<p class="hint">{escape(HINT)}</p>')
        self.said = fragment("", elem_id="map-said")
        self.map = gr.Plot(label="Map of topics", elem_id="library-map", visible=False)
        self.timeline = gr.Plot(label="Papers by year", elem_id="library-timeline", visible=False)

    @property
    def shown(self) -> list[Any]:
        """What `load` fills."""
        return [self.said, self.map, self.timeline]

    def load(self) -> list[Any]:
        """The pictures of the library as it is now."""
        try:
            shown = self._source.pictured()
            numbers = {row.id: row.number for row in self._source.shelf().find(Wanted())}
        except IbidError as error:
            return [f'<p class="notice">{escape(str(error), 1000)}</p>', gr.update(), gr.update()]
        except Exception:
            logger.exception("drawing the library failed")
            said = "Drawing failed; the terminal Ibid runs in shows why."
            return [f'<p class="notice">{said}</p>', gr.update(), gr.update()]
        figures = [
            plots.topic_map(shown, lambda i: f"record-{numbers[i]:d}" if i in numbers else ""),
            plots.timeline(shown),
        ]
        updates = [gr.update(value=f, visible=f is not None) for f in figures]
        return [_said(len(shown.papers), figures), *updates]


def _said(papers: int, figures: list[Any]) -> str:
    """Why a picture is lacking, or that not all papers are in it."""
    if not papers:
        return '<p class="empty">This library is empty. Add files with papers to begin.</p>'
    if figures[0] is None:
        return '<p class="empty">Too few papers with abstracts for a map.</p>'
    return f'<p class="count">The {MOST:,} papers added last.</p>' if papers >= MOST else ""
