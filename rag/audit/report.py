"""What an audit found: a verdict a citation, suggestions for what is uncited, flags. JSON-safe.

`Audit.wrong` says what `--strict` fails on: a sentence that its paper does not support or contradicts,
and every flag but an entry that nobody cites. A paper that the library lacks is no fault of the draft.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from index.types import Paper, Problem
from rag.audit.draft import DraftSentence


class CitationVerdict(StrEnum):
    """What a cited paper says of the sentence; the last two leave it open."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    NOT_SUPPORTED = "not_supported"
    CONTRADICTED = "contradicted"
    NOT_IN_LIBRARY = "not_in_library"
    NO_ABSTRACT = "no_abstract"


class FlagKind(StrEnum):
    """What can be wrong with citations besides what they are cited for."""

    MISSING_KEY = "missing_key"
    NUMBER_DIFFERS = "number_differs"
    SAME_PAPER = "same_paper"
    RETRACTED = "retracted"
    NEVER_CITED = "never_cited"


_HARMLESS = frozenset((FlagKind.NEVER_CITED,))
_WRONG = frozenset((CitationVerdict.NOT_SUPPORTED, CitationVerdict.CONTRADICTED))
WORST_FIRST = (
    CitationVerdict.CONTRADICTED, CitationVerdict.NOT_SUPPORTED, CitationVerdict.PARTLY,
    CitationVerdict.SUPPORTED, CitationVerdict.NO_ABSTRACT, CitationVerdict.NOT_IN_LIBRARY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at: the key it is about, the line, and why. `path` is the file of the line."""

    kind: FlagKind
    key: str
    line: int
    why: str
    path: str

    def to_dict(self) -> dict[str, Any]:
        """A JSON-safe form."""
        return {
            "kind": self.kind.value, "key": self.key, "path": self.path, "line": self.line, "why": self.why
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """One citation with its verdict and the passage that decides: `abstract[start:end] == quote`.

    `paper` is the library's, None where it has none; `support` in [0, 1] is the lexical support.
    """

    key: str
    line: int
    verdict: CitationVerdict
    paper: Paper | None = None
    support: float = 0.0
    why: tuple[str, ...] = ()
    quote: str = ""
    start: int = 0
    end: int = 0

    def to_dict(self) -> dict[str, Any]:
        """A JSON-safe form."""
        return {
            "key": self.key, "line": self.line, "verdict": self.verdict.value,
            "paper_id": self.paper.id if self.paper else None,
            "title": self.paper.title if self.paper else None,
            "support": round(self.support, 4), "why": list(self.why),
            "quote": self.quote, "start": self.start, "end": self.end,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A paper of the library that supports an uncited sentence, by its library's key."""

    paper: Paper
    key: str
    score: float
    quote: str
    start: int
    end: int

    def to_dict(self) -> dict[str, Any]:
        """A JSON-safe form."""
        return {
            "paper_id": self.paper.id, "key": self.key, "title": self.paper.title,
            "score": round(self.score, 4), "quote": self.quote, "start": self.start, "end": self.end,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class CheckedSentence:
    """A sentence that cites, or one that could; the others are left out of a report.

    `number` is its index in the draft.
    """

    number: int
    sentence: DraftSentence
    citations: tuple[CheckedCitation, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    flags: tuple[Flag, ...] = ()

    @property
    def verdict(self) -> CitationVerdict | None:
        """The worst of its citations; None without one."""
        verdicts = {c.verdict for c in self.citations}
        return next((v for v in WORST_FIRST if v in verdicts), None)

    @property
    def wrong(self) -> bool:
        """Whether a citation does not hold or a flag is raised here."""
        return self.verdict in _WRONG or bool(self.flags)

    def to_dict(self, path: str) -> dict[str, Any]:
        """A JSON-safe form. :param path: the draft's own file."""
        return {
            "path": self.sentence.path or path, "line": self.sentence.line, "text": self.sentence.text,
            "verdict": self.verdict.value if self.verdict else "uncited",
            "citations": [c.to_dict() for c in self.citations],
            "suggestions": [s.to_dict() for s in self.suggestions],
            "flags": [f.to_dict() for f in self.flags],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole audit of a draft. `flags` are those of no one sentence; `problems` could not be read."""

    path: str
    format: str
    bibliographies: tuple[str, ...]
    sentences: tuple[CheckedSentence, ...]
    flags: tuple[Flag, ...] = ()
    problems: tuple[tuple[str, Problem], ...] = ()
    read: int = 0  # sentences of the draft
    seconds: float = field(default=0.0, compare=False)

    @property
    def all_flags(self) -> Iterator[Flag]:
        """Those of sentences first."""
        yield from (flag for sentence in self.sentences for flag in sentence.flags)
        yield from self.flags

    @property
    def wrong(self) -> bool:
        """Whether `--strict` should fail."""
        return any(s.wrong for s in self.sentences) or any(f.kind not in _HARMLESS for f in self.flags)

    @property
    def counts(self) -> dict[str, int]:
        """Citations by verdict, all verdicts named."""
        found = Counter(c.verdict for s in self.sentences for c in s.citations)
        return {v.value: found[v] for v in CitationVerdict}

    def to_dict(self) -> dict[str, Any]:
        """The public shape `ibid.check/1`."""
        return {
            "schema": "ibid.check/1", "draft": self.path, "format": self.format,
            "bibliographies": list(self.bibliographies), "wrong": self.wrong,
            "read": self.read, "citations": sum(self.counts.values()), "verdicts": self.counts,
            "suggested": sum(bool(s.suggestions) for s in self.sentences),
            "sentences": [s.to_dict(self.path) for s in self.sentences],
            "flags": [f.to_dict() for f in self.flags],
            "problems": [{"path": p, "line": x.line, "why": x.why} for p, x in self.problems],
            "seconds": round(self.seconds, 2),
        }  # fmt: skip


def worst(verdicts: Iterable[CitationVerdict]) -> CitationVerdict:
    """The worst of some verdicts. :raises ValueError: when there is none."""
    return min(verdicts, key=WORST_FIRST.index)
