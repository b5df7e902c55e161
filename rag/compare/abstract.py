"""An abstract as the extractors see it: sentences with offsets, and which part of the paper each tells.

Parts come from the labels of structured abstracts, else from where the paper begins to speak of itself: what
stands before its first own sentence is background.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from index.sentences import split_sentences
from index.types import Paper


class Part(StrEnum):
    """What a sentence tells."""

    BACKGROUND = "background"
    AIM = "aim"
    METHOD = "method"
    RESULT = "result"
    CONCLUSION = "conclusion"
    OWN = "own"  # of the paper itself, not known what


_LABELS = {
    "background": Part.BACKGROUND, "introduction": Part.BACKGROUND, "context": Part.BACKGROUND,
    "motivation": Part.BACKGROUND, "objective": Part.AIM, "objectives": Part.AIM, "aim": Part.AIM,
    "aims": Part.AIM, "purpose": Part.AIM, "goal": Part.AIM, "method": Part.METHOD, "methods": Part.METHOD,
    "materials and methods": Part.METHOD, "methods and materials": Part.METHOD, "methodology": Part.METHOD,
    "approach": Part.METHOD, "design": Part.METHOD, "data": Part.METHOD, "participants": Part.METHOD,
    "patients": Part.METHOD, "result": Part.RESULT, "results": Part.RESULT, "findings": Part.RESULT,
    "conclusion": Part.CONCLUSION, "conclusions": Part.CONCLUSION, "discussion": Part.CONCLUSION,
    "interpretation": Part.CONCLUSION, "significance": Part.CONCLUSION,
}  # fmt: skip
_LABEL = re.compile(r"(?P<label>[A-Za-z][A-Za-z ]{2,24}?)\s*[:.]\s+(?=\S)")
_OWN = re.compile(
    r"\b(?:we|our|ours|us|the authors?|the (?:reviewers?|team)|herein|in this (?:paper|work|study|article|"
    r"survey|review|research|report|context, we)|here,? (?:we|is|are))\b"
    r"|\b(?:this|the present|the current|the proposed|our|the)\s+(?:\w+[\s-]){0,2}?"
    r"(?:paper|work|study|article|survey|review|report|benchmark|framework|approach|"
    r"overview|tutorial|position paper|perspective|thesis|investigation|analysis)\s+"
    r"(?:\w+ly\s+)?(?:present|propose|introduce|review|survey|describe|investigate|examine|explore|address|"
    r"assess|evaluate|stud(?:y|ie)|analy[sz]e|compare|develop|provide|offer|aim|focus|outline|summari[sz]e|"
    r"discuss|cover|collect|synthesi[sz]e|ask|test|measure|argue|propos|tackle|seek|combine|build|use|start)"
    r"(?:s|es|d|ed|ing)?\b"
    r"|\bis (?:introduced|proposed|presented|reviewed|described|surveyed)\b",
    re.IGNORECASE,
)
_THIS = re.compile(
    r"\b(?:this|the present|the current) (?:\w+[\s-]){0,3}?(?:paper|work|study|article|survey|review|"
    r"report|overview|tutorial|thesis|investigation)\b",
    re.IGNORECASE,
)
_NOT_OWN = re.compile(r"\b(?:previous|prior|existing|earlier|recent) (?:work|stud|research)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of the stored abstract."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence: where it stands, its text without a label, and the part it tells. `start` is the text's."""

    start: int
    end: int
    text: str
    part: Part
    number: int


def told(paper: Paper) -> list[Told]:
    """The sentences of a paper's abstract."""
    found, current, began = [], None, False
    name = paper_name(paper)
    for number, (start, end) in enumerate(split_sentences(paper.abstract)):
        text = paper.abstract[start:end]
        label = _LABEL.match(text)
        part = _LABELS.get(label["label"].strip().lower()) if label else None
        if label and part:
            current = part
            start += label.end()
            text = text[label.end() :]
        began = began or _speaks_of_itself(text, name, number)
        found.append(Told(start, end, text, current or (Part.OWN if began else Part.BACKGROUND), number))
    if found and not any(one.part is not Part.BACKGROUND for one in found):
        found = [_as_own(one) if one.number >= len(found) // 3 else one for one in found]
    return found


def paper_name(paper: Paper) -> str:
    """The name that a paper gives its work: what stands before the colon of its title, if it is short."""
    head, colon, _ = (paper.title or "").partition(":")
    head = head.strip()
    if colon and len(head.split()) <= 2 and any(c.isupper() for c in head[1:]):
        return head
    return next(iter(re.findall(r"\(([A-Z][\w-]*[A-Z]\w*)\)", paper.title or "")), "")


def after(sentences: list[Told], *parts: Part) -> Iterator[Told]:
    """The sentences that tell one of these parts."""
    return (one for one in sentences if one.part in parts)


def _speaks_of_itself(text: str, name: str, number: int) -> bool:
    if name and re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
        return True
    if _NOT_OWN.search(text) and not re.search(r"\bwe\b", text, re.IGNORECASE):
        return False
    return bool(_OWN.search(text) or _THIS.search(text))


def _as_own(one: Told) -> Told:
    return Told(one.start, one.end, one.text, Part.OWN, one.number)
