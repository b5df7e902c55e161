"""What kind of work a paper says it is, in its own word: survey, benchmark, dataset, framework …"""

from __future__ import annotations

import re

from index.cleaning import readable
from index.types import Paper
from rag.compare.abstract import Told, told
from rag.compare.aspects import USUAL, Found, usual_aspect

_REVIEW = (
    r"(systematic review|scoping review|literature review|meta-analysis|technical review|survey|review|"
    r"overview|tutorial|perspective|position paper)\b(?! of (?:prior|existing) )"
)
# "This survey …", "we provide a comprehensive overview of …", "we broadly reviewed the literature".
_SURVEYS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:this|our|the present)\s+(?:[\w-]+\s+){{0,3}}?{_REVIEW}",
        r"\b(?:we|it|here|authors?|paper|article|study|work|chapter)\b[^.;]{0,60}?\b(?:conduct|provid|"
        r"present|offer|"
        rf"perform|give|undert|carr|is|deliver|intends to provid)\w*\b[^.;:]{{0,50}}?\b{_REVIEW}(?! "
        rf"[a-z]+ing\b)",
        r"\b(?:we|authors)\b (?:[\w-]+ ){0,2}(reviewe?d?|surveye?d?)\b(?! by)",
        r"\b(?:literature|studies|papers|articles|works?|approaches) (?:is|are|was|were) (reviewed|"
        r"surveyed)\b",
    )
)
_VERB = (
    r"(?:propos|introduc|present|develop|creat|construct|buil[dt](?! (?:up)?on)|design|releas|publish|"
    r"curat|describ|"
    r"provid|establish|contribut|compil|conduct|perform|offer)\w*"
)
_NOUN = (
    r"(data ?sets?|benchmarks?|corpus|collection|archive|framework|method|methodology|approach|"
    r"language model|(?<![\w-])M?LLM|(?<![\w-])M?VLM|model|network|classifier|pipeline|toolkit|toolbox|"
    r"tool|"
    r"library|platform|system|algorithm|strategy|technique|checklist|database|taxonomy|"
    r"architecture|(?<=comprehensive )evaluation|(?<=systematic )evaluation|(?<=empirical )evaluation)"
)
# What stands before the head of what was made: "a framework", not "a GAN with a classifier".
_UP_TO = r"(?:(?!\b(?:with|using|based|for|that|which|to|on|from|by|in|across)\b)[^.;:])"
_MADE, _MADE_LOOSELY = (
    re.compile(
        rf"(?:\b(?:we|authors?|paper|study|work|here)\b[^.;]{{0,30}}?\b|^|, and |\bto "
        rf"){_VERB}{between}{{0,90}}?\b{_NOUN}\b"
        r"(?![- ]based| of models)",
        re.I,
    )
    for between in (_UP_TO, r"(?:(?!\b(?:which|that|from|on)\b)[^.;:])")
)
_IS = re.compile(
    rf"^(?:[\w.-]+ ){{1,4}}(?:\([^)]*\),? )?(?:is|are) (?:\w+ as |introduced as )?(?:an?|the) "
    rf"[^.;:]{{0,70}}?\b{_NOUN}\b",
    re.I,
)
_STUDY = re.compile(r"\b(?:this|our|the present) (?:[\w-]+ ){0,2}?(study|trial|chapter)\b", re.I)
_ALSO = re.compile(r"\b(?:also|additionally|furthermore|moreover|besides|in addition)\b", re.I)
_FIRST = 3  # own sentences in which a paper says what it is


def kind_of(paper: Paper) -> Found | None:
    """The word by which a paper calls itself, with its sentence; None where it uses none that is known.

    What it sets out to do says it best, then what it says of itself first.
    """
    own = [one for one in told(paper) if one.own]
    task = usual_aspect(USUAL[0], paper)
    aim = [one for one in own if task and one.start == task.start]
    first = [*aim, *own[:1]]
    then = [one for one in own[1:_FIRST] if not _ALSO.search(f"{one.lead} {one.text}")]
    for patterns, sentences in (
        (_SURVEYS, own[:_FIRST]), ((_MADE, _IS, _MADE_LOOSELY), first), ((_MADE, _IS), then),
        ((_STUDY,), own[:_FIRST]),
    ):  # fmt: skip
        for one in sentences:
            for pattern in patterns:
                if m := pattern.search(readable(paper.abstract[one.start : one.end])):
                    return _found(paper, one, m[1])
    return None


def _found(paper: Paper, one: Told, word: str) -> Found:
    shown = word if any(c.isupper() for c in word[1:]) else word.lower()
    return Found(paper.id, shown, one.start, one.end, paper.abstract[one.start : one.end])
