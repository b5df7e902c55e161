"""The record beside a review (`ibid.review/1`): every statement with its passages, and what made it.

From the record the same review can be written again in any form, revised, and held against the library
as it is now.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from index.errors import ReadError
from index.types import Paper
from rag.review.document import (
    Cell,
    Paragraph,
    Part,
    Passage,
    Review,
    ReviewStatement,
    Row,
    Section,
    Table,
)
from rag.types import Origin, Verdict

SCHEMA = "ibid.review/1"
_MOST_BYTES = 50_000_000


def to_dict(review: Review) -> dict[str, Any]:
    """The public shape."""
    return {
        "schema": SCHEMA,
        "topic": review.topic,
        "title": review.title,
        "scope": [_statement(s) for s in review.scope],
        "sections": [_section(s) for s in review.sections],
        "table": {
            "columns": list(review.table.columns),
            "rows": [
                {"paper_id": r.paper_id, "cells": [_cell(c) for c in r.cells]} for r in review.table.rows
            ],
        },
        "references": [
            {"n": n, "paper_id": i, "key": review.keys[i], "title": review.papers[i].title,
             "year": review.papers[i].year}
            for i, n in review.numbers.items()
        ],
        "papers": {i: {"key": review.keys[i], "title": p.title} for i, p in review.papers.items()},
        "coverage": dict(review.coverage),
        "made": dict(review.made),
        "map": {i: list(place) for i, place in review.places.items()},
    }  # fmt: skip


def write_record(review: Review) -> str:
    """The record as JSON text."""
    return json.dumps(to_dict(review), ensure_ascii=False, indent=1) + "\n"


def read_record(path: Path) -> dict[str, Any]:
    """The record of a file. :raises ReadError: missing, damaged, or no record of a review."""
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise ReadError(f"{path}: {path.stat().st_size:,} bytes are no record of a review")
        record = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ReadError(
            f"{path}: not there; it is written beside a review and is needed to go on with it"
        ) from error
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{path}: no JSON ({error}); write the review anew with `ibid review`") from error
    if not isinstance(record, dict) or record.get("schema") != SCHEMA:
        raise ReadError(f"{path}: no record of a review ({SCHEMA}); write the review anew with `ibid review`")
    return record


def from_dict(record: Mapping[str, Any], papers: Mapping[str, Paper], where: str) -> Review:
    """The review of a record; `papers` are those of the library by id.

    Statements and rows of papers that are gone are left out by the caller, who knows them from
    `record["papers"]`. :raises ReadError: a field is missing or of another shape.
    """
    try:
        keys = {str(i): str(p["key"]) for i, p in record["papers"].items()}
        table = record["table"]
        rows = tuple(Row(str(r["paper_id"]), tuple(_read_cell(c) for c in r["cells"])) for r in table["rows"])
        return Review(
            str(record["topic"]), str(record["title"]), _read_paragraph(record["scope"]),
            tuple(_read_section(s) for s in record["sections"]),
            Table(tuple(map(str, table["columns"])), rows), papers, keys,
            dict(record["coverage"]), dict(record["made"]),
            {str(i): (float(x), float(y)) for i, (x, y) in record.get("map", {}).items()},
        )  # fmt: skip
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ReadError(
            f"{where}: the record is damaged ({type(error).__name__}: {error}); write the review anew"
        ) from error


def _statement(s: ReviewStatement) -> dict[str, Any]:
    return {
        "text": s.text,
        "citations": list(s.cited),
        "verdict": s.verdict.value,
        "support": round(s.support, 4),
        "origin": s.origin.value,
        "counted": s.counted,
        "evidence": [_passage(p) for p in s.passages],
    }


def _passage(p: Passage) -> dict[str, Any]:
    return {"paper_id": p.paper_id, "start": p.start, "end": p.end, "quote": p.quote}


def _section(s: Section) -> dict[str, Any]:
    return {
        "heading": s.heading,
        "part": s.part.value,
        "question": s.question,
        "papers": list(s.papers),
        "paragraphs": [[_statement(x) for x in p] for p in s.paragraphs],
        "sections": [_section(c) for c in s.children],
    }


def _cell(cell: Cell | None) -> dict[str, Any] | None:
    return {"text": cell.text, "evidence": _passage(cell.passage)} if cell else None


def _read_passage(value: Mapping[str, Any]) -> Passage:
    return Passage(str(value["paper_id"]), int(value["start"]), int(value["end"]), str(value["quote"]))


def _read_paragraph(values: list[Mapping[str, Any]]) -> Paragraph:
    return tuple(
        ReviewStatement(
            str(v["text"]), tuple(map(_read_passage, v["evidence"])), Verdict(v["verdict"]),
            float(v["support"]), Origin(v["origin"]), bool(v["counted"]),
        )
        for v in values
    )  # fmt: skip


def _read_section(value: Mapping[str, Any]) -> Section:
    question = value["question"]
    return Section(
        str(value["heading"]), tuple(map(_read_paragraph, value["paragraphs"])),
        tuple(map(str, value["papers"])), str(question) if question else None,
        tuple(map(_read_section, value["sections"])), Part(value["part"]),
    )  # fmt: skip


def _read_cell(value: Mapping[str, Any] | None) -> Cell | None:
    return Cell(str(value["text"]), _read_passage(value["evidence"])) if value else None
