"""Markdown with pandoc's citations: `[@a; @b, p. 3]`, `@a says`, `[-@a]`; or with numbers, `[1]`.

Headings, code, tables, images and comments are no prose; citations in tables are kept as loose ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.readers.textfile import TextFile
from rag.audit import numbered
from rag.audit.draft import Draft, Gathered, Notes
from rag.audit.prose import Lines, Prose, source_of
from rag.audit.text import inserted

_KEY = r"\{[^{}\s]+\}|\w(?:\w|[:.#$%&+?<>~/-](?=\w))*"
_CITE = re.compile(rf"(?<![\w@.\\/])-?@({_KEY})")
_CROSS = re.compile(r"(?:fig|tbl|tab|eq|sec|lst|thm|lem|def|ch)[-:]")  # pandoc-crossref, Quarto
_GROUP = rf"\[[^\[\]]*(?<![\w\\])@(?:{_KEY})[^\[\]]*\](?![(\[])"
_INLINE = re.compile(
    r"(?P<escape>\\[!-/:-@\[-`{-~])"
    r"|(?P<comment><!--.*?-->)"
    r"|(?P<code>(?P<ticks>`+)(?P<inside>.+?)(?<!`)(?P=ticks)(?!`))"
    r"|(?P<math>\$\$.*?\$\$)"
    rf"|(?P<cited>{_GROUP})"
    rf"|(?P<bare>(?<![\w@.\\/])-?@(?P<key>{_KEY})(?:\s?\[[^\[\]@]*\](?!\())?)"
    r"|(?P<image>!\[[^\]]*\]\([^()]*\)(?:\{[^}]*\})?)"
    r"|(?P<note>\[\^[^\]\s]+\])"
    r"|(?P<number>\[\d{1,4}(?:\s*[,;–—‑-]\s*\d{1,4})*\](?![(\[:]))"
    r"|(?P<link>\[(?P<label>[^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\]))"
    r"|(?P<tag></?[A-Za-z][^<>]{0,500}>|<https?://[^<>\s]+>)"
    r"|(?P<mark>\*+|~~|(?<!\w)_+|_+(?!\w)|\{[.#][^{}\n]*\})"
    r"|(?P<line>[ \t]*\n[ \t>]*)",
    re.DOTALL,
)
_FENCE = re.compile(r"[ >]{0,9}(?P<fence>`{3,}|~{3,})")
_HEADING = re.compile(r"[ >]{0,5}#{1,6}\s")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})\s*$")
_RULE = re.compile(r" {0,3}(?:[-*_]\s*){3,}$")
_ITEM = re.compile(r"\s*(?:>\s*)*(?:[-*+]|\d{1,3}[.)]|\[\^[^\]]+\]:|:)\s+")
_QUOTED = re.compile(r"\s*(?:>\s*)+")
_TABLE = re.compile(r"\s*\||\s*[-:+| =]*-{3,}[-:+| =]*$|.*\s\|\s.*\|")
_FILES = re.compile(
    r"^bibliography:[ \t]*(?P<one>\S[^\n]*)?(?P<more>(?:\n[ \t]*-[ \t]+[^\n]+)*)", re.MULTILINE
)


def read(file: TextFile) -> Draft:
    """The draft in a Markdown file."""
    source = source_of(file)
    found, prose = Gathered(), Prose(source)
    body = _front_matter(source, found)
    lines = source.split("\n")
    by_number = not _CITE.search(source, body) or not re.search(rf"\[[^\[\]\n]*@(?:{_KEY})", source)
    start = numbered.list_start(lines)
    stop = len(source)
    if start is not None:
        stop = sum(len(line) + 1 for line in lines[: max(start, 0)])
        found.entries += numbered.entries_of(enumerate(lines[start + 1 :], start + 2))
    elif (heading := _last_heading(lines)) is not None:
        stop = sum(len(line) + 1 for line in lines[:heading])
    for kind, a, b in _Blocks(source, stop, found).walk(body):
        _inline(prose, a, b, by_number)
        found.loose += prose.end(keep=kind == "prose")
    return found.draft(file.path, "markdown", prose.sentences)


def _last_heading(lines: list[str]) -> int | None:
    """The heading of a reference list that a tool will fill in."""
    for at in range(len(lines) - 1, -1, -1):
        if _HEADING.match(lines[at]) and numbered.HEADING.fullmatch(lines[at].strip("# \t").split("{")[0]):
            return at
    return None


def _front_matter(source: str, found: Gathered) -> int:
    """Where the text begins behind YAML; the bibliographies and citations named there."""
    block = re.match(r"\ufeff?---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|$)", source, re.DOTALL)
    if not block:
        return 0
    for m in _FILES.finditer(block.group(1)):
        one = (m.group("one") or "").strip("[] ")
        named = [*one.split(","), *re.findall(r"-[ \t]+([^\n]+)", m.group("more"))]
        found.bibliographies += [name.strip(" \"'") for name in named if name.strip(" \"'")]
    quiet = re.search(r"^nocite:(.*(?:\n[ \t]+.*)*)", block.group(1), re.MULTILINE)
    if quiet:
        found.all_used = "@*" in quiet.group(1)
        prose = Prose(source)
        prose.cite([_bare(k) for k in _CITE.findall(quiet.group(1))], 0, 0)
        found.loose += prose.end(keep=False)
    return block.end()


@dataclass(slots=True)
class _Blocks:
    """Walks the lines; a block is its kind ("prose" or "other") and its span, code is left out."""

    source: str
    stop: int
    found: Gathered
    begin: int = -1  # of the block that is open, -1 without one
    kind: str = "prose"
    listed: bool = False

    def walk(self, start: int) -> Iterator[tuple[str, int, int]]:
        """The blocks from an offset on."""
        at = start
        while at < self.stop:
            end = self.source.find("\n", at, self.stop)
            end = self.stop if end < 0 else end
            line = self.source[at:end]
            if self._parts(line):
                if self.begin >= 0:
                    yield self.kind, self.begin, at
                self.begin = -1
                if _HEADING.match(line):
                    yield "other", at, end
                    self.listed = False
                at = self._behind(line, at, end)
                continue
            if (
                self.begin >= 0
                and _UNDERLINE.match(line)
                and "\n" not in self.source[self.begin : at].rstrip("\n")
            ):
                yield "other", self.begin, at
                self.begin = -1
            elif self.begin >= 0 and _ITEM.match(line):
                yield self.kind, self.begin, at
                self.begin = -1
                self._open(line, at)
            elif self.begin < 0 and (self.listed or not re.match(r"(?: {4}|\t)\S", line)):
                self._open(line, at)  # else indented code
            at = end + 1
        if self.begin >= 0:
            yield self.kind, self.begin, min(at, self.stop)

    def _parts(self, line: str) -> bool:
        """Whether a line ends the block before it and is none itself."""
        if _FENCE.match(line) or not line.strip() or _HEADING.match(line):
            return True
        return self.begin < 0 and bool(_RULE.match(line) or re.match(r"\s*<!--", line))

    def _behind(self, line: str, at: int, end: int) -> int:
        """Where the text goes on behind such a line and what it opens."""
        fence = _FENCE.match(line)
        if fence:
            return self._code_end(at, end, fence.group("fence"))
        if not re.match(r"\s*<!--", line):
            return end + 1
        closed = self.source.find("-->", at, self.stop)
        if closed < 0:
            self.found.problem(Lines(self.source)(at), "<!-- is never closed; the rest was not read")
            return self.stop
        return closed + 3

    def _open(self, line: str, at: int) -> None:
        """Begin a block with a line, behind the mark of a list's item."""
        item = _ITEM.match(line)
        lead = item or _QUOTED.match(line)
        self.begin, self.kind = at + (lead.end() if lead else 0), "other" if _TABLE.match(line) else "prose"
        self.listed = bool(item) or (self.listed and line[:1].isspace())

    def _code_end(self, at: int, end: int, fence: str) -> int:
        """Where the text goes on behind a block of code."""
        closed = re.compile(rf"^[ >]{{0,9}}{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$", re.MULTILINE)
        closing = closed.search(self.source, min(end + 1, self.stop), self.stop)
        if closing is None:
            self.found.problem(Lines(self.source)(at), f"{fence} is never closed; the rest was not read")
            return self.stop
        return closing.end() + 1


def _inline(prose: Prose, start: int, end: int, by_number: bool) -> None:
    """Add a span of the source to the block without its markup."""
    at, source = start, prose.source
    for m in _INLINE.finditer(source, start, end):
        if m.start() < at:
            continue
        kind, next_at = str(m.lastgroup), m.end()
        kind = next((k for k in ("cited", "bare", "link", "code") if m.group(k) is not None), kind)
        keys = _keys(m, kind, by_number)
        if kind in ("cited", "bare") and not keys or (kind == "number" and not by_number):
            next_at = m.end() if kind != "number" else m.start()
            prose.take(at, m.end() if kind == "number" else m.start())
            at = m.end() if kind == "number" else next_at
            continue
        prose.take(at, m.start())
        if keys:
            prose.cite(keys, m.start(), m.end())
        elif kind == "escape":
            prose.take(m.start() + 1, m.end())
        elif kind == "code":
            prose.take(m.start("inside"), m.end("inside"))
        elif kind == "link":
            _inline(prose, m.start("label"), m.end("label"), by_number)
        elif kind == "line":
            prose.put(" ", m.start())
        at = next_at
    prose.take(at, max(at, end))


def _keys(m: re.Match[str], kind: str, by_number: bool) -> list[str]:
    if kind == "cited":
        return [key for key in map(_bare, _CITE.findall(m.group())) if not _CROSS.match(key)]
    if kind == "bare":
        key = _bare(m.group("key"))
        return [] if _CROSS.match(key) else [key]
    return numbered.numbers_of(m.group()[1:-1]) if kind == "number" and by_number else []


def _bare(key: str) -> str:
    return key.strip("{}")


def annotate(source: str, draft: Draft, notes: Notes) -> str:
    """The Markdown with a comment behind each sentence that has a note."""
    safe = {
        n: f" <!-- ibid: {re.sub(r'-{2,}', '–', note).replace('>', '›')} -->" for n, note in notes.items()
    }
    return inserted(source, draft, safe)
