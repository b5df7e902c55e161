"""The pictures of a set of papers as plotly figures: the same figures as `rag.pictures.draw`, to point at.

A mark of the map carries, as `customdata`, what the page's script opens when it is clicked. Labels are
escaped, as plotly reads a little HTML.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import plotly.graph_objects as go

from index.cleaning import shortened
from rag.pictures.draw import tick_step, told
from rag.pictures.pictured import COLOURS, Pictured, colour_of, shape_of

Opens = Callable[[str], str]  # what opens a paper, by its id
_SYMBOLS = {"circle": "circle", "square": "square", "diamond": "diamond", "triangle": "triangle-up"}
_INK, _RULE = "#808080", "rgba(128,128,128,0.25)"  # read on white as on black
_CLEAR = "rgba(0,0,0,0)"
_NAMED, _QUERY = 60, 100  # letters


def timeline(shown: Pictured) -> go.Figure | None:
    """Papers by year, a colour a theme; None where no year is known."""
    years = shown.years
    if not years:
        return None
    bars = [
        go.Bar(
            x=list(years), y=[counts[theme] for counts in years.values()], name=_text(name, _NAMED),
            marker_color=colour_of(theme), hovertemplate="%{x}: %{y}<extra>%{fullData.name}</extra>",
        )
        for theme, name in enumerate(shown.themes)
    ]  # fmt: skip
    figure = _figure(bars, 300)
    figure.update_layout(barmode="stack")
    undated = f"year ({shown.undated:,} more without one)" if shown.undated else "year"
    figure.update_xaxes(dtick=max(1, len(years) // 12), tickformat="d", title_text=undated)
    figure.update_yaxes(title_text="papers", dtick=tick_step(max(map(sum, years.values()))))
    return figure


def topic_map(shown: Pictured, opens: Opens) -> go.Figure | None:
    """Papers where their texts put them; None where too few have a place."""
    marks = []
    for theme, name in enumerate(shown.themes):
        papers = [p for p in shown.mapped if p.theme == theme]
        marks.append(
            go.Scatter(
                x=[p.place[0] for p in papers if p.place], y=[-p.place[1] for p in papers if p.place],
                mode="markers", name=_text(name, _NAMED), text=[_text(told(p)) for p in papers],
                customdata=[opens(p.paper_id) for p in papers],
                hovertemplate="%{text}<extra></extra>",
                marker={
                    "color": colour_of(theme), "symbol": _SYMBOLS[shape_of(theme)], "size": 11,
                    "line": {"color": "white", "width": 0.8},
                },
            )
        )  # fmt: skip
    if not shown.mapped:
        return None
    figure = _figure(marks, 440 + 9 * len(shown.themes), titled=False)
    figure.update_xaxes(visible=False, range=[-0.05, 1.05])
    figure.update_yaxes(visible=False, range=[-1.05, 0.05])
    return figure


def coverage(shown: Pictured) -> go.Figure | None:
    """Kept papers that each query brought, and their sum; None without queries."""
    if not shown.queries:
        return None
    numbers = list(range(1, len(shown.queries) + 1))
    words = [f"{_text(q.text, _QUERY)}<br>{q.kept:d} kept of {q.found:d} new" for q in shown.queries]
    figure = _figure(
        [
            go.Bar(
                x=numbers, y=[q.kept for q in shown.queries], name="kept of this query", text=words,
                textposition="none", marker_color=COLOURS[4], hovertemplate="%{text}<extra></extra>",
            ),
            go.Scatter(
                x=[0, *numbers], y=shown.kept_so_far, name="kept so far", mode="lines+markers",
                line={"color": COLOURS[1], "width": 2.5},
                hovertemplate="%{y} kept after %{x} queries<extra></extra>",
            ),
        ],
        300,
    )  # fmt: skip
    figure.update_xaxes(title_text="query", dtick=1)
    figure.update_yaxes(title_text="papers", dtick=tick_step(shown.kept_so_far[-1]), rangemode="tozero")
    return figure


def _figure(traces: list[go.Bar | go.Scatter], high: int, *, titled: bool = True) -> go.Figure:
    """A figure; where its axis is titled, the legend stands below the title."""
    figure = go.Figure(traces)
    figure.update_layout(
        height=high, paper_bgcolor=_CLEAR, plot_bgcolor=_CLEAR, font={"color": _INK, "size": 12},
        margin={"l": 44, "r": 12, "t": 42, "b": 36}, hoverlabel={"align": "left"}, showlegend=True,
        legend={
            "orientation": "h", "yanchor": "top", "y": -0.3 if titled else -0.02, "x": 0,
            "traceorder": "normal",
        },
        modebar={"remove": ["select2d", "lasso2d", "autoScale2d"]}, template="none",
    )  # fmt: skip
    figure.update_xaxes(gridcolor=_RULE, zerolinecolor=_RULE)
    figure.update_yaxes(gridcolor=_RULE, zerolinecolor=_RULE)
    return figure


def _text(text: str, most: int = 200) -> str:
    return escape(shortened(text, most))
