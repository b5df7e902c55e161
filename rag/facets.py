"""What a topic demands besides its subject: what it leaves out, the kind of paper and the languages it wants.

"Signals other than the ECG" is near every paper on the ECG, and "reviews on language models" near
every paper on language models: neither words nor vectors tell these from what was asked for. A
demand that no paper at hand meets is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.cleaning import readable
from index.types import Hit, Paper
from rag.acronyms import spelled_out
from rag.compare.kinds import kind_of
from rag.terms import content_stems, names

_LEFT_OUT = re.compile(
    r",?\s*\b(?:other than|apart from|aside from|except(?:ing|(?: for)?)|excluding|with the exception of|"
    r"but not)\s+(?:(?:the|an?|those|of|in|on|for)\s+)*(?P<what>[^,;:?!()]+?)"
    r"(?=\s*(?:[,;:?!()]|\.(?:\s|$)|$|\b(?:e\.g\.|(?:such as|like|are|is|have|has|can|do|in|for|to|with|on|"
    r"were|was)\b)))",
    re.IGNORECASE,
)
_JOINED = re.compile(r"\s*(?:,|\band\b|\bor\b|\bnor\b)\s*(?:(?:the|an?)\s+)?", re.IGNORECASE)
_LONGEST = 4  # words of what is left out; more are a clause
_WANTS_REVIEWS = re.compile(
    r"^(?:(?:the|any|some|all|which|what|are|is|there|find|list|show|give|me|a|good|recent|latest|new|newest|"
    r"published|existing|literature|systematic|scoping|narrative|comprehensive|critical|up-to-date)\s+)*"
    r"(?:reviews?|surveys?|overviews?|meta-?analys[ei]s)"
    r"(?:\s+(?:and|or)\s+(?:reviews?|surveys?|overviews?|meta-?analys[ei]s))*(?:\s+(?:papers?|articles?))?\s+"
    r"(?:on|about|of|in|cover\w*|that|which|address\w*|deal\w*|exist|have|are|for|there)\b",
    re.IGNORECASE,
)
_REVIEW = re.compile(r"\b(?:review|survey|overview|meta-analysis|tutorial|perspective)\b", re.IGNORECASE)
_NOT_ENGLISH = re.compile(
    r"\b(?:(?:outside|beyond|besides|other than|apart from|except(?: for)?)(?: of)? english|non-?english|"
    r"(?:in|for|to|across) (?:many |several |more )?other languages)\b",
    re.IGNORECASE,
)
_LANGUAGES = re.compile(
    r"\b(?:multi-?lingual\w*|cross-?lingual\w*|bilingual\w*|code-(?:mixed|switch\w*)|low-resource languages?|"
    r"non-english|(?:\w+ )?languages (?:other than|besides) english|\d+ languages|"
    r"(?-i:Afrikaans|Albanian|Amharic|Arabic|Armenian|Assamese|Azerbaijani|Bahasa|Basque|Belarusian|Bengali|"
    r"Bosnian|Bulgarian|Burmese|Cantonese|Catalan|Chinese|Croatian|Czech|Danish|Dutch|Estonian|Farsi|Finnish|"
    r"French|Galician|Georgian|German|Greek|Gujarati|Hausa|Hebrew|Hindi|Hungarian|Icelandic|Igbo|Indic|"
    r"Indonesian|Inuktitut|Irish|Italian|Japanese|Javanese|Kannada|Kazakh|Khmer|Korean|Kurdish|Lao|Latin|Latvian|"
    r"Lithuanian|Macedonian|Malay|Malayalam|Maltese|Mandarin|Marathi|Mongolian|Nepali|Norwegian|Pashto|"
    r"Persian|Polish|Portuguese|Punjabi|Quechua|Romanian|Russian|Sanskrit|Serbian|Sinhala|Slovak|Slovene|"
    r"Slovenian|Somali|Spanish|Swahili|Swedish|Tagalog|Tamil|Telugu|Thai|Tibetan|Tigrinya|Turkish|Ukrainian|"
    r"Urdu|Uyghur|Uzbek|Vietnamese|Welsh|Wolof|Yoruba|Zulu))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Facets:
    """A topic's subject (`text`, without what it leaves out) and its demands."""

    text: str
    left_out: tuple[str, ...] = ()
    reviews: bool = False
    other_languages: bool = False

    @classmethod
    def of(cls, topic: str) -> Facets:
        """Read a topic or a question of survey type."""
        reviews = _WANTS_REVIEWS.match(topic) is not None
        if _NOT_ENGLISH.search(topic):
            return cls(topic, reviews=reviews, other_languages=True)
        left_out = _LEFT_OUT.search(topic)
        things = tuple(filter(None, _JOINED.split(left_out["what"]))) if left_out else ()
        if not left_out or any(len(t.split()) > _LONGEST for t in things):
            return cls(topic, reviews=reviews)
        text = f"{topic[: left_out.start()]}{topic[left_out.end() :]}"
        if not content_stems(text):
            return cls(topic, reviews=reviews)
        return cls(text, things, reviews)

    def against(self, paper: Paper) -> str:
        """Why a paper does not meet the demands; "" where it does."""
        title = readable(paper.title or "")
        for thing in self.left_out:
            if _titled(thing, title) and not any(_titled(name, title) for name in names(self.text)):
                return f"is on {thing}"
        if self.reviews and not ((kind := kind_of(paper)) and _REVIEW.search(kind.text)):
            return "is no review"
        if self.other_languages and not _LANGUAGES.search(f"{title} {readable(paper.abstract)}"):
            return "names no language but English"
        return ""

    def fitting(self, hits: Sequence[Hit]) -> list[Hit]:
        """The hits whose papers meet the demands; all, where none does."""
        if not (self.left_out or self.reviews or self.other_languages):
            return list(hits)
        return [hit for hit in hits if not self.against(hit.paper)] or list(hits)


def _titled(thing: str, title: str) -> bool:
    """Whether a title names a thing, in any inflection, as an acronym or spelled out."""
    wanted, held = content_stems(thing), content_stems(title)
    side_by_side = any(held[at : at + len(wanted)] == wanted for at in range(len(held)))
    return bool(wanted) and (side_by_side or spelled_out(thing.lower(), title.lower()))
