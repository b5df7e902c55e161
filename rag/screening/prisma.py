"""The PRISMA 2020 flow of a review: its counts, and its diagram as SVG.

Boxes and wording after Page et al. (2021), "The PRISMA 2020 statement", BMJ 372:n71, figure for new reviews
of databases and registers. Screening knows titles and abstracts; what is decided on full texts is told to it,
and a number that nobody told stays open in the diagram.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any
from xml.sax.saxutils import escape

from index.errors import UsageError
from rag.screening.session import State

_WIDE, _BOX, _SIDE, _LINE, _PAD = 760, 330, 300, 19, 12
_LEFT, _RIGHT, _GAP = 40, 440, 34
_MOST_SOURCES = 8  # sources named one by one


@dataclass(frozen=True, slots=True)
class FullTexts:
    """What happened to the reports of included records; None where it is not known."""

    not_retrieved: int | None = None
    excluded: int | None = None
    studies: int | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """The counts. `by_source`: records met in each file; `not_screened`: unread when reading stopped."""

    by_source: tuple[tuple[str, int], ...]
    identified: int
    duplicates: int
    not_screened: int
    screened: int
    excluded: int
    sought: int
    full_texts: FullTexts = FullTexts()

    @property
    def assessed(self) -> int | None:
        """Reports assessed for eligibility."""
        missing = self.full_texts.not_retrieved
        return None if missing is None else self.sought - missing

    def to_dict(self) -> dict[str, Any]:
        """A JSON-safe form."""
        return asdict(self) | {
            "by_source": [list(pair) for pair in self.by_source],
            "assessed": self.assessed,
        }


def flow_of(state: State, full_texts: FullTexts | None = None) -> Flow:
    """The flow of a session.

    :raises UsageError: when more reports are lost on the way than there are.
    """
    sources = tuple((PurePath(f.path).name, f.read) for f in state.identified)
    identified = sum(count for _, count in sources) or len(state.papers)
    texts = full_texts or FullTexts()
    flow = Flow(
        by_source=sources or (("library", identified),),
        identified=identified,
        duplicates=max(0, identified - len(state.papers)),
        not_screened=len(state.unread),
        screened=len(state.decisions),
        excluded=len(state.excluded),
        sought=len(state.included),
        full_texts=texts,
    )
    given = (texts.not_retrieved or 0) + (texts.excluded or 0)
    if given > flow.sought:
        raise UsageError(
            f"{given} reports lost of {flow.sought} sought; mend --not-retrieved or --ineligible"
        )
    return flow


def flow_svg(flow: Flow) -> str:
    """The diagram, black on white; every text is escaped."""
    texts = flow.full_texts
    sources = [f"{name} (n = {count})" for name, count in flow.by_source[:_MOST_SOURCES]]
    if len(flow.by_source) > _MOST_SOURCES:
        rest = sum(count for _, count in flow.by_source[_MOST_SOURCES:])
        sources.append(f"{len(flow.by_source) - _MOST_SOURCES} more sources (n = {rest})")
    rows: list[tuple[list[str], list[str]]] = [
        (
            [f"Records identified (n = {flow.identified}):", *sources],
            [
                "Records removed before screening:",
                f"Duplicate records (n = {flow.duplicates})",
                f"Records not screened, ranked last (n = {flow.not_screened})",
            ],
        ),
        ([f"Records screened (n = {flow.screened})"], [f"Records excluded (n = {flow.excluded})"]),
        (
            [f"Reports sought for retrieval (n = {flow.sought})"],
            [f"Reports not retrieved ({_n(texts.not_retrieved)})"],
        ),
        (
            [f"Reports assessed for eligibility ({_n(flow.assessed)})"],
            [f"Reports excluded ({_n(texts.excluded)})"],
        ),
        ([f"Studies included in review ({_n(texts.studies)})"], []),
    ]
    return _drawn(rows)


def _n(count: int | None) -> str:
    return "n =    " if count is None else f"n = {count}"


def _drawn(rows: Sequence[tuple[list[str], list[str]]]) -> str:
    parts, top = [], 20
    for number, (left, right) in enumerate(rows):
        high = _LINE * max(len(left), len(right)) + 2 * _PAD
        parts.append(_box(_LEFT, top, _BOX, high, left))
        if right:
            parts.append(_box(_RIGHT, top, _SIDE, high, right))
            parts.append(_arrow(_LEFT + _BOX, top + high / 2, _RIGHT, top + high / 2))
        if number + 1 < len(rows):
            parts.append(_arrow(_LEFT + _BOX / 2, top + high, _LEFT + _BOX / 2, top + high + _GAP))
        top += high + _GAP
    size = f'viewBox="0 0 {_WIDE} {top}" width="{_WIDE}" height="{top}"'
    head = (
        '<defs><marker id="head" markerWidth="9" markerHeight="8" refX="8" refY="4" orient="auto">'
        '<path d="M0,0 L9,4 L0,8 z"/></marker></defs>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="PRISMA 2020 flow diagram" '
        'font-family="Helvetica, Arial, sans-serif" font-size="13">'
        f'{head}<rect width="{_WIDE}" height="{top}" fill="white"/>{"".join(parts)}</svg>\n'
    )


def _box(x: int, y: int, wide: int, high: int, lines: Sequence[str]) -> str:
    frame = f'<rect x="{x}" y="{y}" width="{wide}" height="{high}" fill="none" stroke="black"/>'
    first = y + high / 2 - _LINE * (len(lines) - 1) / 2
    texts = "".join(
        f'<text x="{x + _PAD}" y="{first + _LINE * n:.1f}" dominant-baseline="middle">{_clean(line)}</text>'
        for n, line in enumerate(lines)
    )
    return frame + texts


def _arrow(x1: float, y1: float, x2: float, y2: float) -> str:
    ends = f'x1="{x1:g}" y1="{y1:g}" x2="{x2:g}" y2="{y2:g}"'
    return f'<line {ends} stroke="black" marker-end="url(#head)"/>'


def _clean(line: str) -> str:
    shown = "".join(c if c.isprintable() else " " for c in line)
    return escape(shown if len(shown) <= 48 else shown[:47] + "…")
