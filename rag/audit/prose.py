"""Running text of a draft brought together for the sentence splitter, with the way back to the source.

Readers hand over pieces of the source in order and say where a citation stands. A citation becomes the
marker "[1]", which the splitter knows to belong to the sentence before it, and is taken out of the
sentence's text again.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from index.cleaning import readable
from index.errors import ReadError
from index.readers.textfile import TextFile
from index.sentences import split_sentences
from rag.audit.draft import Cite, DraftSentence

_MARKER = "[1]"
_HOLLOW = re.compile(  # what is left of "(see [1])" without its marker
    r"\s*[(\[](?:see(?: also)?|e\.\s?g\.,?|cf\.?|for example|reviewed (?:in|by)|and|in|[\s,;–-])*[)\]]",
    re.IGNORECASE,
)
_GAP = re.compile(r"\s+(?=[.,;:!?)\]]|$)|(?<=[(\[])\s+|\s{2,}")
_TRAILING = re.compile(r"(?:\s*[,;–-])+(?=\s*[.!?]?$)")


MAX_DRAFT = 10_000_000  # characters; a thesis has one million


def source_of(file: TextFile) -> str:
    """The text of a draft. :raises ReadError: when it is longer than any draft."""
    text = file.text()
    if len(text) > MAX_DRAFT:
        raise ReadError(f"{file.path}: more than {MAX_DRAFT // 10**6} MB of text; check it in parts")
    return text


class Lines:
    """Line numbers, from 1, of offsets into a text."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(m.end() for m in re.finditer("\n", text))]

    def path(self, offset: int) -> str:
        """The file of an offset where it is another than the draft's own, else ""."""
        return ""

    def __call__(self, offset: int) -> int:
        """The line of an offset."""
        return bisect_right(self._starts, offset)

    def start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self._starts[bisect_right(self._starts, offset) - 1]


@dataclass(slots=True)
class _Group:
    """A citation marker in the text of a block: where, its keys, and its span in the source."""

    at: int
    keys: tuple[str, ...]
    start: int
    end: int


@dataclass(slots=True)
class Prose:
    """Collects blocks of running text of one source.

    :param line: a fixed line for all of it, for sources that have none.
    :param lines: the lines of the source, where they are known already.
    """

    source: str
    line: int | None = None
    lines: Lines = None  # type: ignore[assignment]
    sentences: list[DraftSentence] = field(default_factory=list)
    _chars: list[str] = field(default_factory=list)
    _origin: list[int] = field(default_factory=list)
    _groups: list[_Group] = field(default_factory=list)
    _numbered: int = 0

    def __post_init__(self) -> None:
        self.lines = self.lines or Lines(self.source)

    def take(self, start: int, end: int) -> None:
        """Add a span of the source as it is."""
        self._chars += self.source[start:end]
        self._origin += range(start, end)

    def put(self, text: str, at: int) -> None:
        """Add a text that stands for what is at an offset of the source."""
        self._chars += text
        self._origin += [at] * len(text)

    def cite(self, keys: Iterable[str], start: int, end: int) -> None:
        """Add the citations of one marker, which spans `start:end` of the source."""
        named = tuple(dict.fromkeys(keys))
        if named:
            self._groups.append(_Group(len(self._chars), named, start, end))
            self.put(_MARKER, start)

    def replace(self, pattern: re.Pattern[str], keys: Callable[[re.Match[str]], Iterable[str]]) -> None:
        """Turn what a pattern finds in the block so far into citations of the keys it means."""
        for m in reversed(list(pattern.finditer("".join(self._chars)))):
            if any(g.at < m.end() and m.start() < g.at + len(_MARKER) for g in self._groups):
                continue
            start, end = self._origin[m.start()], self._origin[m.end() - 1] + 1
            grown = len(_MARKER) - (m.end() - m.start())
            self._groups = [replace(g, at=g.at + grown) if g.at > m.start() else g for g in self._groups]
            self._chars[m.start() : m.end()] = _MARKER
            self._origin[m.start() : m.end()] = [start] * len(_MARKER)
            self._groups.append(_Group(m.start(), tuple(dict.fromkeys(keys(m))), start, end))
        self._groups.sort(key=lambda g: g.at)

    def end(self, *, keep: bool = True) -> list[Cite]:
        """Close the block; its sentences are added, or with `keep` false its citations returned."""
        made = self._sentences() if keep else []
        loose = [] if keep else [self._cite(k, g) for g in self._groups for k in g.keys]
        self.sentences += made
        self._chars, self._origin, self._groups = [], [], []
        return loose

    def _line(self, offset: int) -> int:
        return self.lines(offset) if self.line is None else self.line

    def _cite(self, key: str, group: _Group, at: int = 0, number: int = 0) -> Cite:
        return Cite(key, self._line(group.start), at, number, self.lines.path(group.start))

    def _sentences(self) -> list[DraftSentence]:
        plain = "".join(self._chars)
        spans = _own_markers(plain, split_sentences(plain), [g.at for g in self._groups])
        made: list[DraftSentence] = []
        places_of = [g.at for g in self._groups]
        for start, end in spans:
            groups = self._groups[bisect_left(places_of, start) : bisect_left(places_of, end)]
            text, places = _unmarked(plain[start:end], [g.at - start for g in groups])
            if not re.search(r"[^\W\d_]", text) and not groups:
                continue
            first, last = self._origin[start], self._origin[end - 1] + 1
            last = max([last, *(g.end for g in groups)])
            cites = []
            for group, at in zip(groups, places, strict=True):
                self._numbered += 1
                cites += [self._cite(k, group, at, self._numbered) for k in group.keys]
            raw = " ".join(self.source[first:last].split())
            line, path = self._line(first), self.lines.path(first)
            made.append(DraftSentence(text, raw, line, first, last, tuple(cites), bool(made), path))
        return made


def _own_markers(
    plain: str, spans: Sequence[tuple[int, int]], markers: Sequence[int]
) -> list[tuple[int, int]]:
    """Spans in which a marker behind a full stop belongs to the sentence that it follows.

    "Moss grows. [1] It is green." cites for the first; "[1] shows that …" is a subject and stays.
    """
    found: list[tuple[int, int]] = []
    at = set(markers)
    for start, end in spans:
        begin = start
        while begin in at:
            begin += len(_MARKER)
            begin += len(plain[begin:end]) - len(plain[begin:end].lstrip())
        rest = plain[begin:end]
        if begin > start and found and (not rest or not rest[0].islower()):
            found[-1] = (found[-1][0], begin)
            if not rest:
                continue
            start = begin
        found.append((start, end))
    return found


def _unmarked(text: str, markers: Sequence[int]) -> tuple[str, list[int]]:
    """The text without markers and what they leave behind, and where in it each marker stood."""
    parts, places, at = [], [], 0
    for marker in markers:
        parts.append(text[at:marker])
        places.append(sum(map(len, parts)))
        at = marker + len(_MARKER)
    bare = "".join([*parts, text[at:]])
    gone = [m.span() for p in (_HOLLOW, _TRAILING) for m in p.finditer(bare)] if markers else []
    gone += [(m.start() + _blank_stays(bare, m), m.end()) for m in _GAP.finditer(bare)]
    kept = [True] * len(bare)
    for a, b in gone:
        kept[a:b] = [False] * (b - a)
    shown = "".join(c for c, k in zip(bare, kept, strict=True) if k)
    lead = len(shown) - len(shown.lstrip(" ,;"))
    moved = [max(0, sum(kept[:p]) - lead) for p in places]
    plain = readable(shown[lead:].rstrip())
    return plain, [min(p, len(plain)) for p in moved]


def _blank_stays(text: str, gap: re.Match[str]) -> bool:
    """Whether one blank of a gap parts two words and has to stay."""
    inside = 0 < gap.start() and gap.end() < len(text)
    return inside and text[gap.end()] not in ".,;:!?)]" and text[gap.start() - 1] not in "(["
