"""Reading in the terminal: one record at a time, one key a decision."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from rag.commands.screen_view import show_paper, stopping_hint

if TYPE_CHECKING:
    from rag.screening.running import Ranked, Screening

KEYS = "r relevant · i irrelevant · n later · u undo · q quit"
_HINT_EVERY = 10  # decisions


def read_on(screening: Screening, key: Callable[[], str] | None = None) -> None:
    """Show the likeliest unread paper until all are decided or the reader quits.

    The order is learnt anew after each decision while there are few, later after every hundredth of the
    papers. "Later" puts a paper off until the command is started again.

    :param key: reads the next key press; the terminal's by default.
    """
    ask = key or _pressed
    put_off: set[str] = set()
    queue: list[Ranked] = []
    decided = 0
    while True:
        if not queue:
            queue = _fresh(screening, put_off, decided)
        if not queue:
            sys.stdout.write("nothing left to read\n")
            break
        paper = queue[0].paper
        state = screening.session.state
        show_paper(paper, f"{len(state.decisions) + 1} of {len(state.papers)}")
        sys.stdout.write(f"{KEYS}  ")
        sys.stdout.flush()
        pressed = ask()
        sys.stdout.write(f"{pressed if pressed.isprintable() else ''}\n\n")
        if pressed in ("q", "", "\x03", "\x04"):
            break
        if pressed in ("r", "i"):
            screening.session.decide([paper.id], included=pressed == "r")
            queue.pop(0)
            decided += 1
            if decided % _HINT_EVERY == 0:
                sys.stdout.write(f"{stopping_hint(screening)}\n\n")
        elif pressed == "n":
            put_off.add(paper.id)
            queue.pop(0)
        elif pressed == "u":
            _undo(screening)
            queue = []
    sys.stdout.write(f"{stopping_hint(screening)}\n")


def _undo(screening: Screening) -> None:
    from index.errors import UsageError

    try:
        taken = screening.session.undo()
        sys.stdout.write(f"undone: {taken.paper_id}\n\n")
    except UsageError as error:
        sys.stdout.write(f"{error}\n\n")


def _fresh(screening: Screening, put_off: set[str], decided: int) -> list[Ranked]:
    """The next papers to read before the ranker learns again."""
    from rag.screening.ranker import lesson_size

    count = lesson_size(len(screening.session.state.decisions), len(screening.papers))
    order = [one for one in screening.order() if one.paper.id not in put_off]
    return order[:count]


def _pressed() -> str:
    """One key of the terminal, or the first of a line where single keys cannot be read."""
    try:
        import termios
        import tty
    except ImportError:
        return sys.stdin.readline().strip()[:1] or "q"
    number = sys.stdin.fileno()
    before = termios.tcgetattr(number)
    try:
        tty.setcbreak(number)
        return sys.stdin.read(1).lower()
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)
