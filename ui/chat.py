"""A conversation as the page holds it, and the way an answer streams into it.

`snapshots` runs the answer in a thread of its own and hands on what has come, at most ten times
a second, with a beat in between: so the caller's generator is never stuck inside the model, and
closing it (Stop, or a closed tab) reaches the model within one beat.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rag.engine import AskOptions
from rag.types import Answer
from ui.answer_source import AnswerSource

BEAT = 0.2
SHORTEST_UPDATE = 0.1
QUESTION_LENGTH = 2000


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and what has come of it; `number` counts from 1 within the page.

    `answer` is None before the first snapshot; `error` is a message for the user.
    """

    number: int
    question: str
    answer: Answer | None = None
    stopped: bool = False
    error: str | None = None

    @property
    def running(self) -> bool:
        """Whether more is to come."""
        return not self.stopped and self.error is None and (self.answer is None or not self.answer.done)


@dataclass(frozen=True, slots=True)
class Chat:
    """The exchanges on the page, oldest first, and the kept conversation they belong to."""

    conversation_id: str | None = None
    exchanges: tuple[Exchange, ...] = ()

    def begin(self, question: str) -> Chat:
        """The chat with a new, unanswered exchange at its end."""
        number = self.exchanges[-1].number + 1 if self.exchanges else 1
        return replace(self, exchanges=(*self.exchanges, Exchange(number, question)))

    def update(self, **changes: Any) -> Chat:
        """The chat with its last exchange changed."""
        return replace(self, exchanges=(*self.exchanges[:-1], replace(self.exchanges[-1], **changes)))

    def without_last(self) -> Chat:
        """The chat before its last question."""
        return replace(self, exchanges=self.exchanges[:-1])

    @property
    def last(self) -> Exchange | None:
        """The exchange at the end."""
        return self.exchanges[-1] if self.exchanges else None

    def earlier_questions(self) -> list[str]:
        """The questions before the last one, for the rewriting of a follow-up."""
        return [e.question for e in self.exchanges[:-1]]


class Streamer:
    """Runs one answer at a time; an answer that was stopped is waited for before the next begins."""

    def __init__(self, source: AnswerSource) -> None:
        self._source = source
        self._busy = threading.Lock()

    def snapshots(
        self, question: str, turns: Sequence[str], options: AskOptions, stop: threading.Event
    ) -> Iterator[Answer | None]:
        """Snapshots of the answer as they come, and None on every beat without one.

        Sets `stop` when it ends or is closed; the source may set it too, when it has finished.
        What the answer raises is raised here.
        """
        closed = threading.Event()
        results: queue.SimpleQueue[Answer | BaseException | None] = queue.SimpleQueue()

        def run() -> None:
            with self._busy:
                try:
                    for answer in self._source.stream(question, turns, options=options, stop=stop):
                        results.put(answer)
                        if closed.is_set():
                            break
                except BaseException as error:  # handed to the caller, which decides
                    results.put(error)
                finally:
                    results.put(None)

        threading.Thread(target=run, name="ibid-answer", daemon=True).start()
        try:
            yield from _paced(results)
        finally:
            closed.set()
            stop.set()


def _paced(results: queue.SimpleQueue[Answer | BaseException | None]) -> Iterator[Answer | None]:
    """The latest of what lies in the queue, at the pace a page can show."""
    pause = threading.Event()
    while True:
        try:
            item = results.get(timeout=BEAT)
        except queue.Empty:
            yield None
            continue
        pause.wait(SHORTEST_UPDATE)
        latest: Answer | None = None
        while True:
            if isinstance(item, Answer):
                latest = item
            elif latest is not None:
                yield latest
                latest = None
            if isinstance(item, BaseException):
                raise item
            if item is None:
                return
            try:
                item = results.get_nowait()
            except queue.Empty:
                break
        if latest is not None:
            yield latest
