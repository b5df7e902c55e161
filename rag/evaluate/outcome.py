"""What an evaluation found: the measures that are printed, and what its report draws and quotes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Measures = Mapping[str, Mapping[str, float]]  # system or group → measure → value


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines over one pair of axes, by name; x and y of every point in [0, 1]."""

    title: str
    x: str
    y: str
    lines: Mapping[str, tuple[tuple[float, float], ...]]


@dataclass(frozen=True, slots=True)
class Bars:
    """Values in [0, 1] by label, with the bounds of an interval where there is one."""

    title: str
    values: Mapping[str, float]
    bounds: Mapping[str, tuple[float, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """One item that went wrong: what was asked, what is the matter, and the texts to look at, by label."""

    id: str
    asked: str
    fault: str
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything one evaluation found; `to_dict` is the public shape `ibid.eval/1`.

    `intervals` bounds measures of `measures` (95 %), `p_values` compares each system with the first,
    `compared` holds the measures of further systems where `measures` holds those of one. `problems` are
    lines of the data that could not be used, `notes` say how to read the figures.
    """

    kind: str
    data: str
    measures: Measures
    seconds: float
    settings: Mapping[str, Any]
    intervals: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    p_values: Measures = field(default_factory=dict)
    compared: Mapping[str, Measures] = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    curves: tuple[Curve, ...] = ()
    bars: tuple[Bars, ...] = ()
    cases: tuple[Case, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The public shape; figures rounded to four places, parts that are empty left out."""
        shape: dict[str, Any] = {
            "schema": "ibid.eval/1",
            "kind": self.kind,
            "data": self.data,
            "measures": rounded(self.measures),
            "seconds": round(self.seconds, 2),
            "settings": dict(self.settings),
        }
        for name in ("intervals", "p_values", "compared"):
            if getattr(self, name):
                shape[name] = rounded(getattr(self, name))
        if self.problems:
            shape["problems"] = list(self.problems)
        return shape


def rounded(value: Any) -> Any:
    """The value with every fraction in it rounded to four places."""
    if isinstance(value, Mapping):
        return {name: rounded(inner) for name, inner in value.items()}
    if isinstance(value, tuple | list):
        return [rounded(inner) for inner in value]
    return round(value, 4) if isinstance(value, float) else value
