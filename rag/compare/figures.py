"""Figures of an abstract: measures with their value as printed, and how much was studied.

A measure counts only where its value stands right beside its name ("a Dice score of 0.91", "91% accuracy"),
a count only right before what is counted ("631 patients"), and both only where the paper speaks of its own
work. A measure's first value is taken, the largest of the counts; each with the sentence it stands in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.types import Paper
from rag.compare.abstract import Told, told
from rag.terms import Number, numbers

MEASURES = {
    "Dice": r"dice(?: (?:similarity )?(?:score|coefficient)s?)?(?: \(DSC\))?|DSC",
    "AUC": r"AUROC|AUC(?:-ROC)?|area under the (?:ROC|receiver operating characteristic) curve(?: \(\w+\))?",
    "accuracy": r"accuracy|accuracies",
    "F1": r"(?:micro |macro |micro-|macro-)?F1(?:[- ]scores?)?",
    "sensitivity": r"sensitivity", "specificity": r"specificity", "recall": r"recall",
    "BLEU": r"BLEU(?:-\d)?", "METEOR": r"METEOR", "ROUGE-L": r"ROUGE-L", "FID": r"FID",
    "PSNR": r"PSNR", "SSIM": r"SSIM", "mAP": r"mAP", "IoU": r"m?IoU", "RMSE": r"RMSE", "C-index": r"C-index",
    "kappa": r"kappa", "odds ratio": r"odds ratio(?: [(\[]a?OR[)\]])?",
    "hazard ratio": r"hazard ratio(?: [(\[]a?HR[)\]])?",
}  # fmt: skip
_UNBOUNDED = frozenset(("PSNR", "RMSE", "FID", "odds ratio", "hazard ratio"))
_NO_PERCENT = _UNBOUNDED | {"AUC", "kappa", "C-index", "SSIM"}
_LEAST_OF_100 = 10  # a score above 1 without a unit is out of 100, and as low as this hardly reported
_FIGURE = r"(?P<f>\d{1,3}(?:\.\d+)?)(?:\s?(?P<p>%|percent\b))?"
_CHANGE = re.compile(
    r"\b(?:by|improv\w+|gain\w*|increas\w+|reduc\w+|drop\w*|points?|higher|lower|up to|within|over|than|"
    r"versus|vs|"
    r"compared|against|baselines?)\b"
)
_COUNTED = {
    "people": r"patients|participants|subjects|individuals|volunteers|adults|children|women|men|people",
    "images": r"images|scans|slides|volumes|photographs|radiographs|x-rays|mammograms|cts|mris|wsis|"
    r"videos|(?:cxr|ct|mri|x-ray|imaging|ultrasound|radiographic) studies|"
              r"tiles|patches|rois",
    "texts": r"reports|notes|documents|questions|posts|dialogues|conversations|queries|letters|paragraphs",
    "publications": r"studies|papers|articles|publications|abstracts",
    "samples": r"samples|records|pairs|triplets|instances|cases|examples|profiles|recordings|annotations",
    "data sets": r"data ?sets?|corpora|cohorts",
    "parameters": r"parameters?",
}  # fmt: skip
_LEAST = {"data sets": 2, "publications": 5}
_FEWEST = 10  # people or things from which a count is the size of something
_WORDS = (
    r"(?:[ -](?!and\b|or\b|of\b|in\b|with\b|from\b|to\b|for\b|on\b|than\b|times\b|per\b|"
    r"(?:during|using|by|as|via|after|before|was|were|is|are|had|who|that|which)\b)[\w'’/-]+){0,4}?[ -]"
)
_BELOW = re.compile(r"\b(?:under|below|less than|fewer than|up to|at most|first|top|per)\s+$", re.I)
_YEAR = re.compile(
    r"\b(?:in|since|until|by|year|from|to|of|between|and|through|\w+ber|jan\w*|mar\w*|june|july)\s+$", re.I
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: what it measures or counts, the value, unit ("%" or ""), printed form and sentence.

    `abstract[start:end] == quote`.
    """

    measure: str
    value: float
    unit: str
    shown: str
    paper_id: str
    start: int
    end: int
    quote: str


def figures_of(paper: Paper) -> list[Figure]:
    """The measures of a paper, the first value of each."""
    found: dict[str, Figure] = {}
    for one in _own(paper):
        for measure, name in MEASURES.items():
            shown = _beside(name, one.text, free=measure in _UNBOUNDED) if measure not in found else None
            if shown:
                found[measure] = _figure(paper, one, measure, float(shown.rstrip("%")), shown)
    return list(found.values())


def counts_of(paper: Paper) -> list[Figure]:
    """How many people, images, texts … the paper speaks of, the largest count of each."""
    found: dict[str, Figure] = {}
    for one in _own(paper):
        for number, family, shown in counted(one.text):
            if family not in found or found[family].value < number.value:
                found[family] = _figure(paper, one, family, number.value, shown)
    return [found[family] for family in _COUNTED if family in found]


def counted(text: str) -> Iterator[tuple[Number, str, str]]:
    """Numbers that count people or things, the family of these, and the words from number to noun."""
    for number in numbers(text):
        if number.unit or number.value != int(number.value) or _is_no_count(text, number):
            continue
        value, end = _whole(text, number)
        noun = _NOUN.match(text, end)
        family = next((f for f in _COUNTED if noun and noun[f.replace(" ", "_")]), None)
        if noun and family and value >= _LEAST.get(family, _FEWEST) and not _SHARE.match(text, noun.end()):
            yield replace(number, value=value), family, " ".join(text[number.start : noun.end()].split())


_SHARE = re.compile(r"\s?\(\d+(?:\.\d+)?\s?%")  # "101 patients (34%)": a part of those studied
_ONES = {w: n + 1 for n, w in enumerate("one two three four five six seven eight nine".split())}
_TENS = re.compile(r"-(" + "|".join(_ONES) + r")\b", re.I)


def _whole(text: str, number: Number) -> tuple[float, int]:
    """The value of "thirty-six", of which `number` is the thirty, and where it ends."""
    ones = _TENS.match(text, number.end) if number.value in range(20, 100, 10) else None
    return (number.value + _ONES[ones[1].lower()], ones.end()) if ones else (number.value, number.end)


_NOUN = re.compile(
    f"{_WORDS}(?:"
    + "|".join(f"(?P<{f.replace(' ', '_')}>{n})" for f, n in _COUNTED.items())
    + r")\b(?![-–’'])",
    re.I,
)


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A column of figures: what they are, their common unit, and the values by paper id."""

    name: str
    unit: str
    values: dict[str, Figure]

    @property
    def head(self) -> str:
        """The column's heading."""
        return f"{self.name} ({self.unit})" if self.unit else self.name


def figure_columns(papers: Sequence[Paper]) -> tuple[FigureColumn, ...]:
    """A column for each figure that a paper states, counts first; its values share one unit.

    Where some papers print a measure in percent and others as a fraction, the more common form is the
    column's unit and the others' values are converted; `Figure.shown` stays as printed.
    """
    by_name: dict[str, dict[str, Figure]] = {}
    for name in (*_COUNTED, *MEASURES):
        by_name[name] = {}
    for paper in papers:
        for figure in (*counts_of(paper), *figures_of(paper)):
            by_name[figure.measure][paper.id] = figure
    return tuple(_column(name, values) for name, values in by_name.items() if values)


def _column(name: str, values: dict[str, Figure]) -> FigureColumn:
    percent = sum(f.unit == "%" for f in values.values())
    unit = "%" if 2 * percent >= len(values) and percent else ""
    return FigureColumn(name, unit, {i: _in_unit(f, unit) for i, f in values.items()})


def _in_unit(figure: Figure, unit: str) -> Figure:
    if figure.unit == unit:
        return figure
    value = figure.value * 100 if unit == "%" else figure.value / 100
    return replace(figure, value=round(value, 6), unit=unit)


def _own(paper: Paper) -> list[Told]:
    return [one for one in told(paper) if one.own]


def _figure(paper: Paper, one: Told, measure: str, value: float, shown: str) -> Figure:
    percent = shown.endswith("%") or (measure in MEASURES and measure not in _NO_PERCENT and value > 1)
    unit = "%" if percent else ""
    return Figure(
        measure, value, unit, shown, paper.id, one.start, one.end, paper.abstract[one.start : one.end]
    )


def _beside(name: str, text: str, *, free: bool) -> str | None:
    """The figure right behind or before a measure's name; a gain "of 3 points" is none."""
    behind = re.compile(
        rf"\b(?i:{name})(?!\w)(?:(?: of (?:our|the) [\w-]+)?(?: of| is| was| at|:| ?=| reaches| "
        rf"reached|,|\s?\())?\s?{_FIGURE}"
    )
    before = re.compile(rf"(?<![\w.])(?<!± ){_FIGURE} (?:mean |average |overall )?(?i:{name})\b")
    for pattern in (behind, before):
        for m in pattern.finditer(text):
            unit = "%" if m["p"] else ""
            value = float(m["f"])
            ahead = text[m.end() : m.end() + 14]
            if _CHANGE.search(text[max(0, m.start() - 28) : m.start()]) or _CHANGE.search(ahead):
                continue
            if (
                _RANK.search(m.group())
                or re.match(r"[-–\w]", ahead)
                or not (unit or free or value <= 1 or _of_100(value, ahead))
            ):
                continue
            return m["f"] + unit
    return None


def _of_100(value: float, ahead: str) -> bool:
    """Whether a score without a unit may be one out of 100: "an F1 of 76.2 on …", not "for 20 raters"."""
    return _LEAST_OF_100 <= value <= 100 and bool(_ENDS.match(ahead))


_RANK = re.compile(r" at \d+$")  # "accuracy at 25": of the first 25
_ENDS = re.compile(r"$|[.,;)]|\s(?:on|for|in|and|at|with|across|over|while|\()")


_ORDINAL = re.compile(r"first|second|third|\w+th|\d+(?:st|nd|rd|th)", re.I)
_OF_TIME = re.compile(
    r"(?:-\w+)?[ -](?:hours?|days?|weeks?|months?|years?|minutes?|items?|points?|fold)\b", re.I
)


def _is_no_count(text: str, number: Number) -> bool:
    """Whether a number is a year, or a bound that something stays below."""
    before, shown = text[: number.start], text[number.start : number.end]
    if _ORDINAL.fullmatch(shown.strip()) or _OF_TIME.match(text, number.end):
        return True
    year = re.fullmatch(r"(?:19|20)\d\d", shown) and _YEAR.search(before)
    return bool(year or _BELOW.search(before) or re.match(r"[\w -]{0,9}\bscale\b", text[number.end :]))
