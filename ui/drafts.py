"""A draft dropped on the Cite tab: its audit on the page, its annotated copy to save.

What was uploaded lies in the private upload folder only while it is read.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from index.errors import IbidError
from rag.audit.table import annotated
from rag.audit.words import notes
from ui.answer_source import AnswerSource
from ui.audit_view import audit_html
from ui.escaping import escape
from ui.fragment import fragment
from ui.papers import export_folder

logger = logging.getLogger(__name__)

BIBLIOGRAPHIES = frozenset((".bib", ".ris", ".json", ".nbib", ".xml", ".enw", ".csv"))
HINT = (
    "A manuscript in Markdown, LaTeX, Word or plain text, and the bibliography of its keys (BibTeX, RIS, "
    "CSL-JSON). Every citation is held against the abstract that it cites."
)


class DraftPanel:
    """Builds the panel inside the current `gr.Blocks` and answers its events."""

    def __init__(self, source: AnswerSource) -> None:
        self._source = source
        with gr.Accordion("Check a whole draft", open=False, elem_id="draft-panel"):
            fragment(f'<p class="hint">{escape(HINT)}</p>')
            self.files = gr.File(
                label="Draft and bibliography",
                file_count="multiple",
                type="filepath",
                elem_id="draft-files",
                height=130,
            )
            with gr.Row(elem_classes="small-actions"):
                check = gr.Button("Check the draft", variant="primary", size="sm", elem_id="check-draft")
                self.copy = gr.DownloadButton(
                    "Save annotated copy", size="sm", visible=False, elem_id="annotated-copy"
                )
            self.audit = fragment("", elem_id="audit", min_height=40)
        check.click(
            self._on_check,
            self.files,
            [self.audit, self.copy, self.files],
            concurrency_id="claims",
            concurrency_limit=1,
            show_progress="full",
            show_progress_on=self.audit,
            api_visibility="private",
        )

    def _on_check(
        self,
        files: list[str] | None,
        progress: gr.Progress = gr.Progress(),  # noqa: B008
    ) -> tuple[str, Any, Any]:
        paths = [Path(name) for name in files or ()]
        drafts = [p for p in paths if p.suffix.lower() not in BIBLIOGRAPHIES]
        if len(drafts) != 1:
            what = "one manuscript, and its bibliography beside it" if drafts else "a manuscript first"
            return f'<p class="notice">Choose {what}.</p>', gr.update(visible=False), gr.update()

        def show(done: int, total: int, what: str) -> None:
            progress((done, total), desc=escape(what, 120), unit="")

        try:
            return *self._checked(drafts[0], [p for p in paths if p != drafts[0]], show), None
        except IbidError as error:
            why = str(error).replace(f"{drafts[0].parent}/", "")
            page = f'<p class="notice">{escape(why, 1000)}</p>'
        except Exception:
            logger.exception("checking a draft failed")
            page = '<p class="notice">Checking the draft failed; the terminal Ibid runs in shows why.</p>'
        finally:
            for path in paths:
                path.unlink(missing_ok=True)
        return page, gr.update(visible=False), None

    def _checked(self, path: Path, bibliographies: Sequence[Path], show: Any) -> tuple[str, Any]:
        """The findings, and the button with the copy behind it."""
        draft, audit = self._source.check(path, bibliographies, show)
        out = export_folder() / f"{path.stem[:60]}-checked{path.suffix}"
        out.write_bytes(annotated(draft, notes(audit)))
        return audit_html(audit), gr.update(value=str(out), visible=True)
