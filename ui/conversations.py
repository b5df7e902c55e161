"""The History tab: kept conversations to open, rename and delete, and the switch that keeps them."""

from __future__ import annotations

import time
from typing import Any

import gradio as gr

from index.errors import IbidError
from rag.history import History
from ui.ask import AskTab
from ui.chat import Chat, Exchange
from ui.escaping import escape, plain
from ui.events import listen
from ui.fragment import fragment

HINT = (
    '<p class="hint">Conversations are kept in one file on this computer, for you alone, '
    "until you delete them.</p>"
)


class ConversationsTab:
    """Builds the tab inside the current `gr.Blocks` and answers its events."""

    def __init__(self, history: History, ask: AskTab, tabs: gr.Tabs) -> None:
        self._history = history
        self._ask = ask
        self._tabs = tabs
        with gr.Column(elem_id="history"):
            fragment(f'<h2 class="column-head">Conversations</h2>{HINT}')
            self.keep = gr.Checkbox(label="Keep new conversations", value=True, elem_id="keep-history")
            self.choice = gr.Radio([], label="Kept conversations", elem_id="conversations")
            self.empty = fragment('<p class="empty">Nothing is kept yet.</p>', elem_id="no-conversations")
            with gr.Row():
                self.open = gr.Button("Open", variant="primary", elem_id="open-conversation", min_width=90)
                self.delete = gr.Button("Delete", elem_id="delete-conversation", min_width=90)
                self.delete_all = gr.Button("Delete all", elem_id="delete-all", min_width=90)
            with gr.Row(visible=False, elem_id="confirm") as self.confirm:
                self.sure = gr.Button(
                    "Yes, delete every conversation", variant="stop", elem_id="sure", min_width=90
                )
                self.unsure = gr.Button("Keep them", elem_id="unsure", min_width=90)
            with gr.Row(equal_height=True):
                self.title = gr.Textbox(
                    label="New title for the chosen conversation", max_length=200, submit_btn="Rename"
                )
        self._connect()

    @property
    def listing(self) -> list[Any]:
        """The components that `load` fills."""
        return [self.choice, self.empty]

    def _connect(self) -> None:
        listen(self.open.click, self._on_open, self.choice, [*self._ask.outputs, self._tabs], says=True)
        listen(self.delete.click, self._on_delete, self.choice, self.listing, says=True)
        listen(
            self.title.submit,
            self._on_rename,
            [self.choice, self.title],
            [*self.listing, self.title],
            says=True,
        )
        listen(self.keep.input, self._on_keep, self.keep, self.keep)
        listen(self.delete_all.click, lambda: gr.update(visible=True), None, self.confirm)
        listen(self.unsure.click, lambda: gr.update(visible=False), None, self.confirm)
        listen(self.sure.click, self._on_delete_all, self.choice, [*self.listing, self.confirm], says=True)

    def load(self, choice: str | None = None) -> list[Any]:
        """The list as it is now; what is chosen stays so, unless it is kept no more."""
        try:
            kept = self._history.conversations()
        except IbidError as error:
            gr.Warning(escape(str(error), 500))
            kept = []
        choices = [(f"{plain(c.title, 90)} — {_day(c.updated)}, {_questions(c.turns)}", c.id) for c in kept]
        listed = gr.update(choices=choices, visible=bool(choices))
        # No value is sent where none is to be taken back: a choice made meanwhile stands.
        if choice and choice not in {c.id for c in kept}:
            listed["value"] = None
        return [listed, gr.update(visible=not choices)]

    def load_switch(self) -> bool:
        """Whether new conversations are kept; asked once a page, so that it is not undone under the hand."""
        try:
            return self._history.enabled
        except IbidError:
            return False

    def _on_open(self, choice: str | None) -> dict[Any, Any]:
        turns = self._history.turns(choice) if choice else []
        if not turns:  # another window may have deleted what is chosen here
            gr.Info("That conversation is kept no more." if choice else "Choose a conversation first.")
            return {self._tabs: gr.update()}
        exchanges = tuple(Exchange(i, t.question, t.answer) for i, t in enumerate(turns, start=1))
        return {**self._ask.opened(Chat(choice, exchanges)), self._tabs: gr.update(selected="ask")}

    def _on_delete(self, choice: str | None) -> list[Any]:
        if choice:
            self._history.delete(choice)
        else:
            gr.Info("Choose a conversation first.")
        return self.load(choice)

    def _on_delete_all(self, choice: str | None) -> list[Any]:
        self._history.delete_all()
        return [*self.load(choice), gr.update(visible=False)]

    def _on_rename(self, choice: str | None, title: str) -> list[Any]:
        try:
            if choice:
                self._history.rename(choice, title or "")
            else:
                gr.Info("Choose a conversation first.")
        except IbidError as error:
            gr.Warning(escape(str(error), 500))
        return [*self.load(choice), ""]

    def _on_keep(self, keep: bool) -> bool:
        self._history.set_enabled(bool(keep))
        return bool(keep)


def _day(seconds: float) -> str:
    return time.strftime("%d %b %Y", time.localtime(seconds))


def _questions(n: int) -> str:
    return "1 question" if n == 1 else f"{n} questions"
