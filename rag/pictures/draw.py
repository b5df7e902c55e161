"""The three drawings: papers by year, the map of topics, what each query brought.

Which can be drawn depends on what is known: years, places, queries.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.cleaning import shortened
from rag.pictures.drawing import Bar, Curve, Drawing, Line, Mark, Words
from rag.pictures.pictured import COLOURS, Pictured, Shown, colour_of, shape_of

TIMELINE, MAP, COVERAGE = "Papers by year", "Map of topics", "Papers kept of what each query brought"
_WIDE, _LEFT, _RIGHT, _TOP = 720.0, 52.0, 20.0, 40.0
_PLOT, _SQUARE = 220.0, 440.0  # how high the field of a chart is, and that of the map
_ROW = 20.0  # of a legend
_NAMED, _TITLE, _QUERY = 84, 160, 92  # letters of a theme, of a title pointed at, of a query
_MOST_TICKS = 14
_THICKEST = 64.0  # a bar


def drawings(shown: Pictured) -> dict[str, Drawing]:
    """Every drawing there is something for, by a name fit for a file."""
    made = {}
    if shown.years:
        made["timeline"] = timeline(shown)
    if shown.mapped:
        made["map"] = topic_map(shown)
    if shown.queries:
        made["coverage"] = coverage(shown)
    return made


def timeline(shown: Pictured) -> Drawing:
    """Papers by year as bars, a colour a theme."""
    years = shown.years
    most = max(1, *map(sum, years.values()))
    drawing = _field(TIMELINE, _PLOT, shown)
    drawing.add(*_scale(most, _PLOT))
    step = (_WIDE - _LEFT - _RIGHT) / len(years)
    thick = min(_THICKEST, step * 0.76)
    every = -(-len(years) // _MOST_TICKS)
    for place, (year, counts) in enumerate(years.items()):
        left, base = _LEFT + step * place, _TOP + _PLOT
        for theme, count in enumerate(counts):
            high = _PLOT * count / most
            base -= high
            told = f"{year}: {count} of “{shown.themes[theme]}”"
            if count:
                drawing.add(Bar(left + (step - thick) / 2, base, thick, high, colour_of(theme), told))
        if place % every == 0:
            drawing.add(Words(left + step / 2, _TOP + _PLOT + 14, str(year), "middle"))
    drawing.add(Line((_LEFT, _TOP + _PLOT), (_WIDE - _RIGHT, _TOP + _PLOT), faint=False))
    if shown.undated:
        note = f"and {shown.undated} without a year"
        drawing.add(Words(_WIDE - _RIGHT, _TOP - 20, note, "end"))
    return drawing


def topic_map(shown: Pictured) -> Drawing:
    """Papers where their texts put them: near ones say similar things; the axes have no meaning."""
    drawing = _field(MAP, _SQUARE, shown)
    edge = 14.0
    wide, high = _WIDE - 2 * edge, _SQUARE
    corners = [(edge, _TOP), (edge + wide, _TOP), (edge + wide, _TOP + high), (edge, _TOP + high)]
    drawing.add(*(Line(a, b) for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)))
    for paper in shown.mapped:
        x, y = paper.place or (0.0, 0.0)
        at = edge + 16 + (wide - 32) * x, _TOP + 16 + (high - 32) * y
        drawing.add(
            Mark(*at, shape_of(paper.theme), colour_of(paper.theme), told(paper, _TITLE), paper.paper_id)
        )
    return drawing


def told(paper: Shown, most: int = _TITLE) -> str:
    """What a paper's mark says."""
    return shortened(paper.title, most) + (f" ({paper.year})" if paper.year else "")


def coverage(shown: Pictured) -> Drawing:
    """Kept papers that each query brought anew, as bars, and their sum, as a line that flattens."""
    sums = shown.kept_so_far
    most = max(1, sums[-1])
    drawing = Drawing(COVERAGE, _WIDE, _TOP + _PLOT + 44 + _ROW * len(shown.queries))
    drawing.add(Words(_LEFT, _TOP - 20, COVERAGE, strong=True, size=14))
    drawing.add(*_scale(most, _PLOT))
    step = (_WIDE - _LEFT - _RIGHT) / len(shown.queries)
    thick = min(_THICKEST, step * 0.6)
    line = [(_LEFT, _TOP + _PLOT * (1 - shown.given / most))]
    for number, query in enumerate(shown.queries):
        left, high = _LEFT + step * number, _PLOT * query.kept / most
        said = f"query {number + 1}: {query.kept} kept of {query.found} new"
        drawing.add(Bar(left + (step - thick) / 2, _TOP + _PLOT - high, thick, high, COLOURS[4], said))
        line.append((left + step / 2, _TOP + _PLOT * (1 - sums[number + 1] / most)))
        drawing.add(Words(left + step / 2, _TOP + _PLOT + 14, str(number + 1), "middle"))
        words = f"{number + 1}. {shortened(query.text, _QUERY)}: {query.kept} kept of {query.found} new"
        drawing.add(Words(_LEFT, _TOP + _PLOT + 40 + _ROW * number, words))
    drawing.add(Curve(tuple(line), COLOURS[1]))
    drawing.add(*(Mark(x, y, "circle", COLOURS[1], radius=3.5) for x, y in line[1:]))
    drawing.add(Line((_LEFT, _TOP + _PLOT), (_WIDE - _RIGHT, _TOP + _PLOT), faint=False))
    return drawing


def tick_step(most: int) -> int:
    """A round step by which counts up to `most` are marked."""
    return next(s for n in range(9) for s in (10**n, 2 * 10**n, 5 * 10**n) if most / s <= 6)


def _field(title: str, high: float, shown: Pictured) -> Drawing:
    """A drawing with its title above the field and the themes below it."""
    drawing = Drawing(title, _WIDE, _TOP + high + 36 + _ROW * len(shown.themes))
    drawing.add(Words(_LEFT if title != MAP else 14.0, _TOP - 20, title, strong=True, size=14))
    for number, (name, count) in enumerate(zip(shown.themes, shown.sizes(), strict=True)):
        y = _TOP + high + 36 + _ROW * number
        drawing.add(Mark(_LEFT, y, shape_of(number), colour_of(number)))
        drawing.add(Words(_LEFT + 14, y, f"{shortened(name, _NAMED)} ({count})"))
    return drawing


def _scale(most: int, high: float) -> Iterator[Line | Words]:
    """Lines at whole numbers from 0 to the most, with the numbers beside them."""
    for value in range(0, most + 1, tick_step(most)):
        y = _TOP + high * (1 - value / most)
        yield Line((_LEFT, y), (_WIDE - _RIGHT, y))
        yield Words(_LEFT - 8, y, str(value), "end")
