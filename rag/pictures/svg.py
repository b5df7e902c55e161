"""A drawing as SVG: no script, no font and no picture from elsewhere; all text is escaped."""

from __future__ import annotations

from collections.abc import Callable

from rag.evaluate.markup import safe
from rag.pictures.drawing import Bar, Curve, Drawing, Line, Mark, Shape, Words, outline_of

Link = Callable[[str], str | None]  # the address that a paper's mark leads to


def write_svg(drawing: Drawing, link: Link = lambda paper_id: None, *, inline: bool = False) -> str:
    """The drawing. Inline it takes the colour of the text around it; as a file it is black on white."""
    size = (
        f'viewBox="0 0 {drawing.wide:g} {drawing.high:g}" width="{drawing.wide:g}" height="{drawing.high:g}"'
    )
    field = "" if inline else f'<rect width="{drawing.wide:g}" height="{drawing.high:g}" fill="white"/>'
    parts = "".join(_shape(shape, link) for shape in drawing.shapes)
    fit = ' style="max-width:100%;height:auto"' if inline else ' color="black"'
    space = "" if inline else ' xmlns="http://www.w3.org/2000/svg"'
    return (
        f'<svg{space} {size}{fit} role="img" aria-label="{safe(drawing.title)}" '
        f'font-family="Helvetica, Arial, sans-serif">{field}{parts}</svg>' + ("" if inline else "\n")
    )


def _shape(shape: Shape, link: Link) -> str:
    if isinstance(shape, Line):
        (x1, y1), (x2, y2) = shape.start, shape.end
        opacity = ' stroke-opacity="0.18"' if shape.faint else ""
        ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
        return f'<line {ends} stroke="currentColor"{opacity}/>'
    if isinstance(shape, Curve):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
        return f'<polyline fill="none" stroke="{shape.colour}" stroke-width="2.5" points="{points}"/>'
    if isinstance(shape, Bar):
        place = f'x="{shape.left:.1f}" y="{shape.top:.1f}" width="{shape.wide:.1f}" height="{shape.high:.1f}"'
        return f'<rect {place} fill="{shape.colour}">{_told(shape.told)}</rect>'
    if isinstance(shape, Mark):
        return _mark(shape, link)
    return _words(shape)


def _mark(mark: Mark, link: Link) -> str:
    look = f'fill="{mark.colour}" fill-opacity="0.85" stroke="white" stroke-width="0.8"'
    corners = outline_of(mark)
    if corners:
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        drawn = f'<polygon points="{points}" {look}>{_told(mark.told)}</polygon>'
    else:
        place = f'cx="{mark.x:.1f}" cy="{mark.y:.1f}" r="{mark.radius:g}"'
        drawn = f"<circle {place} {look}>{_told(mark.told)}</circle>"
    address = link(mark.paper_id) if mark.paper_id else None
    return f'<a href="{safe(address)}">{drawn}</a>' if address else drawn


def _words(words: Words) -> str:
    place = f'x="{words.x:.1f}" y="{words.y:.1f}" text-anchor="{words.anchor}" dominant-baseline="middle"'
    weight = ' font-weight="bold"' if words.strong else ""
    return f'<text {place} font-size="{words.size:g}" fill="currentColor"{weight}>{safe(words.text)}</text>'


def _told(text: str) -> str:
    return f"<title>{safe(text)}</title>" if text else ""
