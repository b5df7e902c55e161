"""Citations by number, `[1]` or `[2, 4-6]`, and the numbered reference list that they point to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from rag.audit.draft import Entry

GROUP = re.compile(r"\[(\d{1,4}(?:\s*[,;–—‑-]\s*\d{1,4})*)\]")
HEADING = re.compile(
    r"\W*(?:\d+\.?\s+)?(?:references|bibliography|literature(?: cited)?|works cited|reference list|"
    r"cited literature)\W*",
    re.IGNORECASE,
)
_ENTRY = re.compile(r"\s*(?:\[(\d{1,4})\]|\(?(\d{1,4})[.)])\s+(?=\S)")
_WIDEST = 200  # numbers that one range may stand for


def numbers_of(group: str) -> list[str]:
    """The numbers that the inside of a marker means: "1, 3-5" is 1, 3, 4 and 5."""
    found: list[str] = []
    for part in re.split(r"\s*[,;]\s*", group.strip()):
        ends = [int(n) for n in re.findall(r"\d+", part)]
        if len(ends) == 2 and ends[0] <= ends[1] < ends[0] + _WIDEST:
            found += map(str, range(ends[0], ends[1] + 1))
        else:
            found += map(str, ends)
    return found


def entries_of(lines: Iterable[tuple[int, str]]) -> Iterator[Entry]:
    """The entries of a reference list. :param lines: its lines with their numbers.

    An entry goes on over lines that do not open the next one; a blank line ends it.
    """
    key, first, text = "", 0, ""
    for number, line in lines:
        opening = _ENTRY.match(line)
        if opening or not line.strip():
            if key:
                yield Entry(key, first, text)
            key = (opening.group(1) or opening.group(2)) if opening else ""
            first, text = number, line[opening.end() :].strip() if opening else ""
        elif key:
            text = f"{text} {line.strip()}"
    if key:
        yield Entry(key, first, text)


def list_start(lines: list[str]) -> int | None:
    """The index of the heading of the reference list: the last such line with an entry behind it.

    Without a heading, the first line of a list that runs from 1 to the end of the text.
    """
    for at in range(len(lines) - 1, -1, -1):
        if HEADING.fullmatch(lines[at]) and any(_ENTRY.match(line) for line in lines[at + 1 : at + 8]):
            return at
    opened = [(at, m) for at, line in enumerate(lines) if (m := _ENTRY.match(line))]
    bracketed = [(at, int(m.group(1))) for at, m in opened if m.group(1)]
    for n in range(len(bracketed) - 1, -1, -1):
        if bracketed[n][1] == 1 and [k for _, k in bracketed[n:]] == list(range(1, len(bracketed) - n + 1)):
            return bracketed[n][0] - 1 if len(bracketed) - n > 1 else None
    return None
