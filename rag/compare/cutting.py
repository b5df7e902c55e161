"""A sentence cut to what a cell holds: a run of its clauses around what matters, dots where it goes on."""

from __future__ import annotations

import re

LONGEST = 200  # characters of a cell
_BREAK = re.compile(
    r"; (?:and )?|, (?=(?:and|but|while|which|where|with|whereas|including|such as|by|using|thus|thereby|"
    r"respectively|i\.e\.|e\.g\.|followed|as well as|achieving|outperforming|showing|demonstrating|enabling|"
    r"improving|surpassing|\w+ing)\b)|: | - | -- |—| – | (?=\((?:i{1,3}|iv|v|\d)\) )"
)
_OVER = 1.2  # how far a cell may go beyond its length for a whole clause
_WHOLE = 1.6  # and how far for the whole sentence, where it could only be parted inside a phrase
_LEAD = 70  # characters before the anchor that may be left away when the sentence is too long
_BELOW = re.compile(
    r"(?:as|while|although|though|since|because|given|despite|to|with|in|by|for|unlike|when|"
    r"based|[a-z]{2,}ing)\b",
    re.IGNORECASE,
)
_COMMA = re.compile(r", ")
# How a clause begins that can stand alone, and a break inside a list that is soon over.
_MAIN = re.compile(r"(?:and |but )?(?:we|our|this|these|it|they|the|[A-Z][\w-]*[A-Z\d][\w-]*) ")
# "To map reefs, we …", "Although glare is common, we …": a lead that is no condition of what follows.
_PURPOSE = re.compile(
    r"(?:(?P<contrast>while|although|though|despite|unlike)|to|as|since|because|building (?:up)?on|based on|"
    r"motivated by|inspired by|considering|recogni[sz]ing) [^,;:]{0,240}, ",
    re.IGNORECASE,
)
_HANGS = re.compile(
    r"\b(?:they|that|to|of|whether|and|or|with|which|the|an?|by|for|in|on|as|is|are|from|who)$", re.I
)
_CLOSES = re.compile(r", (?:and|or) ")
_SOFT = re.compile(r", | (?=\()| (?=(?:and|while|but|with|that|which|for|by|using|from|across|on|in)\b)")


def cut(text: str, anchor: tuple[int, int] = (0, 0), longest: int = LONGEST) -> str:
    """At most `longest` characters of a sentence that hold its span `anchor`, cut between clauses."""
    text = text.strip()
    if len(text) <= longest * _OVER:
        return _framed(text, 0, len(text))
    breaks = _breaks(text, _BREAK)
    start = _start(text, anchor, longest, breaks)
    last = int(start + longest * _OVER)
    if len(text) <= last:
        return _framed(text, start, len(text))
    least = max(anchor[1], start + longest * 6 // 10)
    for pattern in (_BREAK, _SOFT):
        near = [begin for begin, _ in _breaks(text, pattern) if least <= begin <= last]
        ends = [end for end in near if not _HANGS.search(text, max(0, end - 9), end)]
        if ends and not _CLOSES.match(text, ends[-1]):
            return _framed(text, start, ends[-1])
        if len(text) - start <= longest * _WHOLE:
            return _framed(text, start, len(text))
        if ends:
            return _framed(text, start, ends[-1])
    after = (begin for begin, _ in _breaks(text, _SOFT) if begin >= anchor[1])
    end = next(after, len(text))
    if end > start + longest * _WHOLE:
        end = max(text.rfind(" ", start, last), anchor[1])
    return _framed(text, start, end)


def _start(text: str, anchor: tuple[int, int], longest: int, breaks: list[tuple[int, int]]) -> int:
    """Where a cell begins: with the sentence, or with the main clause that holds the anchor."""
    lead = _PURPOSE.match(text)
    if lead and (lead.end() <= anchor[0] or lead["contrast"]) and _MAIN.match(text, lead.end()):
        return lead.end()
    if anchor[1] <= longest and not (anchor[0] > _LEAD and _BELOW.match(text)):
        return 0
    clauses = [
        end for _, end in [*breaks, *_breaks(text, _COMMA)] if end <= anchor[0] and _MAIN.match(text, end)
    ]
    if clauses:
        return max(clauses)
    if len(text) <= longest * _WHOLE or anchor[1] <= longest * _WHOLE:
        return 0
    softer = [end for _, end in _breaks(text, _SOFT) if end <= anchor[0]]
    return max((e for e in softer if anchor[1] - e <= longest), default=anchor[0])


def _breaks(text: str, pattern: re.Pattern[str]) -> list[tuple[int, int]]:
    """Where the text may be parted: the ends of what stands before and the starts of what follows."""
    found = []
    depth, at = 0, 0
    for m in pattern.finditer(text):
        depth += text.count("(", at, m.start()) - text.count(")", at, m.start())
        at = m.start()
        if depth <= 0:
            found.append((m.start(), m.end()))
    return found


def _framed(text: str, start: int, end: int) -> str:
    """The span with dots where the sentence goes on, without its full stop."""
    kept = text[start:end].strip(" ,;:")
    if end >= len(text):
        kept = kept.rstrip(" .…")
    begins = not start or bool(_BELOW.match(text) and _MAIN.match(text, start))  # "To map reefs, we …"
    if begins and _plain(kept):
        kept = kept[:1].upper() + kept[1:]
    return ("" if begins else "… ") + kept + ("" if end >= len(text) else " …")


def _plain(text: str) -> bool:
    """Whether the first word is an ordinary one, whose first letter may be raised."""
    return text.split(" ", 1)[0].strip(",").islower() and text.split(" ", 1)[0].isalpha()
