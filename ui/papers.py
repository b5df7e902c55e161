"""The papers of a library as a table: search, filters, pages, the open record, export."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import gradio as gr

from index.errors import IbidError, UsageError
from index.shelf import Order, Row, Wanted
from index.types import Paper
from rag.commands.options import parse_years
from rag.export.table import find_format, write
from ui.answer_source import AnswerSource
from ui.escaping import escape, plain
from ui.events import listen
from ui.fragment import fragment
from ui.listing import NO_RECORD, Page, files_found, page_html, record_html
from ui.picks import bridge, numbers
from ui.saved import export_folder, saved_html

logger = logging.getLogger(__name__)

PAGE = 25
BATCH = 500  # papers held at once while a file is written
WORDS_LENGTH = 300
SOURCES_LISTED = 500
EVERY_SOURCE = "All files"
ORDERS = {
    "Last added": Order.ADDED,
    "Newest": Order.NEWEST,
    "Oldest": Order.OLDEST,
    "Title": Order.TITLE,
    "First author": Order.AUTHOR,
}
FORMATS = {
    "BibTeX": "bibtex",
    "BibLaTeX": "biblatex",
    "RIS": "ris",
    "CSL-JSON": "csl-json",
    "JSON lines": "jsonl",
    "CSV for a spreadsheet": "csv",
}


class PapersPanel:
    """Builds the panel inside the current layout and answers its events."""

    def __init__(self, source: AnswerSource) -> None:
        self._source = source
        self.page = gr.State(0)
        self._build_filters()
        with gr.Row(elem_id="shelf-desk", elem_classes="desk"):
            with gr.Column(scale=7, min_width=320, elem_id="papers"):
                self.listing = fragment("", elem_id="listing")
                with gr.Row(elem_id="pager", elem_classes="small-actions"):
                    self.back = gr.Button("Previous", size="sm", elem_id="page-back", min_width=80)
                    self.on = gr.Button("Next", size="sm", elem_id="page-on", min_width=80)
                self._build_export()
            with gr.Column(scale=5, min_width=300, elem_id="record-side", elem_classes="beside"):
                self.record = fragment(NO_RECORD, elem_id="record")
        self.picks = bridge("paper-picks", "Ticked papers")
        self.opened = bridge("paper-opened", "Opened paper")
        self._connect()

    def _build_filters(self) -> None:
        with gr.Row(elem_id="filters"):
            self.words = gr.Textbox(
                label="Search", placeholder="Title, author, year, words of the abstract, DOI",
                max_length=WORDS_LENGTH, scale=5, min_width=260, elem_id="find",
            )  # fmt: skip
            self.years = gr.Textbox(
                label="Years", placeholder="2020-2024", max_length=20, scale=1, min_width=120, elem_id="years"
            )
            self.source = gr.Dropdown(
                [EVERY_SOURCE],
                value=EVERY_SOURCE,
                label="Read from",
                min_width=150,
                scale=2,
                elem_id="from-file",
            )
            self.order = gr.Dropdown(
                list(ORDERS), value="Last added", label="Sort by", min_width=130, scale=2, elem_id="order"
            )

    def _build_export(self) -> None:
        with gr.Row(elem_id="export", equal_height=True):
            fragment(
                '<p class="ticked"><span id="ticked">Nothing ticked</span> '
                '<button type="button" class="untick">Untick all</button></p>', elem_id="ticked-line",
            )  # fmt: skip
            self.format = gr.Dropdown(
                list(FORMATS), value="BibTeX", label="Format", min_width=150, scale=0, elem_id="export-format"
            )
            self.export_picked = gr.Button(
                "Export ticked", size="sm", variant="primary", min_width=110, scale=0, elem_id="export-ticked"
            )
            self.export_all = gr.Button("Export all", size="sm", min_width=110, scale=0, elem_id="export-all")
        self.exported = fragment("", elem_id="exported")
        self.file = gr.DownloadButton("Save", visible="hidden", elem_id="export-file")

    @property
    def filters(self) -> list[Any]:
        """The components whose values `wanted` takes, in its order."""
        return [self.words, self.years, self.source, self.order]

    @property
    def shown(self) -> list[Any]:
        """What `load` fills."""
        return [self.listing, self.page, self.back, self.on, self.export_all, self.source]

    def _connect(self) -> None:
        settled = (self.words.change, self.years.submit, self.years.blur, self.source.input, self.order.input)
        for event in settled:
            listen(event, self._first, self.filters, self.shown[:-1], trigger_mode="always_last")
        turning = [self.page, *self.filters]
        listen(self.back.click, lambda page, *f: self._page(page - 1, f), turning, self.shown[:-1])
        listen(self.on.click, lambda page, *f: self._page(page + 1, f), turning, self.shown[:-1])
        listen(self.opened.change, self._on_opened, self.opened, self.record)
        for button, handler, inputs in (
            (self.export_picked, self._on_export_picked, [self.format, self.picks]),
            (self.export_all, self._on_export_all, [self.format, *self.filters]),
        ):
            button.click(
                handler, inputs, [self.file, self.exported], concurrency_id="export", concurrency_limit=1,
                show_progress="minimal", show_progress_on=self.exported, api_visibility="private",
            )  # fmt: skip

    def load(self, page: int, *filters: Any) -> list[Any]:
        """The page and the menu of files as they are now."""
        try:
            names = self._source.shelf().sources()
        except IbidError as error:
            return [f'<p class="notice">{escape(str(error), 1000)}</p>', 0, *[gr.update()] * 4]
        menu = [EVERY_SOURCE, *files_found([(plain(n, 120), c) for n, c in names[:SOURCES_LISTED]])]
        return [*self._page(page, filters), gr.update(choices=menu)]

    def _first(self, *filters: Any) -> list[Any]:
        return self._page(0, filters)

    def _page(self, page: int, filters: tuple[Any, ...]) -> list[Any]:
        """One page of what fits the filters; a page there is not gives the last there is."""
        try:
            chosen = wanted(*filters)
            shelf = self._source.shelf()
            rows = shelf.find(chosen)
            at = max(0, min(page, (len(rows) - 1) // PAGE))
            papers = self._papers(rows[at * PAGE : (at + 1) * PAGE])
        except IbidError as error:
            return [f'<p class="notice">{escape(str(error), 1000)}</p>', 0, *[gr.update()] * 3]
        html = page_html(Page(papers, at * PAGE + 1, len(rows), len(shelf)))
        what = "Export all" if len(rows) == len(shelf) else f"Export all {len(rows):,} found"
        return [
            html,
            at,
            gr.update(interactive=at > 0),
            gr.update(interactive=(at + 1) * PAGE < len(rows)),
            gr.update(value=what, interactive=bool(rows)),
        ]

    def _papers(self, rows: list[Row]) -> tuple[tuple[int, Paper], ...]:
        found = {paper.id: paper for paper, _ in self._source.keyed([row.id for row in rows])}
        return tuple((row.number, found[row.id]) for row in rows if row.id in found)

    def _on_opened(self, opened: str) -> str:
        """The record of the number that the page's script wrote; nothing when it was closed."""
        try:
            rows = self._source.shelf().rows(numbers((opened or "").partition(":")[0])[:1])
            papers = self._source.keyed([row.id for row in rows])
        except IbidError as error:
            return f'<p class="notice">{escape(str(error), 1000)}</p>'
        if not papers:
            return '<p class="empty">That paper is gone.</p>' if opened else NO_RECORD
        return record_html(rows[0].number, *papers[0])

    def _on_export_picked(self, format: str, picks: str) -> tuple[Any, str]:
        return self._export(format, lambda: self._source.shelf().rows(numbers(picks)), "ticked")

    def _on_export_all(self, format: str, *filters: Any) -> tuple[Any, str]:
        return self._export(format, lambda: self._source.shelf().find(wanted(*filters)), "papers")

    def _export(self, format: str, choose: Any, name: str) -> tuple[Any, str]:
        """A file to download, and a line that says so, by which the page's script knows it is there."""
        try:
            rows = choose()
            if not rows:
                return gr.update(), '<p class="notice">Tick the papers to export first.</p>'
            row = find_format(FORMATS.get(format, "bibtex"))
            ending = row.endings[0] if row.endings else ".bib"
            path = export_folder() / f"ibid-{name}{ending}"
            with path.open("w", encoding="utf-8", newline="") as file:
                file.writelines(write(self._keyed(rows), row.name))
        except IbidError as error:
            return gr.update(), f'<p class="notice">{escape(str(error), 1000)}</p>'
        except Exception:
            logger.exception("exporting papers failed")
            return (
                gr.update(),
                '<p class="notice">The export failed; the terminal Ibid runs in shows why.</p>',
            )
        count = f"{len(rows):,} paper{'' if len(rows) == 1 else 's'}"
        return gr.update(value=str(path)), saved_html(path, "Exported", f"{count} as ")

    def _keyed(self, rows: list[Row]) -> Iterator[tuple[Paper, str]]:
        for at in range(0, len(rows), BATCH):
            yield from self._source.keyed([row.id for row in rows[at : at + BATCH]])


def wanted(words: Any, years: Any, source: Any, order: Any) -> Wanted:
    """What a client sent as filters, checked. :raises UsageError: the years are no span of years."""
    try:
        first, last = parse_years(str(years or "").strip().replace("–", "-"))
    except UsageError as error:
        raise UsageError(str(error).removeprefix("--year ")) from error
    return Wanted(
        str(words or "")[:WORDS_LENGTH],
        first,
        last,
        source if isinstance(source, str) and source != EVERY_SOURCE else None,
        ORDERS.get(order, Order.ADDED),
    )
