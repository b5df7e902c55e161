"""An outline: which paper is spoken of where. A small Markdown file that is written, edited and read back.

    # Title of the review
    topic: what the review is about

    ## A theme
    ? a question that this section is to answer (optional)
    - [@key_of_a_paper] Its title (2023)

    ### A theme below it
    - [@another_key] …

Papers are moved by moving their lines, dropped by deleting them; headings are free. Only the key (or a
paper's id) in a line counts, the rest is for the reader.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from index.cleaning import readable
from index.errors import ReadError
from index.types import Paper
from rag.themes import Theme

DEEPEST = 2  # levels of sections
_HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*\s*")
_ITEM = re.compile(r"\s*[-*+]\s+(?:\[?@?([^\s\],;]+)\]?)(.*)")
_QUESTION = re.compile(r"\s*(?:\?\s*|question:\s*)(.+)", re.IGNORECASE)
_TOPIC = re.compile(r"\s*topic:\s*(.+)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LONGEST = 200_000  # characters of an outline
HELP = (
    "<!-- Move, rename or delete lines; a line beginning with ? asks this section a question.\n"
    "     Only the [@key] of a paper's line counts. Then: ibid review --outline THIS_FILE -o review.md -->"
)


@dataclass(frozen=True, slots=True)
class Heading:
    """A section of an outline: its papers by id, and sections below it."""

    title: str
    papers: tuple[str, ...] = ()
    question: str | None = None
    children: tuple[Heading, ...] = ()

    @property
    def placed(self) -> tuple[str, ...]:
        """Ids of the papers here and below."""
        return (*self.papers, *(i for child in self.children for i in child.placed))


@dataclass(frozen=True, slots=True)
class Outline:
    """What a review will be written from."""

    title: str
    topic: str
    headings: tuple[Heading, ...]

    @property
    def placed(self) -> tuple[str, ...]:
        """Ids of all papers, in order."""
        return tuple(i for heading in self.headings for i in heading.placed)


def outline_of(topic: str, themes: Sequence[Theme]) -> Outline:
    """An outline from themes: a theme with themes below it places its papers there."""
    headings = []
    for theme in themes:
        children = tuple(Heading(c.name, tuple(p.paper.id for p in c.papers)) for c in theme.children)
        own = () if children else tuple(p.paper.id for p in theme.papers)
        headings.append(Heading(theme.name, own, None, children))
    return Outline(title_of(topic), topic, tuple(headings))


def title_of(topic: str) -> str:
    """A title from a topic: without question mark and question words that a title does not have."""
    text = " ".join(topic.split()).rstrip("?!. ")
    return f"{text[:1].upper()}{text[1:]}: a review of the abstracts"


def write_outline(
    outline: Outline, papers: Mapping[str, Paper], keys: Mapping[str, str], help: str = HELP
) -> str:
    """The outline as Markdown. :param help: a comment on how to edit it, or ""."""
    lines = [f"# {_line(outline.title)}", f"topic: {_line(outline.topic)}", *(["", help] if help else [])]
    for heading in outline.headings:
        lines += _written(heading, 2, papers, keys)
    return "\n".join(lines) + "\n"


def _written(heading: Heading, level: int, papers: Mapping[str, Paper], keys: Mapping[str, str]) -> list[str]:
    lines = ["", f"{'#' * level} {_line(heading.title)}"]
    if heading.question:
        lines.append(f"? {_line(heading.question)}")
    for paper_id in heading.papers:
        paper = papers[paper_id]
        year = f" ({paper.year})" if paper.year else ""
        lines.append(f"- [@{keys[paper_id]}] {_line(readable(paper.label))}{year}")
    for child in heading.children:
        lines += _written(child, level + 1, papers, keys)
    return lines


def _line(text: str) -> str:
    """A text that stays within its line and opens no comment."""
    return " ".join(text.split()).replace("<!--", "‹!--").replace("-->", "--›")


def read_outline(text: str, where: str, find: Callable[[str], str | None], known: Sequence[str]) -> Outline:
    """Read an outline back.

    :param where: the file, for messages. :param find: the id that a key or id stands for, or None.
    :param known: the keys there are, to suggest one. :raises ReadError: unknown papers, or none at all.
    """
    if len(text) > _LONGEST:
        raise ReadError(f"{where}: {len(text):,} characters are no outline; {_LONGEST:,} are the most")
    reading = _Reading(where, find)
    for number, line in enumerate(_COMMENT.sub(_blank, text).split("\n"), 1):
        reading.take(number, line)
    outline = reading.outline()
    if reading.unknown:
        raise ReadError(_unknown(where, reading.unknown, known))
    if not outline.placed:
        raise ReadError(f"{where}: no paper stands in this outline; a line for one is: - [@key] its title")
    return outline


def _blank(match: re.Match[str]) -> str:
    return "\n" * match.group().count("\n")


def _unknown(where: str, unknown: Sequence[tuple[int, str]], known: Sequence[str]) -> str:
    number, first = unknown[0]
    near = difflib.get_close_matches(first, known, 1)
    others = f" and {len(unknown) - 1} more ({', '.join(k for _, k in unknown[1:5])})" if unknown[1:] else ""
    hint = f"; did you mean {near[0]}?" if near else ";"
    return (
        f"{where}:{number}: no paper of the library has the key or id {first!r}{others}{hint} "
        "correct or delete the line, or add the paper again with `ibid index add`"
    )


@dataclass(slots=True)
class _Open:
    level: int
    heading: Heading


class _Reading:
    """The state of reading an outline line by line."""

    def __init__(self, where: str, find: Callable[[str], str | None]) -> None:
        self._where = where
        self._find = find
        self._title = self._topic = ""
        self._done: list[Heading] = []
        self._open: list[_Open] = []
        self._seen: set[str] = set()
        self.unknown: list[tuple[int, str]] = []

    def take(self, number: int, line: str) -> None:
        """Read one line; what is no heading, question or paper is passed over."""
        if match := _HEADING.fullmatch(line.strip()):
            self._head(len(match[1]), match[2])
        elif (match := _TOPIC.fullmatch(line)) and not self._open:
            self._topic = match[1].strip()
        elif match := _ITEM.fullmatch(line):
            self._paper(number, match[1])
        elif (match := _QUESTION.fullmatch(line)) and self._open:
            self._open[-1].heading = replace(self._open[-1].heading, question=match[1].strip())

    def outline(self) -> Outline:
        """What was read."""
        self._close(0)
        title = self._title or title_of(self._topic or self._where)
        return Outline(
            title, self._topic or title.partition(":")[0], tuple(h for h in self._done if h.placed)
        )

    def _head(self, level: int, title: str) -> None:
        if level == 1:
            self._close(0)
            self._title = title
            return
        level = min(level - 1, DEEPEST)
        self._close(level)
        self._open.append(_Open(level, Heading(title)))

    def _paper(self, number: int, name: str) -> None:
        paper_id = self._find(name.strip("[]@"))
        if paper_id is None:
            self.unknown.append((number, name))
            return
        if paper_id in self._seen:  # the first place holds
            return
        self._seen.add(paper_id)
        if not self._open:
            self._open.append(_Open(1, Heading("Papers")))
        top = self._open[-1].heading
        self._open[-1].heading = replace(top, papers=(*top.papers, paper_id))

    def _close(self, level: int) -> None:
        """End every section of this level or below."""
        while self._open and (level == 0 or self._open[-1].level >= level):
            ended = self._open.pop().heading
            if self._open and ended.placed:
                parent = self._open[-1].heading
                self._open[-1].heading = replace(parent, children=(*parent.children, ended))
            elif not self._open:
                self._done.append(ended)
