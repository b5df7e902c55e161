"""What every stored text goes through, once, on reading: NFC, no unseen characters, single blanks.

Offsets of chunks, sentences and quotes point into the result, so nothing later may alter it.
Markup stays as it is: making it readable is `index.cleaning`'s, for display only.
"""

from __future__ import annotations

import re
import unicodedata

_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls that are not white space
    "\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff"  # bidi controls, zero-width marks
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"  # non-characters, surrogates, tags
)


MAX_ABSTRACT = 50_000  # characters; what is longer is no abstract, and every later step would pay


def tidy(text: str) -> str:
    """Stored form of one field: NFC, unseen characters dropped, white space collapsed."""
    if not text.isascii() or _UNSEEN.search(text):
        text = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    return " ".join(text.split())


def tidy_abstract(text: str) -> tuple[str, bool]:
    """The stored form of an abstract, and whether it was cut: by its source, or at `MAX_ABSTRACT`."""
    text = tidy(text)
    if len(text) > MAX_ABSTRACT:
        return text[:MAX_ABSTRACT].rsplit(" ", 1)[0], True
    return text, text.endswith(("...", "…"))
