"""How well a sentence fits each usual aspect: additive scores of cues in its wording and of its place.

The weights were set by reading development abstracts; a score at or below 0 is no fit. With the score comes
the span of the telling words, so that a long sentence is cut around them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from re import Match

from rag.compare import cues, data_cues
from rag.compare.abstract import Part, Told, holds
from rag.terms import content_stems


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a sentence fits an aspect, and the span of its telling words."""

    score: float
    anchor: tuple[int, int] = (0, 0)


NO_FIT = Fit(0.0)
_BRACKETS = re.compile(r"\([^()]*\)")
_NAMED = 1.3  # what a sentence gains that presents the work by its name
_VERB = 60  # characters up to the verb of a finding that must be shown
_FIGURE = 200  # characters behind that verb in which a figure must be shown too
_SHORT = 65  # characters of a sentence that says little when it leans on the one before


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sentence stands: from the first on the paper itself, and in the whole, in [0, 1]."""

    since: int
    late: float
    last_before: bool = False  # the last sentence before the paper speaks of itself
    topic: frozenset[str] = frozenset()  # stems of the title
    name: str = ""  # of the work, where its title gives one

    def asked(self, text: str) -> float:
        """How much of what the title speaks of a text holds, in [0, 1]."""
        if not self.topic:
            return 0.0
        return min(1.0, 2 * len(self.topic & set(content_stems(text))) / len(self.topic))

    def names(self, text: str, start: int = 0) -> bool:
        """Whether a text holds the name of the work, from `start` on."""
        return bool(self.name) and holds(text[start:], self.name)


def task(one: Told, place: Place) -> Fit:
    """What the paper sets out to do; where it says so nowhere, the problem it names before it begins."""
    if _gives_code(one.text):
        return NO_FIT
    if not one.own and one.part is not Part.AIM:
        return Fit(0.3) if place.last_before and cues.PROBLEM.search(one.text) else NO_FIT
    did, aim = cues.DID.search(one.text) or cues.PRESENTED.search(one.text), cues.AIM.search(one.text)
    defined = cues.DEFINED.match(one.text) if place.since <= 1 else None
    if not (did or defined or one.part is Part.AIM or (aim and place.since == 0)):
        return _first_own(one) if place.since == 0 else NO_FIT
    score = 0.6 * bool(did) + 0.5 * bool(aim) + 0.5 * bool(defined and not did) + 1.2 * (one.part is Part.AIM)
    score += 0.6 * bool(cues.AIMS.search(one.text))
    score += (
        0.4 * bool(cues.SETS_OUT.match(one.lead))
        + 0.5 * (place.since == 0)
        - 0.15 * min(place.since, 6)
        - 0.2 * _aside(one)
    )
    makes = cues.MAKES.search(one.text)
    score += 0.25 * bool(makes) + 0.6 * bool(cues.THIS_SURVEY.match(one.text))
    score += _NAMED * bool(makes and place.names(one.text, makes.end()))
    if not cues.AIMS.search(one.text):
        score -= 0.3 * bool(cues.FUTURE.search(one.text))
        found = cues.STRONG.search(one.text) or cues.FINDS.search(one.text)
        score -= 0.0 if not found else 0.2 if did and place.since == 0 else 0.6
    score -= (
        0.8 * bool(cues.LIMIT.search(one.text) and not (did and place.since == 0))
        + 1.3 * bool(cues.HOLLOW.search(one.text))
        + 0.2 * bool(cues.LEANS.match(one.text))
    )
    score -= 0.5 * (len(one.text) < _SHORT and bool(cues.BOTH.search(one.text)))
    passive = did is not None and did.re is cues.PRESENTED  # then its object stands in front
    return Fit(score, (0, 0) if passive else telling(one.text, did or defined or aim))


def _first_own(one: Told) -> Fit:
    """What a paper says of itself first, though not as its aim; a problem told is better than mere data."""
    sets_out = bool(cues.SETS_OUT.match(one.lead))
    if (cues.FINDS.search(one.text) and not sets_out) or cues.HOLLOW.search(one.text):
        return NO_FIT
    return Fit((0.28 if _counted(one.text) else 0.35) + 0.4 * sets_out)


def telling(text: str, found: Match[str] | None) -> tuple[int, int]:
    """The span of subject and verb, and of what follows them."""
    if found is None:
        return (0, 0)
    return found.start(), min(len(text), found.end() + cues.OBJECT)


def method(one: Told, place: Place) -> Fit:
    """How it goes about it."""
    how = list(cues.HOW.finditer(one.text))
    base = 0.5 if how else 0.35 if cues.DID.search(one.text) else 0.15
    puts = cues.PUTS.search(one.text)
    how = how or [m for m in (puts, cues.MEANS.search(one.text)) if m][:1]
    if not one.own or one.part in (Part.AIM, Part.CONCLUSION) or _gives_code(one.text):
        return NO_FIT
    if not how:
        return Fit(0.4) if one.part is Part.METHOD else NO_FIT
    strong = cues.STRONG.search(one.text) or cues.MEASURED.search(one.text)
    begins = strong.start() - how[0].start() if strong else 1000  # how long before it tells a result
    finds = cues.FINDS.search(one.text)
    score = (
        base
        + 0.15 * min(len({m.group().lower() for m in how}), 4)
        + 0.15 * bool(cues.DID.search(one.text))
        + 0.25 * bool(puts)
        - 0.25 * bool(cues.TRIES.search(one.text))
        + 0.2 * bool(cues.DOES.search(one.text) or place.names(one.text[: len(place.name) + 4]))
        + 0.4 * (one.part is Part.METHOD)
    )
    score -= 0.9 if begins < 15 else 0.5 if begins < 60 else 0.3 if strong else 0.0
    score -= 0.15 * bool(finds) + 0.2 * bool(finds and finds.start() < how[0].start())
    score -= 0.35 * bool(cues.ALSO.search(one.text) or _aside(one)) + 0.5 * bool(
        cues.BY_THE_WAY.search(one.text)
    )
    score -= 0.6 * bool(cues.THERE.search(one.text)) + 0.5 * bool(cues.TO_TRY.match(one.text))
    score += 0.2 * bool(cues.SPECIFIES.match(one.lead)) - 0.15 * bool(cues.COUNTS_MUCH.search(one.text))
    score -= 0.5 * one.text.endswith("?") + 0.8 * bool(cues.AIMS.search(one.text))
    score -= 0.3 * bool(cues.CONTRAST.match(one.lead)) + 0.5 * bool(cues.ABLATES.search(one.text))
    score -= 0.5 * bool(cues.PRAISES.search(one.text)) + 0.8 * bool(cues.TALKS.search(one.text))
    score += 0.3 * bool(cues.GOES_THROUGH.search(one.text)) - 0.4 * bool(cues.HELD.match(one.text))
    score -= 0.3 * bool(cues.FUTURE.search(one.text)) + 0.8 * bool(cues.CONCLUDES.search(one.text))
    score -= 0.9 * (one.part is Part.RESULT) + 0.05 * place.since + 0.4 * bool(cues.LEANS.match(one.text))
    score -= 0.5 * bool(cues.SHOWS.search(one.text)) + 0.6 * bool(cues.JUDGED.match(one.text))
    score -= 0.5 * bool(cues.ON_FIRST.search(one.text)) + 0.3 * bool(cues.GIVES_AWAY.search(one.text))
    score -= 0.25 * bool(data_cues.MADE_SET.search(one.text) and _counted(one.text))
    score -= 0.8 * bool(cues.LIMIT.search(one.text)) + 0.5 * bool(cues.HOLLOW.search(one.text))
    return Fit(score, telling(one.text, how[0]))


def result(one: Told, place: Place) -> Fit:
    """What came out."""
    if not one.own or one.part is Part.AIM or _gives_code(one.text) or cues.GOAL_ONLY.match(one.text):
        return NO_FIT
    strong = cues.STRONG.search(one.text)
    finds, measured = cues.FINDS.search(one.text), cues.MEASURED.search(one.text)
    weak = cues.WEAK.search(one.text)
    found = min(filter(None, (strong, finds, measured, weak)), key=lambda m: m.end(), default=None)
    if not found and one.part is not Part.RESULT:
        return NO_FIT
    score = 0.9 if strong else 0.5 if finds else 0.3 if measured else 0.2 if weak else 0.0
    score += (
        (0.5 if strong or finds else 0.4) * bool(measured)
        + 0.2 * bool((strong or finds) and cues.BEST.search(one.text))
        - 0.03 * min(place.since, 4)
    )
    score += (
        0.5 * (one.part is Part.RESULT)
        + 0.3 * (one.part is Part.CONCLUSION)
        - 0.6 * (one.part is Part.METHOD)
    )
    score -= 0.3 * bool(cues.LEANS.match(one.text))
    outcome = finds is not None and bool(cues.OUTCOME.match(finds.group()))
    score -= 0.4 * (not outcome and bool(cues.OF_FIELD.search(one.text)))
    score -= 0.4 * bool(not (strong or finds) and cues.DID.search(one.text))
    score -= 0.4 * (" also " in one.text)
    score += 0.3 * place.asked(one.text) * bool(strong or finds or measured)
    score -= (0.2 if outcome or (strong and measured) else 0.5) * bool(cues.FUTURE.search(one.text))
    score -= 0.7 * (place.since == 0 and place.late < 0.7 and not cues.AND_FINDS.search(one.text))
    score -= (0.1 if measured else 0.5) * bool(cues.PRESENTS.search(one.text))
    score -= 0.3 * bool(cues.HOLLOW.search(one.text)) + 0.8 * bool(cues.TALKS.search(one.text))
    score -= 0.22 * bool(cues.LIMIT.search(one.text)) + 0.5 * bool(cues.LEFT.search(one.text))
    score -= 1.2 * bool(
        cues.HOLDS.search(one.text) or cues.GOES_THROUGH.search(one.text) or cues.THIS_SURVEY.match(one.text)
    )
    return Fit(score, _around_verb(one.text, found, measured) if found else (0, 0))


def _around_verb(text: str, found: Match[str], measured: Match[str] | None) -> tuple[int, int]:
    """The end of what tells a finding, its verb, and the beginning of what is found, or the figure."""
    end = found.end() + cues.OBJECT
    if measured and measured.end() <= found.end() + _FIGURE:
        end = max(end, measured.end())
    return max(found.start(), found.end() - _VERB), min(len(text), end)


def data(one: Told, place: Place) -> Fit:
    """What it rests on: data sets, cohorts, how many of what."""
    if not one.own and not (data_cues.COUNTED.search(one.text) and data_cues.WE_USE.search(one.text)):
        return NO_FIT
    counted, on = (
        _counted(one.text),
        data_cues.ON_SET.search(one.text) or data_cues.ON_PEOPLE.search(one.text),
    )
    found = cues.STRONG.search(one.text) or cues.FINDS.search(one.text) or cues.MEASURED.search(one.text)
    sure = data_cues.NAMED_SET.search(one.text)
    named = sure or (data_cues.ON_NAMED.search(one.text) if found else None)
    held, made = data_cues.SET.search(one.text), data_cues.MADE_SET.search(one.text)
    vague = data_cues.VAGUE_SET.search(one.text) or data_cues.IS_SET.search(one.text) or on
    if not (counted or named or vague or held):
        return NO_FIT
    score = 0.8 * bool(counted) + 0.6 * bool(named) + 0.2 * bool(sure) + 0.4 * bool(held) + 0.35 * bool(vague)
    score += 0.3 * bool(on) + 0.5 * bool(made)
    score += 0.7 * bool(counted and (cues.HOLDS.search(one.text) or cues.HELD.match(one.text)))
    score += 0.4 * bool(counted and (data_cues.USED.search(one.text) or data_cues.TRAINED.search(one.text)))
    score += 0.3 * bool(counted and data_cues.LARGE.match(counted.group()))
    score -= 0.3 * bool(cues.OTHERS_FAIL.search(one.text)) + 0.5 * _concludes(one.text, counted)
    score -= 0.5 * bool(data_cues.SUGGESTS.search(one.text) or data_cues.SUCH.match(one.text))
    score -= 0.5 * bool(cues.GOES_THROUGH.search(one.text) and not (counted or named))
    score -= 0.2 * bool(data_cues.REFERS.search(one.text) and not (counted or named))
    score -= 0.35 * bool(found and not (counted or named or on or made)) + 0.1 * bool(
        cues.STRONG.search(one.text)
    )
    score -= (
        0.5 * _gives_code(one.text)
        + 0.4 * bool(data_cues.NO_DATA.search(one.text))
        + 1.0 * bool(data_cues.WANTS_DATA.search(one.text))
        + 0.02 * min(place.since, 6)
    )
    score -= 0.3 * bool(cues.FUTURE.search(one.text)) + 0.3 * (one.part is Part.CONCLUSION)
    if not (counted or named):
        score = min(score, 0.7)
    spans = [m.span() for m in (counted, named) if m] or [m.span() for m in (vague, held) if m][:1]
    return Fit(score - 0.3, _together(spans))


def _concludes(text: str, counted: Match[str] | None) -> bool:
    """Whether a sentence draws a conclusion; what was counted may stand before it."""
    found = cues.CONCLUDES.search(text)
    return found is not None and not (counted and counted.start() < found.start())


def _together(spans: list[tuple[int, int]]) -> tuple[int, int]:
    """One span over all where they stand close, else the first."""
    first, last = min(spans), max(spans)
    return (first[0], last[1]) if last[1] - first[0] <= data_cues.CLOSE else spans[0]


def limits(one: Told, place: Place) -> Fit:
    """What it does not do, falls short of or leaves open; limits of other work are none of its own."""
    if one.part is Part.LIMIT:
        return Fit(1.0 - 0.02 * min(place.since, 20))
    sure = cues.LIMIT.search(one.text)
    if not sure or not one.own or place.since == 0 or _gives_code(one.text):
        return NO_FIT
    if cues.GOES_THROUGH.search(one.text):
        return NO_FIT
    others = cues.OTHERS_FAIL.search(one.text)
    field = cues.OF_FIELD.search(one.text, sure.end())
    if field and field.start() - sure.end() < 40:
        return NO_FIT
    if cues.THEY_FAIL.search(one.text[: sure.end()]):
        return NO_FIT
    if (others and others.start() <= sure.start()) or cues.OVERCOMES.search(one.text[: sure.start()][-50:]):
        return NO_FIT
    return Fit(0.3 + 0.2 * place.late, sure.span())


def _counted(text: str) -> Match[str] | None:
    """The first count of what was studied, years aside."""
    for m in data_cues.COUNTED.finditer(text):
        if not data_cues.YEAR.match(m.group()):
            return m
    return data_cues.SAMPLED.search(text)


def _aside(one: Told) -> bool:
    """Whether a sentence is added to what was said before."""
    return bool(cues.ASIDE.match(one.lead))


def _gives_code(text: str) -> bool:
    """Whether a sentence is about where code or data can be had, not only in passing at its end."""
    found = cues.CODE.search(_BRACKETS.sub("", text))
    return found is not None and (found.start() < len(text) / 2 or "http" in found.group())
