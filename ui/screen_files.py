"""What a session gives away: its records with their labels, and the PRISMA counts and diagram."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import gradio as gr

from index.errors import IbidError, UsageError
from rag.screening.labelled import CHOICES, choose, labelled, write_labelled
from rag.screening.prisma import Flow, FullTexts, flow_of, flow_svg
from ui.answer_source import AnswerSource
from ui.escaping import escape
from ui.events import listen
from ui.fragment import fragment
from ui.saved import export_folder, saved_html
from ui.screen_view import flow_html

logger = logging.getLogger(__name__)

MOST_DIGITS = 8


class FilesPanel:
    """Builds the panel inside the current layout and answers its events."""

    def __init__(self, source: AnswerSource, session: gr.Dropdown) -> None:
        self._source = source
        self._session = session
        with gr.Column(visible=False, elem_id="screen-files") as self.panel:
            self._build()

    def _build(self) -> None:
        session = self._session
        with gr.Accordion("Export", open=False, elem_id="screen-export"):
            self.only = gr.Dropdown(list(CHOICES), value="all", label="Which papers", elem_id="screen-only")
            with gr.Row(elem_classes="small-actions"):
                csv = gr.Button("CSV (ASReview)", size="sm", min_width=90, elem_id="screen-csv")
                ris = gr.Button("RIS with notes", size="sm", min_width=90, elem_id="screen-ris")
        with gr.Accordion("PRISMA flow", open=False, elem_id="screen-prisma") as prisma:
            with gr.Row(elem_id="screen-full-texts"):
                self.told = [
                    gr.Textbox(
                        label=name, placeholder="not told", max_length=8, min_width=70, elem_id=dom_id
                    )
                    for name, dom_id in (
                        ("Not retrieved", "screen-lost"), ("Reports excluded", "screen-ineligible"),
                        ("Studies", "screen-studies"),
                    )
                ]  # fmt: skip
            self.flow = fragment("", elem_id="screen-flow")
            svg = gr.Button("Diagram (SVG)", size="sm", elem_id="screen-svg")
        self.exported = fragment("", elem_id="screen-exported")
        self.file = gr.DownloadButton("Save", visible="hidden", elem_id="screen-file")
        counting = [session, *self.told]
        for event in (prisma.expand, *(box.change for box in self.told)):
            listen(event, self._on_count, counting, self.flow, trigger_mode="always_last")
        for button, handler, inputs in (
            (csv, self._on_csv, [session, self.only]),
            (ris, self._on_ris, [session, self.only]),
            (svg, self._on_svg, counting),
        ):
            button.click(
                handler, inputs, [self.file, self.exported], concurrency_id="export", concurrency_limit=1,
                show_progress="minimal", show_progress_on=self.exported, api_visibility="private",
            )  # fmt: skip

    def _on_count(self, session: str, *told: Any) -> str:
        try:
            return flow_html(self._flow(session, told))
        except IbidError as error:
            return _notice(error)

    def _on_csv(self, session: str, only: str) -> tuple[Any, str]:
        return self._saved(lambda path: self._write(path, session, only, "csv"), session, ".csv")

    def _on_ris(self, session: str, only: str) -> tuple[Any, str]:
        return self._saved(lambda path: self._write(path, session, only, "ris"), session, ".ris")

    def _on_svg(self, session: str, *told: Any) -> tuple[Any, str]:
        def write(path: Path) -> str:
            path.write_text(flow_svg(self._flow(session, told)), encoding="utf-8")
            return "The diagram"

        return self._saved(write, session, "-prisma.svg")

    def _flow(self, session: str, told: tuple[Any, ...]) -> Flow:
        desk = self._source.screening.open(session or "")
        counts = [_count(text) for text in told]
        try:
            return flow_of(desk.screening.session.state, FullTexts(*counts))
        except UsageError as error:
            raise UsageError(str(error).partition(";")[0]) from error  # the rest names options of the command

    def _write(self, path: Path, session: str, only: str, format: str) -> str:
        desk = self._source.screening.open(session or "")
        decisions = desk.screening.session.state.decisions
        papers = choose(labelled(desk.screening.papers, decisions, desk.unread()), only)
        keys = {paper.id: key for paper, key in self._source.keyed([p.id for p in papers])}
        papers = [paper for paper in papers if paper.id in keys]
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(write_labelled(papers, keys, format))
        return f"{len(papers):,} paper{'' if len(papers) == 1 else 's'}"

    def _saved(self, write: Any, session: str, ending: str) -> tuple[Any, str]:
        """A file to download, and a line that says so, by which the page's script knows it is there."""
        try:
            self._source.screening.open(session or "")  # checks the name before it names a file
            path = export_folder() / f"ibid-{session}{ending}"
            what = write(path)
        except IbidError as error:
            return gr.update(), _notice(error)
        except Exception:
            logger.exception("exporting a screening session failed")
            return gr.update(), _notice("The export failed; the terminal Ibid runs in shows why.")
        return gr.update(value=str(path)), saved_html(path, "Exported", f"{what} as ")


def _count(text: Any) -> int | None:
    """A number that a person typed; None for an empty box. :raises UsageError: for anything else."""
    digits = str(text or "").strip()
    if not digits:
        return None
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= MOST_DIGITS):
        raise UsageError(f"{digits[:20]!r} is no number of reports; write digits alone")
    return int(digits)


def _notice(error: object) -> str:
    return f'<p class="notice">{escape(str(error), 1000)}</p>'
