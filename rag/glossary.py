"""French and German questions in English words: by a small glossary, by compounds of its words, and by
cognates that the library holds ("Kardiologie", "cardiology"). Names, figures and unknown words stay as they
are. The words come in the order of the question, which is enough to find papers and to judge sentences.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from rag.question import foreign

_FOLDER = Path(__file__).parent / "languages"
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|qu|lorsqu|jusqu)[’'](?=\w)", re.IGNORECASE)
_SUBJECT = re.compile(r"(?:-t)?-(?:il|elle|on)s?\b", re.IGNORECASE)  # "demande-t-il"
_SHORTEST = 4  # letters of a compound's part, and of a cognate
_LONGEST_PHRASE = 4  # words
_LONGEST_WORD = 60  # letters of a compound; a longer one is no word


@dataclass(frozen=True, slots=True)
class Language:
    """How a language inflects and joins its words, and what its endings are in English."""

    file: str
    endings: tuple[str, ...]
    verb: str  # the ending of the form in which the glossary holds a verb, where others take its place
    links: tuple[str, ...]  # letters between the parts of a compound; none where words are not joined
    cognates: tuple[tuple[str, str], ...]  # endings, and what may stand for them in English


FRENCH = Language(
    "french.txt",
    ("", "s", "x", "e", "es", "nt", "r"),
    "",
    (),
    (
        (r"iques?$", "ic"), (r"iques?$", "ical"), (r"isations?$", "ization"), (r"ites?$", "itis"),
        (r"oses?$", "osis"), (r"tes?$", "ty"), (r"eurs?$", "or"), (r"eurs?$", "er"), (r"ies?$", "y"),
        (r"ies?$", "ia"), (r"aires?$", "ary"), (r"aires?$", "ar"), (r"(?:aux|al|ales?|el|elles?)$", "al"),
        (r"(?:if|ifs|ives?)$", "ive"), (r"eu(?:x|ses?)$", "ous"), (r"ements?$", "ement"), (r"ees?$", "ed"),
        (r"omes?$", "oma"), (r"es?$", ""), (r"s$", ""),
    ),
)  # fmt: skip
GERMAN = Language(
    "german.txt",
    ("", "e", "n", "s", "t", "en", "er", "es", "em", "et", "te", "ern", "ten", "tes", "ter", "innen"),
    "en",
    ("", "s", "es", "n", "en"),
    (
        (r"tionen$", "tions"), (r"itat(?:en)?$", "ity"), (r"isch(?:e[rnsm]?)?$", "ic"),
        (r"isch(?:e[rnsm]?)?$", "ical"), (r"ismus$", "ism"), (r"ien$", "ies"), (r"ie$", "y"), (r"ie$", "ia"),
        (r"isierung(?:en)?$", "ization"), (r"ierung(?:en)?$", "ation"), (r"ierung(?:en)?$", "ing"),
        (r"iert(?:e[rnsm]?)?$", "ated"), (r"iert(?:e[rnsm]?)?$", "ed"), (r"ell(?:e[rnsm]?)?$", "al"),
        (r"al(?:e[rnsm]?)$", "al"), (r"iv(?:e[rnsm]?)?$", "ive"), (r"ar(?:e[rnsm]?)?$", "ar"),
        (r"ose$", "osis"), (r"om(?:e|en)?$", "oma"), (r"(?:en|er|es|em|e|n|s)$", ""),
    ),
)  # fmt: skip
_SPELT = (("k", "c"), ("z", "c"), ("f", "ph"), ("ae", "e"))  # sounds that the two languages spell apart


class Glossary:
    """Puts questions into English words.

    :param frequency: in how many chunks of the library a word stands; chooses between cognates.
    """

    def __init__(self, frequency: Callable[[str], int]) -> None:
        self._frequency = frequency

    def english(self, question: str) -> str:
        """The question in English words, where it is French or German; else as it is."""
        if not foreign(question):
            return question
        tongue = max(
            (FRENCH, GERMAN), key=lambda one: sum(_lookup(w, one) is not None for w in _plain(question))
        )
        if tongue is FRENCH:
            question = _SUBJECT.sub("", _ELIDED.sub(lambda m: f"{m.group()[:-1]} ", question))
        return " ".join("".join(self._pieces(question, tongue)).split())

    def _pieces(self, question: str, tongue: Language) -> Iterator[str]:
        """The question's words in English, and what stands between them."""
        found = list(_WORD.finditer(question))
        at, place = 0, 0
        while at < len(found):
            yield question[place : found[at].start()]
            count, english = self._phrase(question, found[at : at + _LONGEST_PHRASE], tongue)
            yield english
            place, at = found[at + count - 1].end(), at + count
        yield question[place:]

    def _phrase(self, question: str, found: Sequence[re.Match[str]], tongue: Language) -> tuple[int, str]:
        """How many of the words are one phrase of the glossary, from one, and the phrase in English."""
        for count in range(len(found), 1, -1):
            between = (question[a.end() : b.start()] for a, b in zip(found, found[1:count], strict=False))
            joined = "_".join(_normal(m.group()) for m in found[:count])
            english = _entries(tongue.file).get(joined)
            if english is not None and not any(gap.strip() for gap in between):
                return count, english
        return 1, self._word(found[0].group(), tongue)

    def _word(self, word: str, tongue: Language) -> str:
        if _is_name(word):
            return self._joined_name(word, tongue)
        known = _lookup(word, tongue)
        if known is not None:
            return known
        if "-" in word:
            return " ".join(self._word(part, tongue) for part in word.split("-"))
        if self._frequency(word):
            return word
        return self._compound(_normal(word), tongue) or self._cognate(word, tongue)

    def _joined_name(self, word: str, tongue: Language) -> str:
        """A name as it is, or an acronym of the language in English ("IRM"); of names joined with words
        ("GPU-Stunden") those parts in English that the library does not hold as they are.
        """
        whole = _inflected(_normal(word), tongue) if "-" in word else _entries(tongue.file).get(_normal(word))
        if whole is not None:
            return whole
        parts = word.split("-") if tongue.links else [word]
        english = [self._named_part(part, tongue) for part in parts]
        return word if english == parts else " ".join(english)

    def _named_part(self, part: str, tongue: Language) -> str:
        if not part or _is_name(part):
            return _entries(tongue.file).get(_normal(part), part)
        return part if self._frequency(part) else self._word(part, tongue)

    def _compound(self, word: str, tongue: Language) -> str | None:
        """A joined word as its parts, the last of them in the glossary; None where it is none."""
        if not tongue.links or len(word) > _LONGEST_WORD:
            return None
        for at in range(len(word) - _SHORTEST + 1, _SHORTEST - 2, -1):
            heads = (word[:at].removesuffix(link) for link in tongue.links if word[:at].endswith(link))
            begins = next(filter(None, (self._part(head, tongue) for head in heads)), None)
            if begins is None:  # looked for first: taking the rest apart is the costly part
                continue
            tail = word[at:]
            ends = _lookup(tail, tongue)
            if ends is None and len(tail) >= 2 * _SHORTEST:
                ends = self._compound(tail, tongue)
            if ends:
                return f"{begins} {ends}"
        return None

    def _part(self, word: str, tongue: Language) -> str | None:
        """A first part in English; None where neither the glossary nor the library knows it."""
        if len(word) < _SHORTEST - 1:
            return None
        known = _entries(tongue.file).get(word)
        return known or (word if len(word) >= _SHORTEST and self._frequency(word) else None)

    def _cognate(self, word: str, tongue: Language) -> str:
        """The first word of the library that the word may be in English; the word itself where none is."""
        if len(word) < _SHORTEST:
            return word
        candidates = [c for c in _cognates(_normal(word), tongue) if self._frequency(c)]
        return max(candidates, key=self._frequency, default=word)


def _cognates(word: str, tongue: Language) -> Iterator[str]:
    """What a word may be in English, by its endings and its spelling."""
    forms = [word, *(re.sub(end, english, word) for end, english in tongue.cognates if re.search(end, word))]
    for form in dict.fromkeys(forms):
        yield form
        spelt = form
        for sound, english in _SPELT:
            if sound in form:
                yield form.replace(sound, english)
                spelt = spelt.replace(sound, english)
        yield spelt


def _lookup(word: str, tongue: Language) -> str | None:
    """The English of a word in any inflection; None where the glossary does not hold it."""
    normal = _normal(word)
    found = _inflected(normal, tongue)
    if found is None and tongue is GERMAN and normal.startswith("ge") and normal.endswith(("t", "te", "ten")):
        return _inflected(normal.removeprefix("ge"), tongue)
    return found


def _inflected(word: str, tongue: Language) -> str | None:
    entries = _entries(tongue.file)
    if word in entries:
        return entries[word]
    for ending in tongue.endings:
        base = word.removesuffix(ending)
        if ending and word.endswith(ending) and len(base) >= _SHORTEST - 1:
            for form in (base, base + tongue.verb):
                if form in entries:
                    return entries[form]
    return None


def _plain(question: str) -> list[str]:
    return [m.group() for m in _WORD.finditer(_ELIDED.sub("", question)) if not _is_name(m.group())]


def _is_name(word: str) -> bool:
    """Whether a word has a capital or a figure inside, as only names have."""
    return any(c.isupper() or c.isdigit() for c in word[1:]) or word[0].isdigit()


def _normal(word: str) -> str:
    """Lower case, no accents, no dots, "ss" and "oe" spelt out."""
    plain = unicodedata.normalize("NFKD", word.lower().replace("ß", "ss").replace("œ", "oe"))
    return "".join(c for c in plain if not unicodedata.combining(c)).replace("’", "'")


@lru_cache(maxsize=2)
def _entries(file: str) -> Mapping[str, str]:
    """English by foreign word or phrase, its words joined by "_"."""
    entries: dict[str, str] = {}
    for line in (_FOLDER / file).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            english, _, forms = line.partition(":")
            for form in forms.split():
                entries.setdefault(form, english.strip())
    return entries
