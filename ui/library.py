"""The Library tab: its papers, adding files with a result for each, and pairs in doubt.

Uploaded files lie in the private upload folder only while they are read.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from index.errors import IbidError
from index.readers.table import FORMATS
from ui.answer_source import AnswerSource
from ui.duplicates import DuplicatesPanel
from ui.escaping import escape
from ui.events import listen
from ui.fragment import fragment
from ui.library_map import MapPanel
from ui.papers import PapersPanel

logger = logging.getLogger(__name__)

PROBLEMS_SHOWN = 20


def formats_read() -> str:
    """What can be added, from the table of readers."""
    names = ", ".join(row.name for row in FORMATS)
    return f"Formats: {names}. Which one it is, is told from the content; a PDF is not read."


class LibraryTab:
    """Builds the tab inside the current `gr.Blocks` and answers its events."""

    def __init__(self, source: AnswerSource) -> None:
        self._source = source
        with gr.Column(elem_id="library"):
            with gr.Row(elem_id="library-head"):
                fragment('<h2 class="column-head">Your library</h2>')
                self.summary = fragment("", elem_id="library-summary")
            with gr.Tabs(elem_id="library-tabs"):
                with gr.Tab("Papers", id="papers") as papers_tab:
                    self.papers = PapersPanel(source)
                with gr.Tab("Map", id="map") as map_tab:
                    self.map = MapPanel(source)
                with gr.Tab("Add papers", id="add"):
                    self._build_upload()
                with gr.Tab("Duplicates", id="duplicates") as duplicates_tab:
                    duplicates = DuplicatesPanel(source)
        added = self.add.click(
            self._on_add,
            self.files,
            [self.report, self.summary, self.files],
            concurrency_id="library",
            concurrency_limit=1,
            show_progress="full",
            show_progress_on=self.report,
            api_visibility="private",
        )
        listen(added.then, *self.reading)
        listen(papers_tab.select, *self.reading)
        listen(map_tab.select, self.map.load, None, self.map.shown)
        listen(duplicates_tab.select, duplicates.load, None, duplicates.shown)

    def _build_upload(self) -> None:
        with gr.Column(elem_id="adding"):
            fragment(f'<p class="hint">{escape(formats_read())}</p>')
            self.files = gr.File(
                label="Files with papers", file_count="multiple", type="filepath", elem_id="files", height=150
            )
            self.add = gr.Button("Add to library", variant="primary", elem_id="add-files")
            self.report = fragment("", elem_id="report", min_height=60)

    @property
    def reading(self) -> tuple[Any, list[Any], list[Any]]:
        """The handler that shows the papers as they are now, its inputs and its outputs."""
        return self.papers.load, [self.papers.page, *self.papers.filters], self.papers.shown

    def load_summary(self) -> str:
        """The counts of the library as a fragment of the page."""
        try:
            return library_html(self._source.info().to_dict())
        except IbidError as error:
            return f'<p class="notice">{escape(str(error), 1000)}</p>'

    def _on_add(self, files: list[str] | None, progress: gr.Progress = gr.Progress()) -> tuple[str, Any, Any]:  # noqa: B008
        if not files:
            return '<p class="notice">Choose one or more files first.</p>', gr.update(), gr.update()
        paths = [Path(name) for name in files]

        def show(done: int, total: int, what: str) -> None:
            progress((done, total), desc=escape(what, 120), unit="")

        try:
            report = report_html(self._source.add_files(paths, show).to_dict())
        except IbidError as error:
            report = f'<p class="notice">{escape(str(error), 1000)}</p>'
        except Exception:
            logger.exception("adding files failed")
            report = '<p class="notice">Adding the files failed; the terminal Ibid runs in shows why.</p>'
        finally:
            for path in paths:
                path.unlink(missing_ok=True)
        return report, self.load_summary(), None


def library_html(info: Mapping[str, Any]) -> str:
    """`ibid.library/1` in words and numbers."""
    untitled = info.get("untitled") or 0
    rows = [
        ("Papers", f"{info['papers']:,}"),
        ("Without a title", f"{untitled:,}") if untitled else None,
        ("Passages searched", f"{info['chunks']:,}") if info.get("chunks") else None,
        ("Search model", escape(str(info["embedder"]), 120)) if info.get("embedder") else None,
        ("Folder", f"<code>{escape(str(info['path']), 300)}</code>") if info.get("path") else None,
    ]
    cells = "".join(f"<div><dt>{row[0]}</dt><dd>{row[1]}</dd></div>" for row in rows if row)
    return f'<dl class="facts-list">{cells}</dl>'


def report_html(report: Mapping[str, Any]) -> str:
    """`ibid.add/1` as a table, a row a file, with the problems and their lines beneath."""
    columns = ("read", "new", "duplicates", "skipped")
    head = "<th>File</th><th>Format</th>" + "".join(
        f'<th class="count">{name.capitalize()}</th>' for name in columns
    )
    rows = "".join(
        f"<tr><td>{escape(Path(str(f['path'])).name, 120)}</td>"
        f"<td>{escape(str(f.get('format') or '–'), 40)}</td>"
        + "".join(f'<td class="count">{int(f.get(name) or 0):,}</td>' for name in columns)
        + "</tr>"
        + _problems(f)
        for f in report["files"]
    )
    new = int(report.get("new") or 0)
    total = f"{new:,} new paper{'' if new == 1 else 's'} from {int(report.get('read') or 0):,} records"
    bad = [f for f in report["files"] if f.get("problems") or not f.get("read")]
    kind = "answered" if not bad else "partial" if new or report.get("read") else "insufficient"
    word = {"answered": "Added", "partial": "Added with problems", "insufficient": "Nothing added"}[kind]
    return (
        f'<p class="outcome {kind}"><span class="badge">{word}</span><span class="facts">{total}</span></p>'
        f'<div class="table-wrap"><table class="report"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _problems(file: Mapping[str, Any]) -> str:
    """The problems of a file in a row of their own, without the place of the upload."""
    problems = file.get("problems") or ()
    if not problems:
        return ""
    place = f"{file['path']}: "
    items = "".join(
        f"<li>line {int(p['line'])}: {escape(str(p['why']).removeprefix(place), 300)}</li>"
        for p in problems[:PROBLEMS_SHOWN]
    )
    more = len(problems) - PROBLEMS_SHOWN
    rest = f"<li>and {more:,} more</li>" if more > 0 else ""
    return f'<tr class="problems"><td colspan="6"><ul>{items}{rest}</ul></td></tr>'
