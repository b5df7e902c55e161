"""Whether a text says what a label wants: by tokens, without a model."""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[a-z\u00c0-\u024f]+")
_STEM = 6  # letters that longer words must share
_HALF = 0.5
_FUNCTION_WORDS = frozenset(
    """a an the this that it its they their one two both no not and or as than
    of to in on for with by from at into is are was were be use used using which can""".split()
)


def tokens(text: str) -> list[str]:
    """Lower-case words and numbers in order; thousands separators taken out, other signs dropped."""
    plain = unicodedata.normalize("NFKC", text).replace("\\%", "%").lower()
    return [t.replace(",", "") if t[0].isdigit() else t for t in _TOKEN.findall(plain)]


def contains(text: str, wanted: str) -> bool:
    """Whether the tokens of `wanted` stand in a row in `text`: "18" is not in "118"."""
    held, sought = tokens(text), tokens(wanted)
    return bool(sought) and any(
        held[i : i + len(sought)] == sought for i in range(len(held) - len(sought) + 1)
    )


def makes_point(text: str, point: str) -> bool:
    """Whether at least half of the point's words, function words aside, stand in the text.

    A word of more than six letters may also stand there in another form with the same six first letters.
    """
    sought = [word for word in tokens(point) if word not in _FUNCTION_WORDS]
    held = set(tokens(text))
    starts = {word[:_STEM] for word in held if len(word) >= _STEM}
    met = sum(word in held or (len(word) > _STEM and word[:_STEM] in starts) for word in sought)
    return met / max(1, len(sought)) >= _HALF
