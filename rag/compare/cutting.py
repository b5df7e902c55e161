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
_TAIL = 100  # characters that a piece from the end of a sentence has at least
_LEAD = 70  # characters before the anchor that may be left away when the sentence is too long
_BELOW = re.compile(
    r"(?:as|while|although|though|since|because|given|despite|to|with|in|by|for|unlike|when)\b", re.IGNORECASE
)
_COMMA = re.compile(r", ")
_SOFT = re.compile(r", | (?=\()| (?=(?:and|while|but|with|that|which|for|by|using|from|across|on|in)\b)")


def cut(text: str, anchor: tuple[int, int] = (0, 0), longest: int = LONGEST) -> str:
    """At most `longest` characters of a sentence that hold its span `anchor`, cut between clauses."""
    text = text.strip()
    if len(text) <= longest * _OVER:
        return _framed(text, 0, len(text))
    breaks = _breaks(text, _BREAK)
    start = 0
    if anchor[1] > longest or (anchor[0] > _LEAD and _BELOW.match(text)):
        start = max((end for _, end in [*breaks, *_breaks(text, _COMMA)] if end <= anchor[0]), default=0)
        if anchor[1] - start > longest:
            softer = [end for _, end in _breaks(text, _SOFT) if end <= anchor[0]]
            start = max((e for e in softer if anchor[1] - e <= longest), default=anchor[0])
            start = min((e for e in softer if e >= anchor[1] - longest // 2), default=start)
    if len(text) - start < _TAIL:  # too little to be understood: as much before it as there is room for
        start = min((e for _, e in breaks if len(text) - e <= longest), default=start)
    last = int(start + longest * _OVER)
    if len(text) <= last:
        return _framed(text, start, len(text))
    least = max(anchor[1], start + longest * 6 // 10)
    for pattern in (_BREAK, _SOFT):
        ends = [begin for begin, _ in _breaks(text, pattern) if least <= begin <= last]
        if ends:
            return _framed(text, start, ends[-1])
    return _framed(text, start, max(text.rfind(" ", start, start + longest), anchor[1]))


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
        kept = kept.rstrip(".")
    shown = (
        kept if start else kept[:1].upper() + kept[1:] if not kept[:2].istitle() and _plain(kept) else kept
    )
    return ("… " if start else "") + shown + (" …" if end < len(text) else "")


def _plain(text: str) -> bool:
    """Whether the first word is an ordinary one, whose first letter may be raised."""
    return text.split(" ", 1)[0].strip(",").islower() and text.split(" ", 1)[0].isalpha()
