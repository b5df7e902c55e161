"""A drawing as PNG, by Pillow: no browser and no font of the system is needed."""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

from rag.commands.output import plain
from rag.pictures.drawing import Bar, Curve, Drawing, Line, Mark, Shape, Words, outline_of

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

_SCALE = 2  # pixels of the picture to one of the drawing
_ANCHORS = {"start": "lm", "middle": "mm", "end": "rm"}
_FAINT, _INK = "#d4d4d4", "#000000"


def write_png(drawing: Drawing) -> bytes:
    """The drawing, black on white, at twice its size."""
    from PIL import Image, ImageDraw

    size = (round(drawing.wide * _SCALE), round(drawing.high * _SCALE))
    picture = Image.new("RGB", size, "white")
    pen = ImageDraw.Draw(picture)
    for shape in drawing.shapes:
        _draw(pen, shape)
    held = io.BytesIO()
    picture.save(held, "PNG", optimize=True)
    return held.getvalue()


def _draw(pen: ImageDraw, shape: Shape) -> None:
    if isinstance(shape, Line):
        pen.line([_at(shape.start), _at(shape.end)], _FAINT if shape.faint else _INK, _SCALE)
    elif isinstance(shape, Curve):
        pen.line([_at(p) for p in shape.points], shape.colour, round(2.5 * _SCALE), joint="curve")
    elif isinstance(shape, Bar):
        if shape.wide > 0 and shape.high > 0:
            ends = _at((shape.left, shape.top)), _at((shape.left + shape.wide, shape.top + shape.high))
            pen.rectangle(ends, shape.colour)
    elif isinstance(shape, Mark):
        _mark(pen, shape)
    else:
        _words(pen, shape)


def _mark(pen: ImageDraw, mark: Mark) -> None:
    corners = [_at(p) for p in outline_of(mark)]
    if corners:
        pen.polygon(corners, mark.colour, "white")
        return
    x, y = _at((mark.x, mark.y))
    r = mark.radius * _SCALE
    pen.ellipse((x - r, y - r, x + r, y + r), mark.colour, "white")


def _words(pen: ImageDraw, words: Words) -> None:
    at = _at((words.x, words.y))
    font, anchor = _font(words.size), _ANCHORS[words.anchor]
    pen.text(at, plain(words.text), _INK, font, anchor, stroke_width=int(words.strong))


@cache
def _font(size: float) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size * _SCALE)


def _at(point: tuple[float, float]) -> tuple[float, float]:
    return point[0] * _SCALE, point[1] * _SCALE
