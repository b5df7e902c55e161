"""What a shortened sentence must keep of its source: one sentence, heads of phrases, neighbours of figures.

A small model shortens by leaving words out. Of its drafts that passed every other check, half of those
read against their abstracts were wrong in one of four ways: "drug combination" for "drug combination
effects", a figure moved to another noun, "A is a B" for "A and B", two sentences run together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.fragments import novel
from rag.terms import STOP, content_stems, stem

_WORD = re.compile(r"\w[\w'’/.%+-]*[\w%+]|\w")
_APART = re.compile(r"[,;:()\[\]–—\"“”]")
_IS_A = re.compile(r"\b(?:is|are|was|were) (?:a|an|the|one)\b", re.I)


@dataclass(frozen=True, slots=True)
class _Word:
    stem: str
    named: bool  # written with a capital or a digit: a name may stand without the noun behind it
    number: bool


def shortening_faults(text: str, sentences: Sequence[str], title: str) -> list[str]:
    """What a draft lost that changes what the nearest of the sentences says; empty when it kept the sense."""
    said = set(content_stems(text))
    source = max(sentences, key=lambda s: len(said & set(content_stems(s))), default="")
    found = [f"{word!r} is of another sentence" for word in novel(text, f"{title} {source}")]
    here, there = _phrases(text), _phrases(source)
    held = {word.stem for phrase in here for word in phrase}
    found += [f"{phrase[-1].stem!r} is missing" for phrase in there if _headless(phrase, held)]
    if _IS_A.search(text) and not _IS_A.search(source):
        found.append("one thing is called another")
    return found + _moved_figures(here, there)


def _headless(phrase: list[_Word], held: set[str]) -> bool:
    """Whether words of a phrase are there without its last one, which says what they are words of."""
    kept = [word for word in phrase if word.stem in held and not word.named]
    return bool(kept) and phrase[-1].stem not in held


def _moved_figures(here: list[list[_Word]], there: list[list[_Word]]) -> list[str]:
    """Figures that do not stand between the same words as in the source."""
    allowed = [_neighbours(there, n, i) for n, part in enumerate(there) for i in _figures(part)]
    found = []
    for n, part in enumerate(here):
        for i in _figures(part):
            before, after = _before(here, n, i), _after(here, n, i)
            same = [(b, a) for figure, b, a in allowed if figure == part[i].stem]
            if not any(
                (before is None or before == b) and (after in a or (after is None and not _number_in(a)))
                for b, a in same
            ):
                found.append(f"{part[i].stem} stands elsewhere")
    return found


def _neighbours(phrases: list[list[_Word]], n: int, i: int) -> tuple[str, str | None, list[str]]:
    """A figure, the word before it, and those that may follow: the rest of its phrase, or the next word."""
    rest = [word.stem for word in phrases[n][i + 1 :]]
    after = _after(phrases, n, i)
    return phrases[n][i].stem, _before(phrases, n, i), rest or ([after] if after is not None else [])


def _before(phrases: list[list[_Word]], n: int, i: int) -> str | None:
    flat = [word for part in phrases[:n] for word in part] + phrases[n][:i]
    return flat[-1].stem if flat else None


def _after(phrases: list[list[_Word]], n: int, i: int) -> str | None:
    flat = phrases[n][i + 1 :] + [word for part in phrases[n + 1 :] for word in part]
    return flat[0].stem if flat else None


def _figures(phrase: list[_Word]) -> list[int]:
    return [i for i, word in enumerate(phrase) if word.number]


def _number_in(stems: list[str]) -> bool:
    return any(s[:1].isdigit() for s in stems)


def _phrases(text: str) -> list[list[_Word]]:
    """Words that stand side by side, with neither a small word nor a mark between them."""
    found: list[list[_Word]] = []
    end, open_ = 0, False
    for match in _WORD.finditer(text):
        word = match.group()
        apart = bool(_APART.search(text[end : match.start()]))
        end = match.end()
        if word.lower() in STOP:
            open_ = False
            continue
        if not open_ or apart:
            found.append([])
        found[-1].append(_Word(stem(word.lower()), _is_name(word), word[0].isdigit()))
        open_ = True
    return found


def _is_name(word: str) -> bool:
    return any(c.isupper() or c.isdigit() for c in word)
