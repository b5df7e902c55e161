"""Figures side by side: the same measure as several abstracts report it.

Only figures that stand right beside the name of their measure are taken ("a Dice score of 0.91",
"91% accuracy"), one a paper and measure, with the sentence they stand in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.cleaning import readable
from index.sentences import split_sentences
from index.types import Paper
from rag.review.counting import number_word
from rag.review.document import Passage, ReviewStatement
from rag.wording import short_name

_NAMES = {
    "Dice": r"dice(?: (?:similarity )?(?:score|coefficient)s?)?(?: \(DSC\))?|DSC",
    "AUC": r"AUROC|AUC(?:-ROC)?|area under the (?:ROC|receiver operating characteristic) curve(?: \(\w+\))?",
    "accuracy": r"accuracy|accuracies",
    "F1": r"(?:micro |macro |micro-|macro-)?F1(?:[- ]scores?)?",
    "sensitivity": r"sensitivity", "specificity": r"specificity", "BLEU": r"BLEU(?:-\d)?",
    "PSNR": r"PSNR", "SSIM": r"SSIM", "mAP": r"mAP", "IoU": r"m?IoU", "RMSE": r"RMSE", "C-index": r"C-index",
    "kappa": r"kappa",
}  # fmt: skip
_FIGURE = r"(?P<f>\d{1,3}(?:\.\d+)?)(?:\s?(?P<p>%|percent\b))?"
_CHANGE = re.compile(
    r"\b(?:by|improv\w+|gain\w*|increas\w+|reduc\w+|drop\w*|points?|higher|lower|up to|over)\b"
)
_LEAST = 2  # papers that must report a measure


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the measure's name, the value as printed, and where it stands."""

    measure: str
    shown: str
    passage: Passage


def figures_of(paper: Paper) -> list[Figure]:
    """The figures of a paper, the first of each measure."""
    found: dict[str, Figure] = {}
    for start, end in split_sentences(paper.abstract):
        quote = paper.abstract[start:end]
        text = readable(quote)
        for measure, name in _NAMES.items():
            shown = _beside(name, text, free=measure in ("PSNR", "RMSE"))
            if shown and measure not in found:
                found[measure] = Figure(measure, shown, Passage(paper.id, start, end, quote))
    return list(found.values())


def _beside(name: str, text: str, *, free: bool) -> str | None:
    """The figure right behind or before a measure's name; a gain "of 3 points" is none."""
    behind = re.compile(rf"\b(?i:{name})\b(?: of| is| was| at|:|=| reaches| reached|\s?\()?\s?{_FIGURE}")
    before = re.compile(rf"(?<![\w.]){_FIGURE} (?:mean |average |overall )?(?i:{name})\b")
    for pattern in (behind, before):
        for m in pattern.finditer(text):
            unit = "%" if m["p"] else ""
            value = float(m["f"])
            ahead = text[m.end() : m.end() + 14]
            if _CHANGE.search(text[max(0, m.start() - 28) : m.start()]) or _CHANGE.search(ahead):
                continue
            if re.match(r"[-–\w]", ahead) or not (unit or free or value <= 1):
                continue
            return m["f"] + unit
    return None


def side_by_side(papers: Sequence[Paper]) -> list[ReviewStatement]:
    """A sentence for each measure that at least two of the papers report, most reported first."""
    by_measure: dict[str, list[tuple[Paper, Figure]]] = {}
    for paper in papers:
        for figure in figures_of(paper):
            by_measure.setdefault(figure.measure, []).append((paper, figure))
    shared = sorted((m for m in by_measure.items() if len(m[1]) >= _LEAST), key=lambda m: (-len(m[1]), m[0]))
    return [_sentence(measure, rows, len(papers)) for measure, rows in shared[:2]]


def _sentence(measure: str, rows: Sequence[tuple[Paper, Figure]], of: int) -> ReviewStatement:
    figures = [_named(paper, figure) for paper, figure in rows]
    listed = f"{', '.join(figures[:-1])} and {figures[-1]}"
    text = (
        f"{number_word(len(rows)).capitalize()} of the {number_word(of)} abstracts state a figure for "
        f"{measure}: {listed}; data and tasks differ, so the figures do not rank them."
    )
    return ReviewStatement(text, tuple(f.passage for _, f in rows), counted=True)


def _named(paper: Paper, figure: Figure) -> str:
    name = short_name(paper)
    return f"{figure.shown} ({name})" if name else figure.shown
