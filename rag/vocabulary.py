"""The words that a small model may use for a paper, as a grammar in llama.cpp's GBNF: those of its title and
of the sentences that it is shown, and small words that join them.

A model of 135 million weights puts in "not", a rival's name or a figure of its own; what it cannot write need
not be caught. Of sixty drafts about papers held out 93 % pass the checks at the first try instead of 67 %,
in the same time.
"""

from __future__ import annotations

import re

from index.cleaning import readable
from rag.types import Evidence

_JOINING = tuple(
    """the The a A an An of in In on for with to and or by from as at that which is are was were it It its
    this This their these been be has have into across over under when where both each via using through
    also such other authors""".split()
)
_ASIDE = ".,;:!?()[]{}\"“”‘’'…"
_MOST = 400  # words; a longer list slows the model and says no more


def grammar_of(evidence: Evidence) -> str:
    """A sentence of these words, commas between them, and a full stop."""
    shown = [readable(evidence.paper.title or ""), *(readable(s.text) for s in evidence.sentences)]
    held = dict.fromkeys(_JOINING)
    for token in " ".join(shown).split():
        word = token.strip(_ASIDE)
        if word:
            held.setdefault(word)
            if re.fullmatch(r"[A-Z][a-z-]+", word):  # a sentence's first word stands elsewhere in lower case
                held.setdefault(word.lower())
    words = " | ".join(_quoted(word) for word in list(held)[:_MOST])
    return f'root ::= " "? word (","? " " word)* "."\nword ::= {words}'


def _quoted(word: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in word)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
