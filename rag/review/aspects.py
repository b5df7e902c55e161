"""What the summary table says of a paper: task, data, method, main result, limits, each from one sentence.

An aspect is the sentence whose wording is that of the aspect, shortened at a clause where it is long;
where no sentence has it, the abstract is silent and so is the table.
"""

from __future__ import annotations

import re

from index.cleaning import readable
from index.sentences import split_sentences
from index.types import Paper
from rag.relevance import BACKGROUND, DID, FOUND
from rag.review.document import Cell, Passage, Row
from rag.terms import numbers
from rag.wording import third_person

COLUMNS = ("Task", "Data", "Method", "Main result", "Limits")
_LONGEST = 170  # characters of a cell
_TASK = re.compile(
    r"\b(?:aims? to|in order to|to (?:address|tackle|predict|detect|segment|classify|generate|improve|test|"
    r"determine|assess|evaluate|measure|map|forecast)|for (?:the )?\w+ing\b|task of|problem of|goal|"
    r"objective|investigat\w+|examin\w+|stud(?:y|ied|ies)|explor\w+)",
    re.I,
)
_DATA = re.compile(
    r"\b(?:data ?sets?|cohorts?|corpus|corpora|benchmarks?|trained on|tested on|evaluated on|collected|"
    r"patients|participants|images|scans|slides|videos|photographs|reports|records|samples|questions|studies)\b",
    re.I,
)
_LIMIT = re.compile(
    r"\b(?:limitations?|however|but|although|did not|does not|remain\w*|future work|further (?:research|work|"
    r"studies)|still|fail\w*|unclear|struggl\w*|lower the|only)\b",
    re.I,
)
_RESULT = re.compile(r"\b(?:results?:|conclusions?:)", re.I)


def row_of(paper: Paper) -> Row:
    """The row of a paper; each sentence fills at most one cell."""
    spans = split_sentences(paper.abstract)
    texts = [readable(paper.abstract[a:b]) for a, b in spans]
    used: set[int] = set()
    cells: dict[str, Cell | None] = {}
    for name in ("Method", "Main result", "Data", "Limits", "Task"):
        scores = [_score(name, text, i, len(texts)) if i not in used else 0.0 for i, text in enumerate(texts)]
        best = max(range(len(texts)), key=scores.__getitem__, default=None)
        if best is None or scores[best] <= 0:
            cells[name] = None
            continue
        used.add(best)
        start, end = spans[best]
        cells[name] = Cell(_short(texts[best]), Passage(paper.id, start, end, paper.abstract[start:end]))
    return Row(paper.id, tuple(cells[name] for name in COLUMNS))


def _score(name: str, text: str, place: int, count: int) -> float:
    """How well a sentence fits an aspect; 0 when it does not."""
    late = place / max(1, count - 1)
    figures = bool(numbers(text))
    if name == "Method":
        return 1.0 + (place > 0) * 0.3 - 0.5 * late if DID.search(text) else 0.0
    if name == "Main result":
        found = bool(FOUND.search(text)) or bool(_RESULT.search(text))
        return 0.5 * found + 0.7 * (found and figures) + 0.4 * late if found and late > 0.3 else 0.0
    if name == "Data":
        return 0.5 + 0.6 * figures if _DATA.search(text) and figures else 0.0
    if name == "Limits":
        own = late >= 0.6 and bool(_LIMIT.search(text)) and not FOUND.search(text)
        return 0.6 + 0.4 * late if own else 0.0
    return (1.0 - late) * (0.6 if BACKGROUND.search(text) else 1.0) if _TASK.search(text) else 0.0


def _short(text: str) -> str:
    """The sentence in the third person, cut at a clause, else at a word, where it is long."""
    text = third_person(text)
    if len(text) <= _LONGEST:
        return text
    cut = max(text.rfind(mark, 60, _LONGEST) for mark in (", ", "; ", " (", ": "))
    if cut < 60:
        cut = text.rfind(" ", 0, _LONGEST)
    return text[:cut].rstrip(" ,;:(") + " …"
