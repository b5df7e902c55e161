"""Carries pieces from a thread that makes them to a caller who may leave at any moment.

Every backend works in a thread of its own, so that the caller is free at once when the stop event
is set, on Ctrl-C, or when the iterator is closed, even while the model is silent (a long prompt, a
busy server).
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator

from rag.llms.base import Piece

Emit = Callable[[Piece | None], bool]  # hands a piece over (or none); True: nobody wants more

_POLL_SECONDS = 0.02  # how soon a stop event is seen while no piece comes


def pump(
    produce: Callable[[Emit], None],
    stop_event: threading.Event | None = None,
    interrupt: Callable[[], None] | None = None,
) -> Iterator[Piece]:
    """The pieces that `produce` emits from its thread; what it raises is raised here.

    `produce` should return soon after an `emit` that was True. `interrupt` is called from this
    side at the end, whichever way it came, to wake a producer that is blocked.
    """
    pieces: queue.SimpleQueue[Piece | Exception | None] = queue.SimpleQueue()
    left = threading.Event()

    def emit(piece: Piece | None) -> bool:
        if piece is not None:
            pieces.put(piece)
        return left.is_set() or (stop_event is not None and stop_event.is_set())

    def work() -> None:
        try:
            produce(emit)
        except Exception as error:
            pieces.put(error)
        finally:
            pieces.put(None)

    threading.Thread(target=work, name="ibid-llm", daemon=True).start()
    try:
        yield from _received(pieces, stop_event)
    finally:
        left.set()
        if interrupt is not None:
            interrupt()


def _received(
    pieces: queue.SimpleQueue[Piece | Exception | None], stop_event: threading.Event | None
) -> Iterator[Piece]:
    while True:
        if stop_event is not None and stop_event.is_set():
            yield Piece("", "cancelled")
            return
        try:
            item = pieces.get(timeout=None if stop_event is None else _POLL_SECONDS)
        except queue.Empty:
            continue
        if isinstance(item, Exception):
            raise item
        if item is None:
            return
        yield item
