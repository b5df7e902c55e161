"""Curves and bars as inline SVG: no script, no font and no picture from elsewhere; all text is escaped."""

from __future__ import annotations

from collections.abc import Mapping

from rag.evaluate.markup import safe
from rag.evaluate.outcome import Bars, Curve

# Okabe & Ito (2008): told apart by readers with any colour vision; dashes tell them apart without colour.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
DASHES = ("", "7 3", "2 3", "9 3 2 3", "4 4", "1 4")
_WIDE, _HIGH, _LEFT, _TOP, _RIGHT, _BOTTOM = 560, 320, 52, 14, 14, 46
_ROW, _LABEL, _BAR = 24, 220, 320


def curve_svg(curve: Curve) -> str:
    """Lines from (0, 0) to (1, 1) with a legend below."""
    inner_wide, inner_high = _WIDE - _LEFT - _RIGHT, _HIGH - _TOP - _BOTTOM

    def place(x: float, y: float) -> str:
        return f"{_LEFT + inner_wide * _within(x):.1f},{_TOP + inner_high * (1 - _within(y)):.1f}"

    parts = [_grid(inner_wide, inner_high)]
    for number, points in enumerate(curve.lines.values()):
        path = " ".join(place(x, y) for x, y in points)
        parts.append(
            f'<polyline fill="none" stroke="{_of(COLOURS, number)}" stroke-width="2" '
            f'stroke-dasharray="{_of(DASHES, number)}" points="{path}"/>'
        )
    parts.append(_text(_LEFT + inner_wide / 2, _HIGH - 8, curve.x, "middle"))
    across = _TOP + inner_high / 2
    parts.append(_text(14, across, curve.y, "middle", f' transform="rotate(-90 14 {across:.0f})"'))
    drawing = _svg(_WIDE, _HIGH, curve.title, "".join(parts))
    return f"<figure><figcaption>{safe(curve.title)}</figcaption>{drawing}{_legend(curve.lines)}</figure>"


def bars_svg(bars: Bars) -> str:
    """One row a value, with its figure and, where there are bounds, a line between them."""
    wide, high = _LABEL + _BAR + 60, _ROW * len(bars.values) + 10
    rows = []
    for number, (name, value) in enumerate(bars.values.items()):
        top = _ROW * number + 4
        middle = top + _ROW / 2
        rows.append(_text(_LABEL - 8, middle + 1, _short(name), "end"))
        rows.append(f'<rect class="track" x="{_LABEL}" y="{top + 3}" width="{_BAR}" height="{_ROW - 8}"/>')
        length = _BAR * _within(value)
        rows.append(
            f'<rect class="bar" x="{_LABEL}" y="{top + 3}" width="{length:.1f}" height="{_ROW - 8}"/>'
        )
        if name in bars.bounds:
            low, high_bound = (_LABEL + _BAR * _within(bound) for bound in bars.bounds[name])
            ends = f'x1="{low:.1f}" x2="{high_bound:.1f}" y1="{middle:.1f}" y2="{middle:.1f}"'
            rows.append(f'<line class="bound" {ends}/>')
        rows.append(_text(_LABEL + _BAR + 8, middle + 1, f"{value:.3f}", "start"))
    drawing = _svg(wide, high, bars.title, "".join(rows))
    return f"<figure><figcaption>{safe(bars.title)}</figcaption>{drawing}</figure>"


def _grid(wide: int, high: int) -> str:
    parts = []
    for step in range(6):
        share = step / 5
        x, y = _LEFT + wide * share, _TOP + high * (1 - share)
        parts.append(f'<line class="rule" x1="{_LEFT}" x2="{_LEFT + wide}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<line class="rule" x1="{x:.1f}" x2="{x:.1f}" y1="{_TOP}" y2="{_TOP + high}"/>')
        parts.append(_text(_LEFT - 8, y, f"{share:.1f}", "end"))
        parts.append(_text(x, _TOP + high + 16, f"{share:.1f}", "middle"))
    return "".join(parts)


def _legend(lines: Mapping[str, object]) -> str:
    keys = (
        f'<span><svg width="30" height="10" aria-hidden="true"><line x1="0" x2="30" y1="5" y2="5" '
        f'stroke="{_of(COLOURS, n)}" stroke-width="2" stroke-dasharray="{_of(DASHES, n)}"/></svg> '
        f"{safe(name)}</span>"
        for n, name in enumerate(lines)
    )
    return f'<p class="legend">{" ".join(keys)}</p>'


def _svg(wide: int, high: int, title: str, inner: str) -> str:
    size = f'viewBox="0 0 {wide} {high}" width="{wide}" height="{high}"'
    return f'<svg {size} role="img" aria-label="{safe(title)}">{inner}</svg>'


def _text(x: float, y: float, text: str, anchor: str, more: str = "") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" dominant-baseline="middle"'
    return f"<text {place}{more}>{safe(text)}</text>"


def _short(name: str) -> str:
    return name if len(name) <= 32 else name[:31] + "…"


def _within(value: float) -> float:
    return min(1.0, max(0.0, value))


def _of(values: tuple[str, ...], number: int) -> str:
    return values[number % len(values)]
