"""Where the telling words of a sentence stand, by the aspect that it tells: a long one is cut around them."""

from __future__ import annotations

from collections.abc import Iterable
from re import Match

from rag.compare import cues, data_cues, study_cues

Span = tuple[int, int]
_VERB = 60  # characters up to the verb of a finding that must be shown
_FIGURE = 200  # characters behind that verb in which a figure must be shown too


def anchor(aspect: str, text: str) -> Span:
    """The span that must be shown; (0, 0) for the beginning."""
    return _ANCHORS[aspect](text)


def _task(text: str) -> Span:
    if cues.PRESENTED.search(text) and not cues.DID.search(text):
        return (0, 0)  # its object stands in front
    return _with_object(text, cues.DID.search(text) or cues.DEFINED.match(text) or cues.AIM.search(text))


def _method(text: str) -> Span:
    return _with_object(text, cues.HOW.search(text) or cues.PUTS.search(text) or cues.MEANS.search(text))


def _result(text: str) -> Span:
    measured = cues.MEASURED.search(text)
    verbs = (cues.STRONG.search(text), cues.FINDS.search(text), measured, cues.WEAK.search(text))
    found = _first(verbs) or study_cues.COMPARES.search(text)
    if found is None:
        return (0, 0)
    end = found.end() + cues.OBJECT
    if measured and measured.end() <= found.end() + _FIGURE:
        end = max(end, measured.end())
    return max(found.start(), found.end() - _VERB), min(len(text), end)


def _data(text: str) -> Span:
    counted = next(
        (m for m in data_cues.COUNTED.finditer(text) if not data_cues.YEAR.match(m.group())), None
    ) or data_cues.SAMPLED.search(text)
    named = data_cues.NAMED_SET.search(text) or data_cues.ON_NAMED.search(text)
    spans = [m.span() for m in (counted, named) if m]
    if not spans:
        held = _first((study_cues.WHO.search(text), data_cues.SET.search(text)))
        return held.span() if held else (0, 0)
    first, last = min(spans), max(spans)
    return (first[0], last[1]) if last[1] - first[0] <= data_cues.CLOSE else spans[0]


def _limits(text: str) -> Span:
    found = cues.LIMIT.search(text)
    return found.span() if found else (0, 0)


def _with_object(text: str, found: Match[str] | None) -> Span:
    """Subject and verb, and the beginning of what follows."""
    return (found.start(), min(len(text), found.end() + cues.OBJECT)) if found else (0, 0)


def _first(found: Iterable[Match[str] | None]) -> Match[str] | None:
    """The match that is over first."""
    return min(filter(None, found), key=lambda m: m.end(), default=None)


_ANCHORS = {
    "Task or problem": _task, "Data": _data, "Method": _method, "Main result": _result, "Limits": _limits,
}  # fmt: skip
