"""Where a sentence says the contrary of its source: denied here alone, a contrary word, another direction.

`rag.verify` names every trace of disagreement, which suits sentences made from their source. An author
words freely, so each trace has to be borne out here before it is called a contradiction: a denial by a
plain "not", or by "without" in front of words that the source has together; a contrary word in nearly
the same wording; a direction where the wording or the stance agrees that it is the other one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.contraries import contrary_stems
from rag.terms import content_stems
from rag.verify import credit

Rarity = Callable[[str], float]

_NOT = re.compile(r"\b(?:not(?! only\b| just\b| merely\b| necessarily\b)|cannot|\w+n['’]t)\b", re.IGNORECASE)
_PLAIN_NO = re.compile(r"\b(?:no|not|never|cannot|\w+n['’]t)\b", re.IGNORECASE)
_WITHOUT = re.compile(r"\b(?:without|lacking|lacks?|free of|no)\s+", re.IGNORECASE)
_DENIES = re.compile(  # in the source, any way to deny or to limit
    r"\b(?:not?|never|none|neither|nor|cannot|without|fail\w*|lack\w*|unable|\w+n['’]t|hardly|rarely|little|few|"
    r"limited|un(?!i|der|cover|til|less)\w{4,}|non\w*|in(?:ability|sufficient|adequate|correct)\w*|miss\w*|"
    r"absen\w*|avoid\w*|eliminat\w*|difficult\w*|struggl\w*|poor\w*|only|remov\w*|obviat\w*|bypass\w*|instead|"
    r"rather|free|less|impossible|worse|neglect\w*|ignor\w*|overlook\w*|disappear\w*|exclu\w*|drop\w*|stop\w*)\b",
    re.IGNORECASE,
)
_NEAR = 0.75  # share of the wording from which a contrary word is no accident
_LIKELY = 0.6  # how likely refutation is, of the two, from which a direction is believed in a free wording
_SURE = 0.8  # and from which the order of the compared is
_FREE = 0.6  # share of the wording below which no direction can be told
_CLOSE = 4  # words within which two words stand together

DENIED_HERE = "negated here, not in the source"
DENIED_THERE = "negated in the source, not here"
DIRECTION = "the direction of the comparison is not the source's"
ORDER = "the compared stand in another order"
PREFIX = "the contrary word stands in the source"


def contradictions(
    text: str, source: Sequence[str], best: str, faults: Sequence[str], against: float, support: float
) -> list[str]:
    """What of `text` the source contradicts, in words.

    :param source: the source's sentences. :param best: the one that decides. :param faults: of the
        word check. :param against: how likely refuted rather than supported, in [0, 1].
    :param support: the share of the wording that the source has, in [0, 1].
    """
    found = []
    alike = bool(_PLAIN_NO.search(best)) and against < _LIKELY  # the source denies too, and agrees
    if _NOT.search(text) and (DENIED_HERE in faults and not alike or not _DENIES.search(best)):
        found.append(DENIED_HERE)
    elif DENIED_HERE in faults and _asserted(text, source):
        found.append(DENIED_HERE)
    if DENIED_THERE in faults and support >= _NEAR and _PLAIN_NO.search(best) and not _DENIES.search(text):
        found.append(DENIED_THERE)
    if PREFIX in faults:
        found.append(PREFIX)
    if DIRECTION in faults and (support >= _NEAR or (support >= _FREE and against >= _LIKELY)):
        found.append(DIRECTION)
    if ORDER in faults and against >= _SURE:
        found.append(ORDER)
    return found


def contrary_word(text: str, title: str, best: str, rarity: Rarity) -> str | None:
    """A word of `text` for which the source's sentence, in nearly the same wording, has the contrary."""
    said = set(content_stems(text))
    held = set(content_stems(best))
    known = frozenset(held | set(content_stems(title)))
    total = sum(map(rarity, said))
    if not total or sum(rarity(s) * credit(s, known) for s in said) / total < _NEAR:
        return None
    for stem in said - held:
        contrary = contrary_stems(stem) & (held - said)
        if contrary:
            return f"{_word(text, stem)} here, {_word(best, min(contrary))} in the source"
    return None


def _word(text: str, stem: str) -> str:
    """The word of a text with this stem, as it is written."""
    words = re.findall(r"[^\W\d_]+", text)
    return next((f"“{w}”" for w in words if content_stems(w) == [stem]), f"“{stem}”")


def _asserted(text: str, source: Sequence[str]) -> bool:
    """Whether the two words behind a "without" stand together in a sentence that denies nothing."""
    for m in _WITHOUT.finditer(text):
        wanted = _words(text[m.end() :])[:2]
        if len(wanted) == 2 and any(_together(wanted, s) for s in source if not _DENIES.search(s)):
            return True
    return False


def _together(wanted: Sequence[str], sentence: str) -> bool:
    held = _words(sentence)
    places = [[n for n, word in enumerate(held) if word == w] for w in wanted]
    return any(0 < b - a <= _CLOSE for a in places[0] for b in places[1])


def _words(text: str) -> list[str]:
    """Stems and figures in order; clauses are not told apart."""
    found = []
    for m in re.finditer(r"\d[\d.,]*\d|\d|[^\W\d_]+", text):
        found += [m.group()] if m.group()[0].isdigit() else content_stems(m.group())
    return found
