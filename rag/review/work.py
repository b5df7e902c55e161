"""A review that somebody is making: topic, collected papers, ticks, outline, draft, as one value to keep."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rag.review.collect import Considered, Coverage, Wanted

SCHEMA = "ibid.review-work/1"


@dataclass(frozen=True, slots=True)
class Work:
    """The state of a review in the making.

    `coverage` is the report as collected, `ticked` the ids of the papers chosen since. `record` is the
    draft as `ibid.review/1` in JSON, "" without one, `whole` whether all its sections are written;
    `before` is the record before the last change.
    """

    wanted: Wanted
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    length: str = "medium"
    coverage: Coverage | None = None
    ticked: tuple[str, ...] = ()
    outline: str = ""
    record: str = ""
    whole: bool = False
    before: str = ""


def to_json(work: Work) -> str:
    """The work as text."""
    found = work.coverage
    coverage = found and {
        "library": found.library,
        "queries": list(found.queries),
        "considered": [[c.paper_id, c.taken, c.why, c.query, c.standing] for c in found.considered],
    }
    return json.dumps(
        {
            "schema": SCHEMA, "id": work.id, "wanted": work.wanted.to_dict(), "length": work.length,
            "coverage": coverage, "ticked": work.ticked, "outline": work.outline, "record": work.record,
            "whole": work.whole, "before": work.before,
        },
        ensure_ascii=False,
    )  # fmt: skip


def from_json(text: str) -> Work:
    """The inverse of `to_json`. :raises ValueError, KeyError, TypeError: the text is no such work."""
    data = json.loads(text)
    if data["schema"] != SCHEMA:
        raise ValueError(f"not {SCHEMA}")
    return Work(
        _wanted(data["wanted"]), str(data["id"]), str(data["length"]), _coverage(data["coverage"]),
        tuple(map(str, data["ticked"])), str(data["outline"]), str(data["record"]), bool(data["whole"]),
        str(data["before"]),
    )  # fmt: skip


def _wanted(value: Mapping[str, Any]) -> Wanted:
    return Wanted(
        str(value["topic"]), tuple(value["include"]), tuple(value["exclude"]), value["year_from"],
        value["year_to"], tuple(value["with"]), tuple(value["without"]), int(value["most"]),
    )  # fmt: skip


def _coverage(value: Mapping[str, Any] | None) -> Coverage | None:
    if value is None:
        return None
    considered = tuple(
        Considered(str(i), bool(taken), str(why), int(query), float(standing))
        for i, taken, why, query, standing in value["considered"]
    )
    return Coverage(tuple(map(str, value["queries"])), considered, int(value["library"]))
