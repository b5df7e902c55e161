"""A drawing as a list of shapes, in pixels from the upper left; `svg` and `png` render it."""

from __future__ import annotations

from dataclasses import dataclass, field

SIZE = 12  # of letters, unless told otherwise
LETTER = 0.56  # mean width of a letter, by its size


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line; a faint one guides the eye, another is an axis."""

    start: tuple[float, float]
    end: tuple[float, float]
    faint: bool = True


@dataclass(frozen=True, slots=True)
class Curve:
    """Joined lines in a colour."""

    points: tuple[tuple[float, float], ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle; `told` is what it says when it is pointed at."""

    left: float
    top: float
    wide: float
    high: float
    colour: str
    told: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """A point as a shape of `rag.pictures.pictured.SHAPES`; `paper_id` is what it stands for."""

    x: float
    y: float
    shape: str
    colour: str
    told: str = ""
    paper_id: str = ""
    radius: float = 6.0


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `anchor` ("start", "middle", "end") is the part of it that stands at `x`."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    size: float = SIZE
    strong: bool = False


Shape = Line | Curve | Bar | Mark | Words


@dataclass(slots=True)
class Drawing:
    """Shapes on a field of a size; `title` says what it shows."""

    title: str
    wide: float
    high: float
    shapes: list[Shape] = field(default_factory=list)

    def add(self, *shapes: Shape) -> None:
        """Put shapes on top of what is there."""
        self.shapes.extend(shapes)


def outline_of(mark: Mark) -> list[tuple[float, float]]:
    """The corners of a mark; none for a circle."""
    x, y, r = mark.x, mark.y, mark.radius
    if mark.shape == "square":
        r *= 0.88
        return [(x - r, y - r), (x + r, y - r), (x + r, y + r), (x - r, y + r)]
    if mark.shape == "diamond":
        r *= 1.2
        return [(x, y - r), (x + r, y), (x, y + r), (x - r, y)]
    if mark.shape == "triangle":
        r *= 1.15
        return [(x, y - r), (x + r, y + 0.8 * r), (x - r, y + 0.8 * r)]
    return []
