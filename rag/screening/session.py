"""A screening session on disk: an append-only log beside the papers, of which nothing is ever taken away.

One JSON line an event, written and synchronised before a command returns; `undo` is an event too. What
holds now is found by reading the log from its start, so that a kill costs at most the line being written.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from index.errors import LibraryError, UsageError

log = logging.getLogger(__name__)

FOLDER = "screening"  # inside the library
SCHEMA = "ibid.screening/1"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided about a paper and when (ISO 8601, UTC). `prior`: known before the ranking began."""

    paper_id: str
    included: bool
    at: str
    prior: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Identified:
    """Records that a file brought: met in it, and of these new to the session's papers."""

    path: str
    read: int
    new: int


@dataclass(frozen=True, slots=True)
class State:
    """What holds now: `papers` are all to be screened, `decisions` those that stand, oldest first."""

    name: str
    question: str = ""
    papers: tuple[str, ...] = ()
    identified: tuple[Identified, ...] = ()
    decisions: Mapping[str, Decision] = field(default_factory=dict)

    @property
    def included(self) -> tuple[str, ...]:
        """Ids of the included papers, oldest decision first."""
        return tuple(d.paper_id for d in self.decisions.values() if d.included)

    @property
    def excluded(self) -> tuple[str, ...]:
        """Ids of the excluded papers, oldest decision first."""
        return tuple(d.paper_id for d in self.decisions.values() if not d.included)

    @property
    def unread(self) -> tuple[str, ...]:
        """Ids of the papers without a decision, in the order of adding."""
        return tuple(paper for paper in self.papers if paper not in self.decisions)

    @property
    def reading(self) -> tuple[bool, ...]:
        """The decisions in the order in which they were made, those known before left out."""
        return tuple(d.included for d in self.decisions.values() if not d.prior)


class Session:
    """A session by its name; made by `start` or `open_session`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.state = _replayed(path)

    def decide(
        self, paper_ids: Sequence[str], *, included: bool, note: str = "", prior: bool = False
    ) -> list[Decision]:
        """Keep a decision on each of these papers; a later one on the same paper takes its place.

        :raises UsageError: when a paper is none of the session's; then nothing is kept.
        """
        strangers = [i for i in paper_ids if i not in set(self.state.papers)]
        if strangers:
            raise UsageError(
                f"{strangers[0]!r} is no paper of the screening session {self.state.name}; "
                f"`ibid screen next -s {self.state.name}` shows ids"
            )
        made = [Decision(i, included, _now(), prior, note) for i in dict.fromkeys(paper_ids)]
        self._append(
            {
                "event": "include" if d.included else "exclude",
                "paper": d.paper_id,
                **({"prior": True} if prior else {}),
                **({"note": note} if note else {}),
                "at": d.at,
            }
            for d in made
        )
        return made

    def undo(self) -> Decision:
        """Take the last decision back and return it; an earlier one on the same paper holds again.

        :raises UsageError: when there is none.
        """
        last = next(reversed(list(self.state.decisions.values())), None)
        if last is None:
            raise UsageError(f"nothing to undo: the screening session {self.state.name} has no decision")
        self._append([{"event": "undo", "paper": last.paper_id, "at": _now()}])
        return last

    def extend(self, papers: Sequence[str], identified: Sequence[Identified] = (), question: str = "") -> int:
        """Take up papers that the session lacks, or another question; returns how many are new."""
        known = set(self.state.papers)
        fresh = [paper for paper in dict.fromkeys(papers) if paper not in known]
        files = [{"path": f.path, "read": f.read, "new": f.new} for f in identified]
        event = {"event": "papers", "papers": fresh, "identified": files, "at": _now()}
        self._append([event | ({"question": question} if question else {})])
        return len(fresh)

    def reread(self) -> None:
        """Take up what another program has written since."""
        self.state = _replayed(self.path)

    def _append(self, events: Any) -> None:
        with _locked(self.path):
            with self.path.open("ab") as file:
                torn = file.tell() > 0 and not _ends_whole(self.path)
                lines = "".join(json.dumps(event, ensure_ascii=False) + "\n" for event in events)
                file.write((("\n" if torn else "") + lines).encode())
                file.flush()
                os.fsync(file.fileno())
            self.state = _replayed(self.path)


def session_path(library: Path, name: str) -> Path:
    """Where a session's log is. :raises UsageError: for a name that is no plain word."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for a session; use letters, digits, - and _")
    return library / FOLDER / f"{name}.jsonl"


def session_names(library: Path) -> list[str]:
    """The sessions of a library, sorted."""
    return sorted(path.stem for path in (library / FOLDER).glob("*.jsonl"))


def start_session(library: Path, name: str, question: str = "") -> Session:
    """A new, empty session. :raises UsageError: when there is one of that name."""
    path = session_path(library, name)
    path.parent.mkdir(exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            event = {"event": "start", "schema": SCHEMA, "question": question, "at": _now()}
            file.write(json.dumps(event, ensure_ascii=False) + "\n")
    except FileExistsError:
        raise UsageError(
            f"a screening session {name} is there already; go on with `ibid screen next -s {name}`, "
            "or start another with -s NAME"
        ) from None
    return Session(path)


def open_session(library: Path, name: str) -> Session:
    """A session that was started. :raises UsageError: when there is none of that name."""
    path = session_path(library, name)
    if not path.is_file():
        there = session_names(library)
        known = f"there are {', '.join(there)}" if there else "start it with `ibid screen start`"
        raise UsageError(f"no screening session {name} in {library}; {known}")
    return Session(path)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    lock = FileLock(path.with_suffix(".lock"))
    try:
        lock.acquire(timeout=2, poll_interval=0.05)
    except Timeout:
        raise LibraryError(f"{path} is being written by another command; try again when it is done") from None
    try:
        yield
    finally:
        lock.release()


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


def _replayed(path: Path) -> State:
    """The state after all events of a log; lines that cannot be read are named and left out."""
    state = State(path.stem)
    taken: list[Decision] = []  # every decision not taken back, repeated ones too
    for number, line in enumerate(path.read_bytes().split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            state = _after(state, taken, json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            log.warning("%s:%d: no event of a screening session; left out", path, number)
    return replace(state, decisions=_standing(taken))


def _standing(taken: Sequence[Decision]) -> dict[str, Decision]:
    """The last decision on each paper, in the order of these last decisions."""
    standing: dict[str, Decision] = {}
    for decision in taken:
        standing.pop(decision.paper_id, None)
        standing[decision.paper_id] = decision
    return standing


def _after(state: State, taken: list[Decision], event: Mapping[str, Any]) -> State:
    kind = event["event"]
    if kind in ("include", "exclude"):
        prior, note = bool(event.get("prior")), str(event.get("note", ""))
        taken.append(Decision(str(event["paper"]), kind == "include", str(event["at"]), prior, note))
    elif kind == "undo" and taken:
        taken.pop()
    elif kind in ("start", "papers"):
        files = [
            Identified(str(f["path"]), int(f["read"]), int(f["new"])) for f in event.get("identified", ())
        ]
        return replace(
            state,
            question=str(event.get("question") or state.question),
            papers=tuple(dict.fromkeys((*state.papers, *map(str, event.get("papers", ()))))),
            identified=(*state.identified, *files),
        )
    return state


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
