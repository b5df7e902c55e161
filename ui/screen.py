"""The Screen tab: which paper of a review to read next, decided by button or key, kept at once.

What stands in the browser is only the card; the session is a log in the library, so that a reload, another
page or a kill loses nothing. Which paper a decision means is kept on the server, beside the card shown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from index.errors import IbidError, UsageError
from rag.commands.screen_view import status_dict, stopping_hint
from rag.screening.desk import Desk
from ui.answer_source import AnswerSource
from ui.escaping import escape
from ui.events import listen
from ui.fragment import fragment
from ui.screen_files import FilesPanel
from ui.screen_view import ALL_READ, WELCOME, card_html, done_html, progress_html

logger = logging.getLogger(__name__)

QUESTION_LENGTH, NAME_LENGTH, NOTE_LENGTH = 2_000, 64, 500
DEFAULT_NAME = "review"
RELEVANT, IRRELEVANT, LATER, UNDO = "relevant", "irrelevant", "later", "undo"
DONE = {RELEVANT: "Relevant", IRRELEVANT: "Irrelevant", LATER: "Put off", UNDO: "Taken back"}


@dataclass(frozen=True, slots=True)
class Shown:
    """The card on a page: its number, which tells cards apart, its session and its paper."""

    number: int = 0
    session: str = ""
    paper_id: str = ""


class ScreenTab:
    """Builds the tab inside the current `gr.Blocks` and answers its events."""

    def __init__(self, source: AnswerSource) -> None:
        self._source = source
        self.now = gr.State(Shown())
        with gr.Row(elem_id="screen-desk", elem_classes="desk"):
            with gr.Column(scale=7, min_width=320, elem_id="screening"):
                self._build_card()
            with gr.Column(scale=4, min_width=300, elem_id="screen-side", elem_classes="beside"):
                self._build_side()
        self._connect()

    def _build_card(self) -> None:
        self.asked = fragment("", elem_id="screen-question")
        self.card = fragment(WELCOME, elem_id="screen-card", min_height=60)
        with gr.Column(visible=False, elem_id="screen-keys") as self.keys:
            with gr.Row(elem_id="screen-buttons", elem_classes="small-actions"):
                self.buttons = {
                    name: gr.Button(
                        name.capitalize(), variant="primary" if name == RELEVANT else "secondary",
                        elem_id=f"screen-{name}", min_width=70, size="sm",
                    )
                    for name in DONE
                }  # fmt: skip
            self.note = gr.Textbox(
                label="Note", placeholder="Note, kept with the decision; Esc leaves it",
                max_length=NOTE_LENGTH, max_lines=1, show_label=False, container=False, elem_id="screen-note",
            )  # fmt: skip
            self.said = fragment("", elem_id="screen-said")

    def _build_side(self) -> None:
        self.progress = fragment("", elem_id="screen-progress")
        self.sessions = gr.Dropdown([], label="Session", visible=False, elem_id="screen-session")
        self.extend = gr.Button("Take up new papers", size="sm", visible=False, elem_id="screen-extend")
        self.files = FilesPanel(self._source, self.sessions)
        with gr.Accordion("New session", open=True, elem_id="screen-new") as self.fresh:
            self.question = gr.Textbox(
                label="What does the review ask?", lines=2, max_lines=5, max_length=QUESTION_LENGTH,
                placeholder="Does home blood pressure telemonitoring lower blood pressure?",
                elem_id="screen-ask",
            )  # fmt: skip
            self.name = gr.Textbox(
                label="Name", value=DEFAULT_NAME, max_length=NAME_LENGTH, max_lines=1, elem_id="screen-name"
            )
            self.begin = gr.Button("Start screening", variant="primary", size="sm", elem_id="screen-start")
            self.refused = fragment("", elem_id="screen-refused")

    @property
    def shown(self) -> list[Any]:
        """What every event of this tab fills."""
        return [
            self.now, self.card, self.keys, self.said, self.progress, self.asked, self.note, self.sessions,
            self.extend, self.files.panel, self.fresh, self.name, self.refused,
        ]  # fmt: skip

    def _connect(self) -> None:
        slow: dict[str, Any] = dict(
            concurrency_id="screening", concurrency_limit=1, show_progress="minimal",
            show_progress_on=self.card, api_visibility="private",
        )  # fmt: skip
        self.begin.click(self._on_start, [self.question, self.name, self.now], self.shown, **slow)
        self.question.submit(self._on_start, [self.question, self.name, self.now], self.shown, **slow)
        self.sessions.input(self._on_open, [self.sessions, self.now], self.shown, **slow)
        self.extend.click(self._on_extend, self.now, self.shown, **slow)
        for name, button in self.buttons.items():
            listen(button.click, self._deciding(name), [self.now, self.note], self.shown)

    def load(self, now: Shown) -> dict[Any, Any]:
        """The session of the page, or the one last written to, as it is now."""
        try:
            names = self._source.screening.names()
        except IbidError as error:
            return {self.card: _notice(error)}
        if not names:
            return {self.card: WELCOME}
        return self._on_open(now.session if now.session in names else names[0], now)

    def _on_open(self, name: str, now: Shown) -> dict[Any, Any]:
        return self._answered(lambda: self._page(self._source.screening.open(name), now))

    def _on_start(self, question: str, name: str, now: Shown) -> dict[Any, Any]:
        def start() -> dict[Any, Any]:
            asks, called = (question or "").strip()[:QUESTION_LENGTH], (name or "").strip()[:NAME_LENGTH]
            if not asks:
                raise UsageError("Write what the review asks first: it orders the papers.")
            if called in self._source.screening.names():
                raise UsageError(
                    f"There is a session {called} already: choose it above, or use another name."
                )
            return self._page(self._source.screening.start(called, asks), now)

        return self._answered(start, told=self.refused)

    def _on_extend(self, now: Shown) -> dict[Any, Any]:
        def extend() -> dict[Any, Any]:
            count = self._source.screening.extend(now.session)
            page = self._page(self._source.screening.open(now.session), now)
            return page | {self.said: f'<p class="hint" role="status">{count:,} papers taken up</p>'}

        return self._answered(extend)

    def _deciding(self, what: str) -> Callable[[Shown, str], dict[Any, Any]]:
        """The handler of a button; its key presses the same button."""

        def handler(now: Shown, note: str) -> dict[Any, Any]:
            return self._answered(lambda: self._decide(what, now, (note or "").strip()[:NOTE_LENGTH]))

        return handler

    def _decide(self, what: str, now: Shown, note: str) -> dict[Any, Any]:
        desk = self._source.screening.open(now.session)
        paper_id = now.paper_id
        if what == UNDO:
            paper_id = desk.undo()
        elif not paper_id:
            raise UsageError("Every paper of this session is decided; undo takes the last decision back.")
        elif what == LATER:
            desk.later(paper_id)
        else:
            desk.decide(paper_id, included=what == RELEVANT, note=note)
        paper = desk.screening.papers.get(paper_id)
        said = done_html(paper, DONE[what]) if paper is not None else ""
        return self._next(desk, now) | {self.said: said, self.note: ""}

    def _answered(self, work: Callable[[], dict[Any, Any]], told: Any = None) -> dict[Any, Any]:
        """What the work fills, or why it could not be done, told where the reader looks."""
        try:
            return work()
        except IbidError as error:
            return {told or self.said: _notice(error)}
        except Exception:
            logger.exception("screening failed")
            return {told or self.said: _notice("That failed; the terminal Ibid runs in shows why.")}

    def _page(self, desk: Desk, now: Shown) -> dict[Any, Any]:
        """All of the tab for a session."""
        state = desk.screening.session.state
        names = self._source.screening.names()
        more = len(desk.screening.added_since())
        return self._next(desk, now) | {
            self.said: "",
            self.refused: "",
            self.asked: f'<h2 class="question">{escape(state.question)}</h2>' if state.question else "",
            self.sessions: gr.update(choices=names, value=state.name, visible=True),
            self.extend: gr.update(
                visible=more > 0, value=f"Take up {more:,} new paper{'' if more == 1 else 's'}"
            ),
            self.files.panel: gr.update(visible=True),
            self.fresh: gr.update(open=False),
            self.name: _free_name(names),
        }

    def _next(self, desk: Desk, now: Shown) -> dict[Any, Any]:
        """The next card and how far reading has got."""
        card, screening = desk.card(), desk.screening
        session, number = screening.session.state.name, now.number + 1
        return {
            self.now: Shown(number, session, card.paper.id if card else ""),
            self.card: card_html(card, number) if card else ALL_READ,
            self.keys: gr.update(visible=True),
            self.progress: progress_html(status_dict(screening), stopping_hint(screening)),
        }


def _free_name(names: list[str]) -> str:
    """A name that no session has."""
    tried = DEFAULT_NAME
    n = 1
    while tried in names:
        n += 1
        tried = f"{DEFAULT_NAME}-{n}"
    return tried


def _notice(error: object) -> str:
    return f'<p class="notice">{escape(str(error), 1000)}</p>'
