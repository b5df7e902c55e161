"""Parts of a study's abstract that carries no labels: introduction, methods, results, conclusions.

Studies of patients, animals or records are told in the past tense and in a fixed order, mostly without a
word on who speaks. Each sentence gives points to each part for its wording and place; the best ordered
run of parts is taken. The points were fitted to abstracts whose journals print the labels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

import numpy as np

_I = re.IGNORECASE


class Section(IntEnum):
    """A part of a study, in the order in which they are told."""

    INTRODUCTION = 0
    METHODS = 1
    RESULTS = 2
    CONCLUSION = 3


_AIMS = (
    r"evaluate|assess|determine|examine|compare|investigate|identify|estimate|explore|analy[sz]e|describe|study|test|"
    r"report|review|quantify|measure|understand|establish|define|document|characteri[sz]e|find|see|clarify|validate|"
    r"develop|verify|elucidate|ascertain"
)
_BARE_AIM = rf"^(?:To (?:\w+ly )?(?:{_AIMS})|Our (?:aim|goal)|The (?:aim|objective|purpose|goal)s?)\b"
AIM = re.compile(
    rf"(?-i:{_BARE_AIM})|\b(?:aim(?:s|ed)?|objectives?|purpose|goal|intent|intention|sought|hypothes\w+|"
    r"attempt(?:ed|s)?) (?:\w+ ){0,4}?(?:of|to|was|is|were|at|that|whether)\b|\b(?:designed|planned|"
    r"undertaken|"
    r"intended|in order) to (?:\w+ly )?(?:determin|assess|evaluat|compar|investigat|examin|test|explor|"
    r"identif|"
    r"describ|find|analy)|\bto (?:see|find out|clarify|learn) (?:if|whether|how)|\b(?:was|were) (?:\w+ "
    r")?(?:conducted|"
    r"done|performed|undertaken) to\b|\bdecided to\b|\b(?:this|our) question\b",
    _I,
)
SETS_OUT = re.compile(
    r"\b(?:this|the present|present|our|current) (?:[\w-]+ )?(?:study|paper|article|trial|report|work|survey|"
    r"analysis|review)s? (?:\w+ )?(?:evaluat|examin|investigat|assess|compar|describ|explor|test|determin|"
    r"analy[sz]|report|address|attempt|review|looks? (?:for|at|into))\w*|\bwe (?:\w+ )?(?:aim|sought|"
    r"investigat|examin|evaluat|"
    r"assess|compar|hypothesi|wish|want|intend|explor|determin|tested whether|asked|present|describe|"
    r"report)\w*",
    _I,
)
_DONE = (
    r"(?:includ|enrol|recruit|randomi[sz]|divid|assign|collect|review|measur|assess|evaluat|compar|perform|"
    r"analy[sz]|us|obtain|conduct|calculat|record|examin|select|identifi|administer|treat|studi|carried|"
    r"undertak|invit|interview|ask|test|classifi|defin|determin|estimat|follow|match|stratifi|expos|sacrific|"
    r"survey|retriev|extract|search|monitor|categori[sz]|appl|complet|sent|taken|given|scor|group|allocat|"
    r"model|operat)"
)
# Wording, and the points it gives to introduction, methods, results and conclusion.
_CUES: tuple[tuple[re.Pattern[str], tuple[float, float, float, float]], ...] = tuple(
    (re.compile(pattern, flags), points)
    for pattern, flags, points in (
        (_BARE_AIM, 0,
         (1.8, -1.2, -0.6, 0.0)),
        (AIM.pattern, _I, (1.5, -0.7, -0.8, 0.0)),
        (SETS_OUT.pattern, _I, (1.3, -0.1, -1.1, -0.1)),
        (r"\bwhether\b|\bhypothes", _I, (0.7, 0.0, -0.7, -0.1)),
        (rf"\b(?:was|were|been) (?:also |then |\w+ly |each |all )?{_DONE}\w*|\bwe (?:\w+ )?(?:perform|"
         rf"conduct|"
         r"us|review|collect|analy[sz]|recruit|search|measur|includ|stud|enrol|survey|identif|appl|calculat|"
         r"obtain|select|interview|carri|administer)(?:ed|ied)\b", _I, (0.1, 1.0, -0.9, -0.2)),
        (r"\b(?:underwent|received|participated|consecutive|participants|volunteers|questionnaires?|"
         r"took part|"
         r"attending|admitted|completed)\b", _I, (-0.6, 0.7, 0.0, -0.1)),
        (r"\b(?:prospective|retrospective|randomi[sz]ed|cross-sectional|case[- ]control|cohort|double-blind|"
         r"observational|controlled|longitudinal|registry|database|population-based|multicent\w+)\b", _I,
         (-0.8, 1.0, -0.5, 0.3)),
        (r"\b(?:using|based on|by means of|according to|with the use of)\b", _I, (-0.1, 0.4, -0.4, 0.0)),
        (r"\b(?:regression|chi-?square|t[- ]tests?|anova|statistical|kaplan|multivariate|univariate|SPSS|"
         r"log-rank|cox|software|sample of|score was|scale)\b", _I, (-0.5, 1.1, 0.1, -0.7)),
        (r"\b(?:between|from|during|in)\b[^.]{0,20}\b(?:19|20)\d\d\b", _I, (-0.7, 0.5, 0.2, 0.0)),
        (r"\bp\s?[=<>≤]|\b95\s?% ?(?:CI|confidence)|\bCI\b|odds ratio|\bOR\b ?[=,:]|hazard ratio|\bHR\b|"
         r"\br ?=|"
         r"\+/-|±|relative risk|\(?n ?= ?\d", _I, (-0.1, 0.4, 0.9, -1.3)),
        (r"\d\s?%", _I, (-0.1, -0.8, 1.0, -0.1)),
        (r"\d", _I, (-0.7, 0.3, 0.9, -0.5)),
        (r"\bsignifican\w+|\bdifference|\bcorrelat\w+|\bassociat\w+|\b(?:higher|lower|greater|less|more|better|"
         r"worse|longer|shorter|fewer|increased?|decreased?|reduced|improved|declined|similar) (?:\w+ ){0,4}"
         r"(?:than|in|with|after|by|from|among|for|between)\b|\b(?:vs\.?|versus|compared (?:with|to)|"
         r"respectively|in contrast)\b", _I, (0.1, -0.7, 0.4, 0.2)),
        (r"\b(?:there (?:was|were)|showed|revealed|found|had|demonstrated|developed|reported|achieved|"
         r"occurred|"
         r"observed|noted|detected|remained|resulted|experienced|predicted|seen|ranged|a total of|of (?:the|"
         r"these|all) \d*)\b", _I, (-0.2, -0.5, 0.6, 0.0)),
        (r"\b(?:is|are|may|can|should|could|might|seems?|appears?|do not|does not|provides?|remains?|must|"
         r"needs?|has|have|will)\b", _I, (0.9, -1.5, -0.7, 1.2)),
        (r"\b(?:suggest|indicate|support|conclude|recommend|believe|imply|implies|confirm|highlight|"
         r"demonstrate|show)s?\b|\b(?:conclusion|conclude\w*|summary|therefore|thus|further|future|our "
         r"(?:findings|results|data)|these (?:findings|results|data)|this study (?:shows|suggests|"
         r"demonstrates))\b", _I, (0.6, -0.4, -0.6, 0.4)),
        (r"\b(?:however|little is known|has been|have been|controvers\w+|unclear|unknown|commonly|often|"
         r"common|"
         r"major|recent\w*|increasing(?:ly)?|considered|widely|known to|remains?|debat\w+)\b", _I,
         (0.6, -0.3, -0.3, -0.1)),
        (r"\b(?:was|were|had|did)\b", _I, (-0.7, 0.4, 0.6, -0.3)),
    )
)  # fmt: skip
# Points of any sentence; for each step down the abstract (0 to 1), its square, the first, the last three.
_ANY = (3.2, 3.2, -0.8, -5.7)
_PLACE = ((-5.9, -1.5, 3.9, 3.6), (-3.2, -3.1, 0.2, 6.1), (1.3, -0.9, -0.3, 0.0), (-0.2, -0.6, -0.5, 1.3))
_START = (-0.1, -2.9, -7.2, -7.2)  # logarithms of how often an abstract starts with a part,
_NEXT = (  # and of how often one follows another
    (-0.6, -0.8, -5.5, -7.9), (-6.4, -0.3, -1.3, -6.1), (-8.7, -8.7, -0.3, -1.4), (-7.2, -7.2, -7.2, 0.0)
)  # fmt: skip
_ORDER = 0.6  # what the order weighs against the wording

_MAKES = re.compile(
    r"\b(?:we|paper|authors?|work) (?:\w+ ){0,2}(?:propose(?! that)|introduce|present|release|"
    r"design)s?\b|\bour (?:\w+ "
    r"){0,3}(?:model|method|approach|framework|network|system|architecture|algorithm|benchmark|dataset|"
    r"corpus)s?\b|\b(?:is|are) (?:proposed|introduced)\b",
    _I,
)
_PAST = re.compile(
    r"\b(?:was|were|had|did|underwent|received|showed|revealed|found|participated)\b|\bwe (?:\w+ )?\w+ed\b",
    _I,
)
_TESTED = re.compile(
    r"\bp\s?[=<>≤]\s?[.0]|\b95\s?% ?(?:CI|confidence)|odds ratio|hazard ratio|^To (?:\w+ly "
    r")?(?:evaluate|assess|determine|examine|compare|investigate|"
    r"estimate)\b(?!.*, we\b)|\b(?:patients|subjects|participants|rats|mice|women|"
    r"children|students)\b[^.]{0,60}\b(?:was|were)\b|\b(?:was|were)\b[^.]{0,60}\b(?:patients|rats|mice|women|"
    r"children|students)\b",
    _I,
)
_KNOWN = re.compile(
    r"\b(?:is|are|has|have|can|may|do|does|fails?|remains?|requires?|suggests?|leads?|causes?|provides?)\b",
    _I,
)
_HERE = re.compile(
    r"\b(?:was|were|we|our|did|underwent|received|(?:this|the present) (?:study|trial|analysis)|(?:is|"
    r"are)(?: then)? "
    r"(?:\w+ly )?\w+ed|(?<!\bpreviously )(?<!\bhave )(?<!\bhas )(?<!\bhad )(?<!\bbeen )(?:included|"
    r"comprised|consisted|"
    r"completed|participated))\b|\bn ?=|\d",
    _I,
)
_CARRIED_OUT = re.compile(rf"\b(?:was|were) (?:\w+ly )?{_DONE}\w*", _I)
_EARLIER = re.compile(
    r"\b(?:(?:one|previous|earlier|prior) stud(?:y|ies)|had been|has not been|have not been)\b", _I
)
_COMPUTES = re.compile(
    r"\b(?:corpus|corpora|annotat\w+|treebank|grammar|parsers?|neural|deep learning|machine learning|"
    r"language models?|"
    r"LLMs?|algorithms?|benchmarks?|lexicons?|software|speech|linguistic\w*|semantic\w*|syntactic|translation|"
    r"data ?sets?|interfaces?)\b",
    _I,
)
_TESTING, _USUAL = 0.2, 0.4  # sentences in the past tense that a study has: one that tests or treats, any


def is_study(sentences: Sequence[str]) -> bool:
    """Whether an abstract tells a study that was done, rather than something that was made."""
    if len(sentences) < 4 or any(map(_MAKES.search, sentences)):
        return False
    past = sum(bool(_PAST.search(s)) for s in sentences) / len(sentences)
    tested, computes = any(map(_TESTED.search, sentences)), any(map(_COMPUTES.search, sentences))
    return (tested or not computes) and past >= (_TESTING if tested and not computes else _USUAL)


def is_known(text: str) -> bool:
    """Whether a sentence tells what is so or was held before, not what was done."""
    return bool(_EARLIER.search(text) or (_KNOWN.search(text) and not _HERE.search(text)))


def is_done(text: str) -> bool:
    """Whether a sentence tells what was done."""
    return bool(_CARRIED_OUT.search(text)) and not _EARLIER.search(text)


def sections(sentences: Sequence[str]) -> list[Section]:
    """The part of a study that each sentence tells, in their usual order."""
    points = np.array([_points(s, n, len(sentences)) for n, s in enumerate(sentences)])
    logs = points - np.log(np.exp(points).sum(axis=1, keepdims=True))
    order = _ORDER * np.array(_NEXT)
    best, came = logs[0] + _ORDER * np.array(_START), []
    for row in logs[1:]:
        ways = best[:, None] + order
        came.append(ways.argmax(axis=0))
        best = ways.max(axis=0) + row
    found = [int(best.argmax())]
    for back in reversed(came):
        found.append(int(back[found[-1]]))
    return [Section(k) for k in reversed(found)]


def _points(text: str, number: int, count: int) -> np.ndarray:
    down = number / max(1, count - 1)
    total = np.array(_ANY)
    for pattern, points in _CUES:
        if pattern.search(text):
            total = total + points
    place = (down, down * down, float(number == 0), float(number >= count - 3))
    return total + np.array(place) @ np.array(_PLACE)
