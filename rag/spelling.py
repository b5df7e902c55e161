"""A question in the words of the library: French and German ones put into English, typing errors put right.

Only plain lower-case words that the library does not hold are changed, and only to one that is
very like them: names stay as they are, since a near name is another thing.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from functools import cached_property
from itertools import islice

from index.cleaning import readable
from index.library import Library
from rag.glossary import Glossary
from rag.terms import STOP, words

_READ = 20_000  # papers whose words are known; a larger library is sampled
_SHORTEST = 5
_LIKENESS = 0.84  # difflib ratio; lower values turn "proton" into "protein"


class Speller:
    """Corrects questions; reads the library's words at the first unknown one."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._glossary = Glossary(library.document_frequency)

    def correct(self, question: str) -> str:
        """The question in English words (see `rag.glossary`), with its typing errors put right."""
        question = self._glossary.english(question)
        return re.sub(rf"[^\W\d_]{{{_SHORTEST},}}", lambda m: self._word(m.group(), m.start()), question)

    def _word(self, word: str, at: int) -> str:
        plain = word.islower() or (at == 0 and word[1:].islower())
        if not plain or word.lower() in STOP or self._library.document_frequency(word):
            return word
        known = self._words[word[0].lower()]
        near = difflib.get_close_matches(word.lower(), known, n=3, cutoff=_LIKENESS)
        return max(
            near,
            key=lambda w: (difflib.SequenceMatcher(None, word.lower(), w).ratio(), known[w]),
            default=word,
        )

    @cached_property
    def _words(self) -> defaultdict[str, Counter[str]]:
        """The library's words by first letter, with their counts."""
        found: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for paper in islice(self._library.papers(), _READ):
            for word in words(readable(f"{paper.title or ''} {paper.abstract}")):
                if len(word) >= _SHORTEST and word.isalpha():
                    found[word[0]][word] += 1
        return found
