"""The answers to a list of questions put together as one: a heading a question, one list of references.

Each answer was made by itself and is as checked as ever; here they are only numbered anew. What the library
does not answer, and what was left for another time, is said in the notice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from index.cleaning import shortened
from rag.types import NOT_ANSWERED, Answer, Reference, Statement, Status

_SHOWN_LENGTH = 160  # characters of a question in a heading or notice
_NAMED_LEFT = 3  # questions left over that are named; they are the follow-ups too
NEAREST = 3

Place = tuple[str, int, int]  # a paper's id and the span of its quote


def joined(frame: Answer, listed: Sequence[str], answers: Sequence[Answer], shown: int) -> Answer:
    """One answer of the answers to the first of the listed questions, in their order.

    :param frame: what the whole has of its own: question, model, strategy.
    :param shown: how many papers are listed beside it.
    """
    references: dict[Place, Reference] = {}
    statements: list[Statement] = []
    for number, answer in enumerate(answers, 1):
        moved = {r.n: _place(references, r) for r in answer.references}
        cells = answer.table.statements() if answer.table else ()
        for at, statement in enumerate((*answer.statements, *cells)):
            citations = tuple(moved[n] for n in statement.citations)
            heading = (
                f"{number}. {shortened(answer.question, _SHOWN_LENGTH)}" if at == 0 else statement.heading
            )
            statements.append(replace(statement, citations=citations, heading=heading))
    spoken = [a for a in answers if a.status is not Status.INSUFFICIENT]
    done = bool(answers) and all(a.done for a in answers)
    return replace(
        frame,
        status=_status(answers, spoken),
        statements=tuple(statements),
        references=tuple(references.values()),
        retrieved=_retrieved(tuple(references.values()), answers, shown),
        nearest=() if spoken else _distinct([r for a in answers for r in a.nearest], NEAREST),
        followups=tuple(listed[len(answers) :][:_NAMED_LEFT]),
        confidence=sum(a.confidence for a in spoken or answers) / max(1, len(spoken or answers)),
        timing_ms=_summed([a.timing_ms for a in answers]),
        notice=_notice(listed, answers) if done else None,
        layout="list" if any(a.layout == "list" for a in spoken) else "prose",
    )


def _status(answers: Sequence[Answer], spoken: Sequence[Answer]) -> Status:
    if not spoken:
        return Status.INSUFFICIENT
    whole = len(spoken) == len(answers) and all(a.status is Status.ANSWERED for a in spoken)
    return Status.ANSWERED if whole else Status.PARTIAL


def _place(references: dict[Place, Reference], reference: Reference) -> int:
    """The number of a reference in the whole; the same passage of a paper is listed once."""
    key = (reference.paper.id, reference.start, reference.end)
    return references.setdefault(key, replace(reference, n=len(references) + 1)).n


def _retrieved(cited: tuple[Reference, ...], answers: Sequence[Answer], shown: int) -> tuple[Reference, ...]:
    """The references, then what else was considered, numbered on."""
    known = {r.paper.id for r in cited}
    others = _distinct([r for a in answers for r in a.retrieved if r.paper.id not in known], shown)
    room = max(0, shown - len(cited))
    return cited + tuple(replace(r, n=len(cited) + n) for n, r in enumerate(others[:room], 1))


def _distinct(references: Sequence[Reference], most: int) -> tuple[Reference, ...]:
    """The first reference of each paper, numbered from 1."""
    first = list({r.paper.id: r for r in reversed(references)}.values())[::-1][:most]
    return tuple(replace(r, n=n) for n, r in enumerate(first, 1))


def _notice(listed: Sequence[str], answers: Sequence[Answer]) -> str | None:
    """Which questions were not answered, why, and which were left."""
    said = []
    silent = [
        f"{n}. “{shortened(a.question, _SHOWN_LENGTH)}”"
        for n, a in enumerate(answers, 1)
        if a.status is Status.INSUFFICIENT and not a.aside
    ]
    if len(silent) == len(answers):
        said.append(NOT_ANSWERED.replace("this question", "any of these questions"))
    elif silent:
        said.append(f"The library does not answer: {'; '.join(silent)}.")
    said += [
        f"To {n}. “{shortened(a.question, _SHOWN_LENGTH)}”: {a.text}"
        for n, a in enumerate(answers, 1)
        if a.aside
    ]
    left = listed[len(answers) :]
    if left:
        named = "; ".join(
            f"{len(answers) + n}. “{shortened(q, _SHOWN_LENGTH)}”"
            for n, q in enumerate(left[:_NAMED_LEFT], 1)
        )
        more = f" and {len(left) - _NAMED_LEFT} more" if len(left) > _NAMED_LEFT else ""
        said.append(f"Left for another time, {len(answers)} of {len(listed)} were taken up: {named}{more}.")
    return " ".join(said) or None


def _summed(timings: Sequence[Mapping[str, int]]) -> dict[str, int]:
    summed: dict[str, int] = {}
    for timing in timings:
        for stage, spent in timing.items():
            if stage == "first":
                summed.setdefault(stage, spent)
            else:
                summed[stage] = summed.get(stage, 0) + spent
    return summed
