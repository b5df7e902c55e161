"""Aspects asked for in free words: "sample size", "imaging modality", "loss function".

A usual aspect under another name is read as the usual one. Some others have words of their own that a
sentence must hold (a count, a name of a measure). For the rest a sentence of the paper on its own work
must hold the words asked for and be read by the reader as bearing on them; else the cell stays silent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from index.types import Paper
from rag.compare.abstract import Told, told
from rag.compare.aspects import Choice, Found, found_in, usual_aspect
from rag.compare.figures import MEASURES, counted
from rag.reader import Reader
from rag.terms import content_stems, tokens

_OTHER_NAMES = {  # of the usual aspects, in the singular
    "Task or problem": "task problem aim goal objective purpose research-question task-or-problem",
    "Data": "data dataset data-set cohort corpus",
    "Method": "method approach methodology technique",
    "Main result": "result main-result finding main-finding key-finding key-result outcome",
    "Limits": "limit limitation weakness shortcoming",
}
_NAMES = {name.replace("-", " "): usual for usual, names in _OTHER_NAMES.items() for name in names.split()}
_MODALITY = (
    r"MRIs?|fMRI|magnetic resonance|CT|CTs|computed tomography|X-rays?|radiograph\w*|radiolog(?:y|ical) "
    r"(?:images?|scans?)|ultrasound|sonograph\w*|histopatholog\w*|whole[- ]slide images?|WSIs?|H&E|fundus|"
    r"OCT|optical coherence tomography|dermoscop\w*|mammogra\w*|endoscop\w*|colonoscop\w*|PET|EEG|ECGs?|"
    r"electrocardiogra\w*|microscop\w*|echocardiogra\w*|RNA-seq|transcriptom\w*|angiogra\w*|(?:histo|"
    r"cyto)log\w+"
)
# What a sentence must hold for an aspect that has words of its own, the first row that the name holds.
_TYPED: tuple[tuple[str, str], ...] = (
    (r"modalit", rf"\b(?:{_MODALITY})\b"),
    (r"metric|measure", rf"\b(?i:{'|'.join(MEASURES.values())}|FID|exact match|precision|BERTScore|ROUGE)\b"),
    (r"baseline|compared? (?:to|with)|comparator", r"(?i)\bbaselines?\b|\bcompar\w+ (?:to|with)\b|"
    r"\boutperform\w*|\b(?:than|over) "
     r"(?:existing|previous|prior|other|the|state)\b"),
    (r"\bcode\b|availab|open.?source", r"(?i)\bcode\b|github|\bavailable\b|\breleased?\b|\bopen[- ]?source"),
)  # fmt: skip
_SIZE = re.compile(
    r"\b(?:sample|data ?set|cohort|study|training) size\b|\bn$|\bsize\b|\bnumber of\b|\bhow many\b", re.I
)
_LEAST_READ = 0.4  # cosine from which the reader takes a sentence to bear on what was asked
_PARSED = re.compile(r"^(?:what|which) (?:is|are|was|were) (?:the )?|^(?:the|what|which) |\?$", re.I)

LoadReader = Callable[[], Reader]


def asked_aspect(name: str, papers: Sequence[Paper], load_reader: LoadReader) -> list[Found | None]:
    """What each paper says of an aspect, in order; None where it is silent or nothing is sure."""
    plain = _PARSED.sub("", " ".join(name.casefold().split()))
    usual = _NAMES.get(plain) or _NAMES.get(plain.removesuffix("s")) or _NAMES.get(plain.removesuffix("es"))
    if usual:
        return [usual_aspect(usual, paper) for paper in papers]
    if _SIZE.search(plain):
        things = set(content_stems(_SIZE.sub(" ", plain))) - set(content_stems("sample dataset cohort study"))
        return [_first(paper, lambda one: _count(one, things)) for paper in papers]
    for held, pattern in _TYPED:
        if re.search(held, plain):
            told_by = re.compile(pattern)
            return [_first(paper, lambda one, p=told_by: _matched(one, p)) for paper in papers]  # type: ignore[misc]
    return _read(plain, papers, load_reader)


Fits = Callable[[Told], Choice | None]


def _first(paper: Paper, fits: Fits) -> Found | None:
    """The best fitting of a paper's own sentences, the first of equals."""
    choices = [choice for one in told(paper) if one.own and (choice := fits(one))]
    return found_in(paper, max(choices, key=lambda c: c.score)) if choices else None


def _matched(one: Told, pattern: re.Pattern[str]) -> Choice | None:
    found = list(pattern.finditer(one.text))
    if not found:
        return None
    different = {m.group().casefold() for m in found}
    return Choice(one, found[0].span(), float(len(different)))


def _count(one: Told, things: set[str]) -> Choice | None:
    """The sentence with the largest count, of the things asked for where some are."""
    counts = [
        number
        for number, family, shown in counted(one.text)
        if (
            things & set(content_stems(f"{shown} {family}"))
            if things
            else family not in ("parameters", "data sets")
        )
    ]
    if not counts:
        return None
    largest = max(counts, key=lambda n: n.value)
    return Choice(one, (largest.start, largest.end + 30), largest.value)


def _read(name: str, papers: Sequence[Paper], load_reader: LoadReader) -> list[Found | None]:
    """The own sentence that holds the words asked for and that the reader finds nearest to them."""
    stems = set(content_stems(name))
    if not stems:
        return [None] * len(papers)
    found: list[Found | None] = []
    for paper, reading in zip(papers, load_reader().read(name, papers), strict=True):
        choices = [
            Choice(one, span, score)
            for one, score in zip(told(paper), reading.sentences, strict=True)
            if one.own and score >= _LEAST_READ and (span := _held(one.text, stems))
        ]
        found.append(found_in(paper, max(choices, key=lambda c: c.score)) if choices else None)
    return found


def _held(text: str, stems: set[str]) -> tuple[int, int] | None:
    """Where a text holds all of the stems, or of three or more all but one; none otherwise."""
    there = [t for t in tokens(text) if t.stem in stems]
    if len({t.stem for t in there}) < len(stems) - (len(stems) > 2):
        return None
    last = {t.stem: t for t in there}
    return min(t.start for t in last.values()), max(t.end for t in last.values())
