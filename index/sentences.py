"""Sentence spans of an abstract by rules, with offsets into the text as it is stored.

Trained splitters and LlamaIndex's default break after `e.g.` and `vs.` in real abstracts; these
rules decide each stop by the word before it and the word after it. They also part sentences that
were glued together (`dataset.Our`), leave decimals, URLs, initials and `p < 0.05).` whole, and
never part a label (`Objective:`) from its sentence.
"""

from __future__ import annotations

import re

# Never the end of a sentence, unless a sentence opener follows ("… by Smith et al. We …").
_ABBREVIATIONS = frozenset(
    "e.g i.e eg ie vs cf viz dr mr mrs ms prof st fig figs eq eqs ref refs sec sect secs approx ca resp "
    "w.r.t a.k.a et al incl excl esp jr sr suppl univ dept inc ltd corp co etc u.k u.s u.s.a e.u u.n ph.d "
    "m.d b.sc m.sc a.m p.m spp sp var subsp no nos vol pp def prop thm lem cor tab tabs alg appx app appl "
    "est std avg ed eds i.i.d s.t i.v i.m s.c p.o b.i.d t.i.d q.d c.f n.b d.h q.e.d wrt bzw z.b u.a p.ex "
    "env".split()
)
# Of these, the ones that may close a sentence when the next word can open one.
_MAY_CLOSE = frozenset(
    "etc al inc ltd corp co u.k u.s u.s.a e.u u.n ph.d m.d b.sc m.sc a.m p.m jr sr spp sp".split()
)
# An abbreviation only in front of a number or a bracket; otherwise a word ("we said no.").
_BEFORE_NUMBER = frozenset(
    "no nos vol pp p ch art pt ed eds sp def prop thm lem cor tab tabs alg app est std avg var co env jan "
    "feb mar apr jun jul aug sep sept oct nov dec min max".split()
)
_OPENERS = frozenset(
    "We Our The This These Those It Its In On At For To From By With Without However Moreover Furthermore "
    "Additionally Here There They Their A An As All Both Results Conclusion Conclusions Methods Finally "
    "Thus Hence Therefore Although While When Since Such Each Using Compared Overall Background Objective "
    "Among Despite Further Recent Recently Experiments Code Most Many Some Several Unlike Given Based "
    "First Second Then Also That If Notably Specifically Importantly Existing Previous Patients "
    "Participants".split()
)
_LOWER_OPENERS = frozenset("we our however this these".split())
_NAME_LEADS = frozenset("by and of from with to et al in".split()) - {"in"}

_CLOSERS = r"\"'”’»)\]}"
_STOP = re.compile(
    rf"(?<![.!?])(?:…|[.!?]++)(?:[{_CLOSERS}]|\[\d+(?:[,;–-]\s?\d+)*\])*+(?=\s|$)"  # a stop before a blank
    rf"|(?<=[a-z0-9)\]%])[.?!]\)?(?=[A-Z])"  # a stop with no blank after it
    r"|[。！？](?=.)"
    r"|\n\s*\n|\n(?=\s*(?:[-*•]|\d+[.)])\s)"
)
_NEXT = re.compile(r"\s*([\"'“‘«(\[{]*)(\S+)")
_LAST_WORD = re.compile(r"[^\s(\[{\"“‘]+$")
_MIXED = re.compile(r"(?:[a-z]{1,4}-?[A-Z]\w|[a-z]{1,8}\d|p[Hh]\b|[a-z]-[A-Z]|[α-ωϑϕ](?:-|\d|\b))")
_LABEL = re.compile(
    r"(?:background|introduction|purpose|objectives?|aims?|methods?|materials and methods|design|setting|"
    r"results?|findings|conclusions?|discussion|significance|importance|interpretation)\.?",
    re.IGNORECASE,
)
_ENUMERATOR = re.compile(r"(?:[ivx]{1,5}|[a-h])\)|\((?:[ivx]{1,5}|[a-h]|\d)\)")
_GLUED_NEXT = re.compile(r"([A-Z][a-z]+|A)(?=[\s,])|[A-Z]{4,}:")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Half-open spans, in order, that cover all of the text but blanks; none starts or ends with one."""
    spans: list[tuple[int, int]] = []
    start = 0
    for stop in _STOP.finditer(text):
        if _ends(text, start, stop):
            _append(spans, text, start, stop.end())
            start = stop.end()
    _append(spans, text, start, len(text))
    return _join_labels(text, spans)


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    part = text[start:end]
    stripped = part.strip()
    if stripped:
        begin = start + len(part) - len(part.lstrip())
        spans.append((begin, begin + len(stripped)))


def _join_labels(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """`Methods. We …` as one sentence: a label alone says nothing."""
    joined: list[tuple[int, int]] = []
    label: int | None = None
    for index, (start, end) in enumerate(spans):
        begin = start if label is None else label
        if _LABEL.fullmatch(text, start, end) and index + 1 < len(spans):
            label = begin
        else:
            joined.append((begin, end))
            label = None
    return joined


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether a sentence that began at `start` ends with this stop."""
    mark = stop[0]
    if mark[0] in "\n。！？" or stop.end() == len(text):
        return True
    before = _last_word(text, start, stop.start())
    if not text[stop.end()].isspace():
        return _ends_glued(text, before, stop)
    following = _NEXT.match(text, stop.end())
    if following is None:
        return True
    opened, word = following[1], following[2]
    if mark[0] != "." or mark.startswith(".."):
        return _can_open(word) or bool(_ENUMERATOR.match(opened + word))
    if _is_abbreviation(text, start, stop, before, opened + word):
        return False
    if word[0].islower():
        return _lower_opens(before, opened + word)
    return True


def _last_word(text: str, start: int, end: int) -> str:
    found = _LAST_WORD.search(text, max(start, end - 80), end)
    return found[0] if found else ""


def _can_open(word: str) -> bool:
    """Whether a word may follow `?`, `!` or an ellipsis as the first of a sentence."""
    return not word[0].islower() and word[0] not in "-–—,;:/" or bool(_MIXED.match(word))


def _lower_opens(before: str, word: str) -> bool:
    if _MIXED.match(word) or _ENUMERATOR.match(word):
        return True
    ordinary = len(before) >= 4 and before.isalpha()
    return ordinary and re.sub(r"\W+$", "", word) in _LOWER_OPENERS


def _is_abbreviation(text: str, start: int, stop: re.Match[str], before: str, word: str) -> bool:
    """Whether the point belongs to the word before it rather than to the sentence."""
    if len(stop[0]) > 1:  # closed by a bracket or quotation mark: `(p < 0.05).` or `etc.)`
        return stop[0] == ".)" and word[0].islower()
    bare = before.casefold().lstrip("'’")
    opens = re.sub(r"\W+$", "", word) in _OPENERS
    if bare in _BEFORE_NUMBER:
        return word[0].isdigit() or word[0] in "(["
    if bare == "etc":
        return not word.lstrip("(\"'“‘«[").istitle()
    if bare in _ABBREVIATIONS:
        return not (opens and bare in _MAY_CLOSE) and not (opens and bare in ("no", "fig", "figs"))
    if re.fullmatch(r"[A-Z](?:\.-?[A-Z])*", before):
        return _is_initial(text, start, stop.start() - len(before), before, opens)
    number_at_start = (
        re.fullmatch(r"\d{1,2}", before) and not text[start : stop.start() - len(before)].strip()
    )
    return bool(number_at_start)


def _is_initial(text: str, start: int, at: int, before: str, opens: bool) -> bool:
    """`J. Smith` against `tasks in R. This` and `vitamin D. Patients`."""
    if opens:
        return False
    lead = _last_word(text, start, at - 1) if at > start else ""
    return not (len(before) == 1 and lead.isalpha() and lead.islower() and lead not in _NAME_LEADS)


def _ends_glued(text: str, before: str, stop: re.Match[str]) -> bool:
    """`dataset.Our`, but not `github.com/A.Name`, `e.g.The`, `U.S.A` or `Node.Js`."""
    following = _GLUED_NEXT.match(text, stop.end())
    if following is None or any(c in before for c in "/@\\_:") or before.casefold() in _ABBREVIATIONS:
        return False
    if before[-1:].isdigit() or len(before) < 3:
        return following[0] in _OPENERS and len(before) >= 2
    return bool(re.search(r"[a-z]{3}$|[)\]%]$", before)) or following[0] in _OPENERS
