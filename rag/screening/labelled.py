"""Screened records in ASReview's own terms, so that a review can go on there or in a reference manager.

CSV: `asreview_label` and `included` (1, 0 or empty), `asreview_prior`, `asreview_time`, `asreview_note` and
`asreview_ranking` (from 1: the included, the unread by likely relevance, the excluded). RIS: the same in a
note (N1), "ASReview_relevant", "ASReview_irrelevant" or "ASReview_not_seen", and "ASReview_prior".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from index.errors import UsageError
from index.types import Paper
from rag.export.table import write
from rag.screening.session import Decision

CHOICES = ("all", "included", "excluded", "unread")
_OWN = ("included", "asreview_label", "asreview_prior", "asreview_time", "asreview_note", "asreview_ranking")
FORMATS = ("csv", "ris", "jsonl")


def labelled(
    papers: Mapping[str, Paper], decisions: Mapping[str, Decision], unread: Sequence[str]
) -> list[Paper]:
    """All papers with their labels in `extra`: the included, the unread as they are ranked, the excluded."""
    included = [i for i, decision in decisions.items() if decision.included]
    excluded = [i for i, decision in decisions.items() if not decision.included]
    order = [i for i in (*included, *unread, *excluded) if i in papers]
    return [_with_label(papers[i], decisions.get(i), place) for place, i in enumerate(order, 1)]


def choose(papers: Sequence[Paper], which: str) -> list[Paper]:
    """Those of the labelled papers that are wanted. :raises UsageError: for another word than `CHOICES`."""
    if which not in CHOICES:
        raise UsageError(f"--only {which!r} does not exist; choose {', '.join(CHOICES)}")
    wanted = {"included": 1, "excluded": 0, "unread": ""}
    return [p for p in papers if which == "all" or p.extra["included"] == wanted[which]]


def write_labelled(papers: Sequence[Paper], keys: Mapping[str, str], format: str) -> Iterator[str]:
    """Labelled papers as pieces of text. :raises UsageError: for a format that carries no labels."""
    if format not in FORMATS:
        raise UsageError(f"--format {format!r} carries no labels; choose {', '.join(FORMATS)}")
    if format == "ris":
        papers = [_with_note(paper) for paper in papers]
    return write(((paper, keys[paper.id]) for paper in papers), format)


def _with_label(paper: Paper, decision: Decision | None, place: int) -> Paper:
    label = "" if decision is None else int(decision.included)
    own = dict.fromkeys(_OWN, "") | {"included": label, "asreview_label": label, "asreview_ranking": place}
    if decision is not None:
        own |= {
            "asreview_prior": int(decision.prior),
            "asreview_time": decision.at.replace("T", " ").removesuffix("Z"),
            "asreview_note": decision.note,
        }
    kept = {name: value for name, value in paper.extra.items() if name not in _OWN}
    return replace(paper, extra={**kept, **own})


def _with_note(paper: Paper) -> Paper:
    """The labels as text of the note; the columns of a table are left out."""
    own = {name: paper.extra[name] for name in _OWN}
    kept = {name: value for name, value in paper.extra.items() if name not in _OWN}
    label = {1: "ASReview_relevant", 0: "ASReview_irrelevant"}.get(own["included"], "ASReview_not_seen")
    prior = "ASReview_prior" if own["asreview_prior"] == 1 else ""
    parts = (str(kept.get("note") or ""), label, prior, str(own["asreview_note"]))
    return replace(paper, extra={**kept, "note": ". ".join(part for part in parts if part)})
