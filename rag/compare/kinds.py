"""What kind of work a paper says it is, in its own word: survey, benchmark, dataset, framework …"""

from __future__ import annotations

import re

from index.cleaning import readable
from index.types import Paper
from rag.compare.abstract import Told, told
from rag.compare.aspects import Found

_SURVEY = re.compile(
    r"\b(?:this|we|our|the authors?|the present)\b[^.;]{0,70}?\b(systematic review|scoping review|"
    r"meta-analysis|technical review|survey|review|overview|tutorial|perspective|position paper)\b(?! of "
    r"(?:prior|"
    r"existing) )",
    re.IGNORECASE,
)
_VERB = (
    r"(?:propos|introduc|present|develop|creat|construct|buil[dt]|design|releas|publish|curat|describ|"
    r"provid|establish|contribut|compil|conduct|perform|offer)\w*"
)
_NOUN = (
    r"(data ?set|benchmark|corpus|framework|method|approach|model|network|pipeline|toolkit|toolbox|tool|"
    r"library|"
    r"platform|system|algorithm|strategy|technique|checklist|database|taxonomy)"
)
_MADE = re.compile(
    rf"\b(?:we|authors?|paper|study|work|here)\b[^.;]{{0,30}}?\b{_VERB}[^.;:]{{0,90}}?\b{_NOUN}\b(?![- "
    rf"]based)",
    re.I,
)
_IS = re.compile(
    rf"^(?:[\w.-]+ ){{1,4}}(?:\([^)]*\),? )?(?:is|are) (?:\w+ as |introduced as )?(?:an?|the) "
    rf"[^.;:]{{0,70}}?\b{_NOUN}\b",
    re.I,
)


def kind_of(paper: Paper) -> Found | None:
    """The word by which a paper calls itself, with its sentence; None where it uses none that is known."""
    own = [one for one in told(paper) if one.own]
    for pattern, sentences in ((_SURVEY, own[:3]), (_MADE, own[:1]), (_IS, own[:1])):
        for one in sentences:
            if m := pattern.search(readable(paper.abstract[one.start : one.end])):
                return _found(paper, one, m[1])
    return None


def _found(paper: Paper, one: Told, word: str) -> Found:
    return Found(paper.id, word.lower(), one.start, one.end, paper.abstract[one.start : one.end])
