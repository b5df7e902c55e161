"""The Cite tab: a sentence or a paragraph in, papers with their stance out, ticked papers to paste."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import gradio as gr

from index.errors import IbidError
from index.sentences import split_sentences
from ui import entries
from ui.answer_source import AnswerSource
from ui.drafts import DraftPanel
from ui.escaping import escape
from ui.events import listen
from ui.findings import WELCOME, Lookup, findings_html
from ui.fragment import fragment
from ui.picks import bridge, numbers

logger = logging.getLogger(__name__)

TEXT_LENGTH = 20_000
SENTENCES = 60
PAPERS = 8  # a sentence
Update = dict[Any, Any]


class CiteTab:
    """Builds the tab inside the current `gr.Blocks` and answers its events."""

    def __init__(self, source: AnswerSource) -> None:
        self._source = source
        self._stops: dict[str, threading.Event] = {}  # by session
        self.lookup = gr.State(Lookup(0, ()))
        with gr.Row(elem_id="cite-desk", elem_classes="desk"):
            with gr.Column(scale=6, min_width=320, elem_id="claims"):
                self._build_claims()
            with gr.Column(scale=4, min_width=300, elem_id="to-cite", elem_classes="beside"):
                self._build_entries()
        self._connect()

    def _build_claims(self) -> None:
        fragment('<h2 class="column-head">Who says so?</h2>')
        self.claim = gr.Textbox(
            label="Sentence or paragraph",
            placeholder="Paste a sentence or a paragraph of your draft",
            max_length=TEXT_LENGTH,
            max_lines=10,
            submit_btn="Find",
            elem_id="claim",
            elem_classes="ask-box",
        )
        DraftPanel(self._source)
        self.findings = fragment(WELCOME, elem_id="findings")
        self.picks = bridge("cite-picks", "Ticked papers")

    def _build_entries(self) -> None:
        fragment(
            '<h2 class="column-head">Cite</h2><p class="hint" id="cite-ticked">Tick papers to cite them.</p>'
        )
        self.form = gr.Radio(
            list(entries.FORMS),
            value=entries.KEYS,
            label="Copy as",
            elem_id="cite-form",
            elem_classes="pills",
        )
        self.style = gr.Dropdown(
            list(entries.STYLE_NAMES), value="APA", label="Style", visible=False, elem_id="cite-style"
        )
        self.entries = gr.Textbox(
            label="To paste",
            lines=6,
            max_lines=18,
            interactive=True,
            placeholder="Nothing ticked yet",
            elem_id="entries",
        )
        with gr.Row(elem_id="entry-actions", elem_classes="small-actions"):
            gr.Button("Copy", size="sm", elem_id="copy-entries", variant="primary", min_width=80)
            gr.Button("Save as file", size="sm", elem_id="save-entries", min_width=80)

    def _connect(self) -> None:
        self.claim.submit(
            self._on_find,
            [self.claim, self.lookup],
            [self.lookup, self.claim, self.findings],
            concurrency_id="claims",
            concurrency_limit=1,
            show_progress="hidden",
            api_visibility="private",
        )
        listen(self.claim.stop, self._on_stop, None, None)
        chosen = [self.picks, self.lookup, self.form, self.style]
        shown = [self.entries, self.style]
        for event in (self.picks.change, self.form.change, self.style.change):
            listen(event, self._on_chosen, chosen, shown, says=True, trigger_mode="always_last")

    # Gradio puts the request in by its place.
    def _on_find(self, request: gr.Request, text: str, before: Lookup) -> Iterator[Update]:
        """Look the sentences up one by one, each shown when it is found."""
        text = (text or "").strip()[:TEXT_LENGTH]
        sentences = tuple(text[a:b] for a, b in split_sentences(text))
        if not sentences:
            gr.Info("Paste a sentence first.")
            yield {self.claim: gr.update()}
            return
        if len(sentences) > SENTENCES:
            gr.Warning(f"The first {SENTENCES} of {len(sentences)} sentences are looked up.")
        stop = self._stops[request.session_hash or ""] = threading.Event()
        try:
            yield from self._looked_up(Lookup(before.number + 1, sentences[:SENTENCES]), stop)
        finally:
            self._stops.pop(request.session_hash or "", None)

    def _looked_up(self, lookup: Lookup, stop: threading.Event) -> Iterator[Update]:
        yield self._shown(lookup, running=True)
        for sentence in lookup.sentences:
            lookup = replace(lookup, found=(*lookup.found, self._found(sentence)))
            unfinished = len(lookup.found) < len(lookup.sentences)
            if unfinished and stop.is_set():
                lookup = replace(lookup, stopped=True)
            yield self._shown(lookup, running=unfinished and not lookup.stopped)
            if lookup.stopped:
                return

    def _found(self, sentence: str) -> Any:
        try:
            return self._source.cite(sentence, PAPERS)
        except IbidError as error:
            return str(error)
        except Exception:
            logger.exception("looking a sentence up failed")
            return "Ibid failed on this sentence; the terminal it runs in shows why."

    def _shown(self, lookup: Lookup, *, running: bool) -> Update:
        return {
            self.lookup: lookup,
            self.claim: gr.update(
                submit_btn=False if running else "Find", stop_btn="Stop" if running else False
            ),
            self.findings: findings_html(lookup),
        }

    def _on_stop(self, request: gr.Request) -> None:
        """End the lookup of this page after the sentence it is at."""
        if stop := self._stops.get(request.session_hash or ""):
            stop.set()

    def _on_chosen(self, picks: str, lookup: Lookup, form: str, style: str) -> tuple[str, Any]:
        """The ticked papers as text, in the order in which they stand on the page."""
        styled = gr.update(visible=form == entries.REFERENCE)
        on_page = lookup.paper_ids
        ids = [on_page[n] for n in sorted(numbers(picks)) if n < len(on_page)]
        try:
            return entries.entries_text(self._source.keyed(ids), form, style), styled
        except IbidError as error:
            gr.Warning(escape(str(error), 500))
            return "", styled
