"""The Ask tab: the question box, the conversation on the left, the sources on the right.

Only this module knows which component shows what. Handlers return `{component: value}`, so what
they leave out stays as it is. Nothing of a paper or a model is trusted: `ui.render` escapes it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from index.errors import IbidError
from rag.history import History
from ui.answer_source import AnswerSource
from ui.chat import QUESTION_LENGTH, Chat, Streamer
from ui.escaping import escape, plain
from ui.events import listen
from ui.fragment import fragment
from ui.render import exchange_html, exchanges_html
from ui.settings import SettingsPanel
from ui.sources import earlier_sources_html, sources_html

logger = logging.getLogger(__name__)

EXAMPLES = 4
FOLLOWUPS = 3
CITED, ALL = "Cited", "All retrieved"
WELCOME = (
    '<div class="welcome"><h2>What would you like to know?</h2>'
    "<p>Ibid answers from the papers in your library and from nothing else. Every sentence carries a "
    "citation that was checked against its abstract; what the library does not say, "
    "Ibid does not say.</p></div>"
)
NO_SOURCES = sources_html(None)
Update = dict[Any, Any]


@dataclass(slots=True)
class _Run:
    """An answer in the making: the model's stop event, and whether the reader pressed Stop."""

    stop: threading.Event = field(default_factory=threading.Event)
    stopped: bool = False


class AskTab:
    """Builds the tab inside the current `gr.Blocks` and answers its events."""

    def __init__(self, source: AnswerSource, history: History | None) -> None:
        self._source = source
        self._history = history
        self._streamer = Streamer(source)
        self._runs: dict[str, _Run] = {}  # by session
        self.chat = gr.State(Chat())
        with gr.Row(elem_id="desk"):
            with gr.Column(scale=6, min_width=320, elem_id="conversation"):
                self._build_conversation()
            with gr.Column(scale=5, min_width=320, elem_id="sources"):
                self._build_sources()
        self._connect()

    def _build_conversation(self) -> None:
        self.past = fragment("", elem_id="past")
        self.current = fragment("", elem_id="current")
        with gr.Column(elem_id="welcome") as self.welcome:
            fragment(WELCOME)
            self.examples = [gr.Button(visible=False, elem_classes="suggestion") for _ in range(EXAMPLES)]
        with gr.Row(visible=False, elem_id="actions") as self.actions:
            self.retry = gr.Button("Try again", size="sm", elem_id="retry", min_width=80)
            gr.Button("Copy with references", size="sm", elem_id="copy-answer", min_width=80)
            gr.Button("Save as Markdown", size="sm", elem_id="save-answer", min_width=80)
            self.fresh = gr.Button("New conversation", size="sm", elem_id="new-conversation", min_width=80)
        with gr.Column(visible=False, elem_id="followups") as self.followup_area:
            fragment('<p class="small-head">Ask next</p>')
            self.followups = [gr.Button(visible=False, elem_classes="suggestion") for _ in range(FOLLOWUPS)]
        with gr.Column(elem_id="ask-bar"):
            self.question = gr.Textbox(
                label="Question",
                placeholder="Ask about your papers",
                max_length=QUESTION_LENGTH,
                max_lines=6,
                submit_btn="Ask",
                stop_btn=False,
                autofocus=True,
                elem_id="question",
                elem_classes="ask-box",
            )
        self.settings = SettingsPanel()

    def _build_sources(self) -> None:
        fragment('<h2 class="column-head">Sources</h2>', elem_id="sources-head")
        self.shown = gr.Radio([CITED, ALL], value=CITED, label="Show", elem_id="shown")
        self.cards = fragment(NO_SOURCES, elem_id="cards")
        self.earlier = fragment("", elem_id="earlier")

    @property
    def _outputs(self) -> list[Any]:
        return [
            self.chat,
            self.question,
            self.past,
            self.current,
            self.cards,
            self.earlier,
            self.welcome,
            self.actions,
            self.followup_area,
            *self.followups,
        ]

    def _connect(self) -> None:
        settings = [self.chat, self.shown, *self.settings.components]
        # "multiple": else a question sent while the last answer's event is just closing is dropped.
        self._asks(self.question.submit, self._on_ask, [self.question, *settings], trigger_mode="multiple")
        for button in (*self.examples, *self.followups):
            self._asks(button.click, self._on_ask, [button, *settings])
        self._asks(self.retry.click, self._on_retry, settings)
        listen(self.question.stop, self._on_stop, None, None)
        listen(self.shown.input, self._on_shown, [self.chat, self.shown], self.cards)
        listen(self.fresh.click, self.opened, None, self._outputs)

    def _asks(
        self, event: Callable[..., Any], handler: Callable[..., Any], inputs: list[Any], **more: Any
    ) -> None:
        """An event that asks: one answer at a time on the whole page."""
        event(
            handler,
            inputs,
            self._outputs,
            concurrency_id="llm",
            concurrency_limit=1,
            show_progress="hidden",
            api_visibility="private",
            **more,
        )

    def load_examples(self) -> list[Any]:
        """The starter questions of the library, one a button."""
        try:
            questions = [plain(q, QUESTION_LENGTH) for q in self._source.example_questions()[:EXAMPLES]]
        except IbidError as error:
            gr.Warning(escape(str(error), 500))
            questions = []
        questions += [""] * (EXAMPLES - len(questions))
        return [gr.update(value=q, visible=bool(q)) for q in questions]

    # Gradio puts the request in by its place, so it stands before the open-ended settings.
    def _on_ask(
        self, request: gr.Request, question: str, chat: Chat, shown: str, *settings: Any
    ) -> Iterator[Update]:
        question = (question or "").strip()
        if not question:
            gr.Info("Type a question first.")
            yield {self.question: gr.update()}
        elif len(question) > QUESTION_LENGTH:
            gr.Warning(f"A question may have {QUESTION_LENGTH} characters; this one has {len(question)}.")
            yield {self.question: gr.update()}
        else:
            yield from self._answer(chat.begin(question), shown, settings, request.session_hash or "")

    def _on_retry(self, request: gr.Request, chat: Chat, shown: str, *settings: Any) -> Iterator[Update]:
        last = chat.last
        if last is None:
            yield {self.question: gr.update()}
            return
        again = chat.without_last().begin(last.question)
        yield from self._answer(again, shown, settings, request.session_hash or "", retry=True)

    def _answer(
        self, chat: Chat, shown: str, settings: tuple[Any, ...], session: str, *, retry: bool = False
    ) -> Iterator[Update]:
        """Stream one answer into the page; closing this generator stops the model."""
        run = self._runs[session] = _Run()
        try:
            yield self._begun(chat)
            options = self.settings.options(*settings)
            question = chat.exchanges[-1].question
            for answer in self._streamer.snapshots(question, chat.earlier_questions(), options, run.stop):
                if run.stopped:
                    break
                if answer is None:
                    yield {self.question: gr.update()}
                    continue
                chat = chat.update(answer=answer)
                if not answer.done:
                    yield self._progress(chat, shown)
            if chat.last is not None and chat.last.running:  # stopped before its last word
                chat = chat.update(stopped=True)
            yield self._finished(self._kept(chat, retry=retry), shown)
        except IbidError as error:
            yield self._finished(chat.update(error=str(error)), shown)
        except Exception:
            logger.exception("an answer failed")
            message = "Ibid failed on this question; the terminal it runs in shows why. Try again."
            yield self._finished(chat.update(error=message), shown)
        finally:
            run.stop.set()
            if self._runs.get(session) is run:
                del self._runs[session]

    def _kept(self, chat: Chat, *, retry: bool) -> Chat:
        """The chat with its last turn in the history, where there is one."""
        last = chat.last
        if self._history is None or last is None or last.answer is None or not last.answer.done:
            return chat
        try:
            kept = self._history.add_turn(
                chat.conversation_id, last.question, last.answer, replace_last=retry
            )
        except IbidError as error:
            gr.Warning(escape(str(error), 500))
            return chat
        return Chat(kept, chat.exchanges)

    def _on_stop(self, request: gr.Request) -> None:
        """Stop the model at once; the answer's own event then shows what stands and ends.

        Cancelling that event instead would leave the page deaf for a moment: it drops a question
        asked before the cancellation is confirmed.
        """
        run = self._runs.get(request.session_hash or "")
        if run is not None:
            run.stopped = True
            run.stop.set()

    def _on_shown(self, chat: Chat, shown: str) -> str:
        return sources_html(chat.last, cited_only=shown != ALL)

    def _begun(self, chat: Chat) -> Update:
        """The question is on the page, the box is empty, Stop is there."""
        before = chat.exchanges[:-1]
        return {
            self.chat: chat,
            self.question: gr.update(value="", submit_btn=False, stop_btn="Stop"),
            self.past: exchanges_html(before),
            self.current: exchange_html(chat.exchanges[-1]),
            self.cards: sources_html(chat.last),
            self.earlier: earlier_sources_html(before),
            self.welcome: gr.update(visible=False),
            self.actions: gr.update(visible=False),
            self.followup_area: gr.update(visible=False),
        }

    def _progress(self, chat: Chat, shown: str) -> Update:
        return {
            self.current: exchange_html(chat.exchanges[-1]),
            self.cards: sources_html(chat.last, cited_only=shown != ALL),
        }

    def _finished(self, chat: Chat, shown: str) -> Update:
        """The last exchange as it stays, the box ready again, suggestions to go on."""
        last = chat.last
        suggestions = [plain(f, 300) for f in last.answer.followups] if last and last.answer else []
        suggestions = [s for s in suggestions if s][:FOLLOWUPS]
        padded = suggestions + [""] * (FOLLOWUPS - len(suggestions))
        return {
            self.chat: chat,
            self.question: gr.update(submit_btn="Ask", stop_btn=False),
            self.current: exchange_html(last) if last else "",
            self.cards: sources_html(last, cited_only=shown != ALL),
            self.actions: gr.update(visible=last is not None),
            self.followup_area: gr.update(visible=bool(suggestions)),
            **{
                button: gr.update(value=text, visible=bool(text))
                for button, text in zip(self.followups, padded, strict=True)
            },
        }

    def opened(self, chat: Chat | None = None) -> Update:
        """The page showing this chat: a kept conversation, or none for a new one."""
        chat = chat or Chat()
        before = chat.exchanges[:-1]
        return {
            **self._finished(chat, CITED),
            self.past: exchanges_html(before),
            self.earlier: earlier_sources_html(before),
            self.welcome: gr.update(visible=not chat.exchanges),
        }

    @property
    def outputs(self) -> list[Any]:
        """What `opened` sets, for the tab that opens conversations."""
        return self._outputs
