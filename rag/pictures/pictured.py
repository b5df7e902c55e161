"""What is drawn, as one value: papers with theme, year and place, and what each query brought.

Every drawing, in files as on the page, is made of this and nothing else, so all show the same figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Okabe & Ito (2008), told apart by readers with any colour vision; then shapes tell themes apart.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
SHAPES = ("circle", "square", "diamond", "triangle")
NO_THEME = "Other papers"

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper: its title, its year, the number of its theme, and its place on the map, each in [0, 1]."""

    paper_id: str
    title: str
    year: int | None
    theme: int
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A query with the papers that it brought anew, and how many of them were kept."""

    text: str
    found: int
    kept: int


@dataclass(frozen=True, slots=True)
class Pictured:
    """A set of papers to draw. `given` counts kept papers that no query was needed for."""

    title: str
    themes: tuple[str, ...]
    papers: tuple[Shown, ...]
    queries: tuple[Query, ...] = ()
    given: int = 0

    @property
    def mapped(self) -> tuple[Shown, ...]:
        """The papers that have a place."""
        return tuple(p for p in self.papers if p.place is not None)

    @property
    def years(self) -> dict[int, list[int]]:
        """Papers by year and theme, each year from the first to the last; a theme's count at its number."""
        known = [p.year for p in self.papers if p.year is not None]
        if not known:
            return {}
        counts = {year: [0] * len(self.themes) for year in range(min(known), max(known) + 1)}
        for paper in self.papers:
            if paper.year is not None:
                counts[paper.year][paper.theme] += 1
        return counts

    @property
    def undated(self) -> int:
        """Papers without a year."""
        return sum(p.year is None for p in self.papers)

    @property
    def kept_so_far(self) -> list[int]:
        """Papers kept after no query, after the first, after the second …"""
        sums = [self.given]
        for query in self.queries:
            sums.append(sums[-1] + query.kept)
        return sums

    def sizes(self) -> list[int]:
        """How many papers each theme has."""
        return [sum(p.theme == n for p in self.papers) for n in range(len(self.themes))]


def colour_of(theme: int) -> str:
    """The colour of a theme; the seventh has the first's, with another shape."""
    return COLOURS[theme % len(COLOURS)]


def shape_of(theme: int) -> str:
    """The shape of a theme's marks."""
    return SHAPES[(theme % len(COLOURS) + theme // len(COLOURS)) % len(SHAPES)]


def themed(
    names: Sequence[str], members: Sequence[Sequence[str]], ids: Sequence[str]
) -> tuple[tuple[str, ...], dict[str, int]]:
    """Names of themes and each paper's number; a paper of none has a theme of its own at the end."""
    numbers: dict[str, int] = {}
    for number, own in enumerate(members):
        for paper_id in own:
            numbers.setdefault(paper_id, number)
    lacking = [i for i in ids if i not in numbers]
    numbers.update(dict.fromkeys(lacking, len(names)))
    return (*names, *((NO_THEME,) if lacking else ())), numbers


def queries_of(coverage: Mapping[str, object]) -> tuple[tuple[Query, ...], int]:
    """Queries and given papers of a report as `Coverage.to_dict` has it; nothing where it has none."""
    rows, papers = coverage.get("queries"), coverage.get("papers")
    if not isinstance(rows, list):
        return (), 0
    queries = tuple(Query(str(r["query"]), int(r["found"]), int(r["taken"])) for r in rows)
    given = sum(bool(p["taken"]) and not p["query"] for p in papers) if isinstance(papers, list) else 0
    return queries, given
