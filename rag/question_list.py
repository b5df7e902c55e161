"""Several questions in one text: a numbered list, lines, or questions one after another.

A list is answered question by question, up to `MOST` of them; the rest are named, not dropped in silence.
A question that was merely wrapped over lines, or that asks two things in one sentence, stays one.
"""

from __future__ import annotations

import re

from rag.question import check_question

MOST = 5  # questions of a list that are answered at once: half a minute with the bundled model
LONGEST = 50_000  # characters of a list; more is no question any more
_FEWEST_IN_LINE = 3  # questions after one another without numbers: two may be one thought

_MARK = re.compile(r"^\s*(?:\(?\d{1,3}[.):]|[-*•–]|Q\d{1,3}[.:)]?)\s+", re.I)
_NUMBER = re.compile(r"(?:^|(?<=\s))\(?(\d{1,3})[.)](?=\s)")
_ASKS = re.compile(
    r"^(?:how|what|which|who|whom|whose|when|where|why|is|are|was|were|do|does|did|can|could|should|will|has|have|"
    r"compare|list|name|explain|describe|summari[sz]e|give|tell|find|show)\b",
    re.I,
)


def questions_in(text: str) -> list[str]:
    """The questions of a text in order, each checked; one where it is no list.

    :raises UsageError: the text is empty or too long, or one of the questions to be answered is.
    """
    listed = (_lines(text) or _numbered(text) or _in_line(text)) if len(text) <= LONGEST else []
    if len(listed) < 2:
        return [check_question(text)]
    return [check_question(q) for q in listed[:MOST]] + [" ".join(q.split()) for q in listed[MOST:]]


def _lines(text: str) -> list[str]:
    """One question a line, after a line that announces them; each is marked or ends as a question."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 2 and not _MARK.match(lines[0]) and lines[0].endswith((":", ".")):
        lines = lines[1:]
    if len(lines) < 2 or not all(_MARK.match(line) or line.endswith("?") for line in lines):
        return []
    return _without_marks(lines)


def _numbered(text: str) -> list[str]:
    """The items of "1. … 2. …" within a line: numbers from 1 on, each item a question."""
    marks = list(_NUMBER.finditer(text))
    if [int(m.group(1)) for m in marks] != list(range(1, len(marks) + 1)) or len(marks) < 2:
        return []
    announced = text[: marks[0].start()].strip()
    if announced and not announced.endswith((":", ".", "?")):
        return []
    ends = [m.start() for m in marks[1:]] + [len(text)]
    items = [text[m.end() : end].strip() for m, end in zip(marks, ends, strict=True)]
    return items if all(_is_question(item) for item in items) else []


def _in_line(text: str) -> list[str]:
    pieces = [p.strip() for p in re.split(r"(?<=\?)\s+", text.strip())]
    return pieces if len(pieces) >= _FEWEST_IN_LINE and all(p.endswith("?") for p in pieces) else []


def _is_question(text: str) -> bool:
    return text.endswith("?") or bool(_ASKS.match(text))


def _without_marks(lines: list[str]) -> list[str]:
    return [bare for line in lines if (bare := _MARK.sub("", line, count=1).strip())]
