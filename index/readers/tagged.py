"""Records of tagged lines: what RIS, MEDLINE, Web of Science and Refer have in common.

A draft is one record's tags in order with their values. A line too long to hold in memory is cut and
reported; a line of another format between records is reported, so that nothing is lost unseen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from index.readers.textfile import MAX_LINE

CUT_LINE = f"a line of more than {MAX_LINE // 10**6} MB was cut"
_FOREIGN = (
    ("RIS", re.compile(r"\s{0,3}TY[ \t]{1,3}-(?:\s|$)")),
    ("BibTeX", re.compile(r"\s*@[A-Za-z]{3,20}\s*[{(]\s*[^\s,]*\s*,")),
    ("MEDLINE", re.compile(r"PMID- ?\d")),
    ("Web of Science", re.compile(r"FN (?:Clarivate|Thomson|ISI)")),
    ("Refer", re.compile(r"%0 [A-Z]")),
    ("XML", re.compile(r"\s*<\?xml ")),
    ("JSON", re.compile(r"\s*\[?\s*\{\s*\"")),
)


def foreign_format(line: str, own: str) -> str:
    """What to report of a line between records: that a record of another format begins, or nothing."""
    if len(line) > MAX_LINE:
        line = line[:1000]
    for name, pattern in _FOREIGN:
        if name != own and pattern.match(line):
            return f"looks like {name} within a file of {own}; put it into a file of its own"
    return ""


def begins_first(head: str, pattern: re.Pattern[str]) -> bool:
    """Whether a file's first record is of the format that `pattern` finds at the beginning of a line."""
    found = pattern.search(head)
    if not found:
        return False
    before = head[: found.start()].split("\n")
    return not any(other.match(line) for line in before for _, other in _FOREIGN[:4])


@dataclass(slots=True)
class Draft:
    """One record: the line it starts on, its tags in order, and what was wrong with its lines."""

    line: int
    tags: list[tuple[str, list[str]]] = field(default_factory=list)
    why: str = ""

    def add(self, tag: str, text: str) -> None:
        """A new tag with its first line."""
        self.tags.append((tag, [text.strip()]))
        self._note_length(text)

    def extend(self, text: str) -> None:
        """One more line of the last tag."""
        if self.tags and text:
            self.tags[-1][1].append(text.strip())
            self._note_length(text)

    def _note_length(self, text: str) -> None:
        if len(text) > MAX_LINE - 10:  # the tag before it is a part of the line
            self.why = CUT_LINE

    def all(self, *tags: str) -> list[str]:
        """The values of the first of these tags that has any; lines joined by blanks."""
        for wanted in tags:
            found = [text for tag, lines in self.tags if tag == wanted and (text := " ".join(lines).strip())]
            if found:
                return found
        return []

    def first(self, *tags: str) -> str:
        """The first value of the first of these tags that has any, or ""."""
        return next(iter(self.all(*tags)), "")

    def lines(self, *tags: str) -> list[str]:
        """The lines of all these tags, each a value of its own."""
        return [text for tag, lines in self.tags if tag in tags for text in lines if text]

    def drop(self, tag: str, text: str) -> None:
        """Take a value out: it has found its place."""
        self.tags = [(t, lines) for t, lines in self.tags if t != tag or " ".join(lines).strip() != text]

    def rest(self, used: Iterable[str], prefix: str) -> dict[str, str | list[str]]:
        """Tags that are not used, for `extra`, named after their format."""
        skip = set(used)
        left: dict[str, list[str]] = {}
        for tag, lines in self.tags:
            if tag not in skip and (text := " ".join(lines).strip()):
                left.setdefault(f"{prefix} {tag}", []).append(text)
        return {name: values if len(values) > 1 else values[0] for name, values in left.items()}


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Lines from 1 on, without a byte-order mark or NULs."""
    for number, line in enumerate(lines, start=1):
        yield number, line.lstrip("\ufeff").replace("\x00", "") if number == 1 or "\x00" in line else line
