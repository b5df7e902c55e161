"""How closely a sentence follows its source: in long runs of the source's own order, or patched together.

A draft that shortens a source sentence keeps the order of its words; one that mixes up who did what
jumps about in it. After "extractive fragment density" (Grusky, Naaman & Artzi 2018), but letting
words be left out: a run goes on as long as the next word stands a little further on in the same
sentence.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.terms import REPORTING_STEMS, content_stems

GAP = 6  # content words that may be left out inside a run


def jumps(text: str, sentences: Sequence[str]) -> tuple[int, int]:
    """How often the text jumps to another place of its source, and how many words were placed.

    Words that the source lacks are not placed; verification counts those. The fewest jumps are
    sought greedily: from each place the longest run is followed.
    """
    places = [content_stems(sentence) for sentence in sentences]
    held = {word for sentence in places for word in sentence}
    wanted = [w for w in content_stems(text) if w in held and w not in REPORTING_STEMS]
    count = at = 0
    while at < len(wanted):
        longest = max(
            _run(wanted, at, sentence, i) for sentence in places for i in _starts(sentence, wanted[at])
        )
        at += longest
        count += 1
    return max(0, count - 1), len(wanted)


def novel(text: str, source: str) -> list[str]:
    """Content words of a text that its source does not have; words that only report are let pass."""
    held = set(content_stems(source))
    return [w for w in content_stems(text) if w not in held and w not in REPORTING_STEMS]


def _starts(sentence: list[str], word: str) -> list[int]:
    return [i for i, other in enumerate(sentence) if other == word]


def _run(wanted: list[str], at: int, sentence: list[str], place: int) -> int:
    """How many of the wanted words from `at` on stand in order from `place` on, with small gaps."""
    length = 1
    while at + length < len(wanted):
        ahead = sentence[place + 1 : place + 2 + GAP]
        if wanted[at + length] not in ahead:
            break
        place += 1 + ahead.index(wanted[at + length])
        length += 1
    return length
