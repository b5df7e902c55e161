"""Made-up papers, questions and answers in the shapes that evaluations read."""

from __future__ import annotations

from index.types import Paper

MOSS = Paper(
    "moss",
    "Moss growth on wet stone walls",
    "Moss grows fastest on wet stone. We measured 120 walls in two towns. "
    "Walls that stay wet for nine months carry 3.5 times as much moss as dry walls.",
)
TIDES = Paper(
    "tides",
    "Tidal range in narrow bays",
    "Tidal range grows towards the head of a narrow bay. A model of 14 bays explains 87% of the variance "
    "of the tidal range. Wide bays show no such effect.",
)
OWLS = Paper(
    "owls",
    "Hearing in barn owls declines little with age",
    "Barn owls hear well at old age. Hearing thresholds of seven owls aged 13 years differ by 2 dB from "
    "those of young owls.",
)
LICHEN = Paper(
    "lichen", None, "Lichen on roof tiles is a sign of clean air, a count of 40 roofs in spring suggests."
)
WALLS = Paper(
    "walls",
    "Moss on walls: a survey of gardeners",
    "Gardeners were asked how they like moss on stone walls. Most of them find green walls pretty and would "
    "never scrub them.",
)
BARLEY = Paper(
    "barley",
    "Selective breeding of drought-tolerant barley in coastal nurseries",
    "We describe a new research station. It opened in spring and employs forty people.",
)
PAPERS = (MOSS, TIDES, OWLS, LICHEN, WALLS, BARLEY)


def reference(n: int, paper: Paper, **more):
    """A reference of an answer, as `ibid.answer/1` has it."""
    return {"n": n, "paper_id": paper.id, "title": paper.title, "quote": paper.abstract[:60], **more}


def answer(*statements, papers=PAPERS, status="answered", confidence=0.5, timing=None):
    """An answer of (text, citations) pairs; paper number n of `papers` is reference n, from 1."""
    cited = {n for _, citations in statements for n in citations}
    return {
        "schema": "ibid.answer/1",
        "status": status,
        "answer": " ".join(text + "".join(f" [{n}]" for n in c) for text, c in statements),
        "statements": [{"text": text, "citations": list(c)} for text, c in statements],
        "references": [reference(n, p) for n, p in enumerate(papers, 1) if n in cited],
        "confidence": confidence,
        "timing_ms": timing or {"retrieve": 10, "total": 100},
    }
