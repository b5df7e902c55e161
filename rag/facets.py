"""What a topic demands besides its subject: what it leaves out, the kind of paper and the languages it wants.

"Signals other than the ECG" is near every paper on the ECG, and "reviews on language models" near
every paper on language models: neither words nor vectors tell these from what was asked for. A
demand that no paper at hand meets is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from index.cleaning import readable
from index.sentences import split_sentences
from index.types import Paper
from rag.acronyms import spelled_out
from rag.compare import study_cues
from rag.compare.kinds import kind_of
from rag.terms import content_stems, in_a_row, names

# Words that end what is left out; "in-context" does not.
_STOP = (
    r"(?:and|or|nor|but|e\.g\.|i\.e\.|such|like|including|are|is|have|has|can|do|does|in|for|to|with|on|"
    r"were|was|by|"
    r"from|at|that|which|who|as|when|if)(?![\w-])"
)
# A thing ends with a name, or with a plural: "other than KelpNet map reefs", "other than nets map reefs".
_NAME = r"[\w.-]*(?-i:[A-Z][\w.-]*[A-Z\d]|[A-Z]{2}|\d)[\w.+-]*"
_PLURAL = r"[\w’'-]{2,}(?<![isu])s"
_WORD = rf"(?!{_STOP})[\w./+'’-]*[\w+]"
_THING = (
    rf"(?:{_NAME}(?:\s+\d+)?(?![\w-])|(?:{_WORD}\s+){{0,3}}?(?:{_PLURAL})(?![\w-])|"
    rf"{_WORD}(?:\s+{_WORD}){{0,3}})"
)
_LEFT_OUT = re.compile(
    r",?\s*\b(?:other than|apart from|aside from|except(?:ing|(?: for)?)|excluding|"
    r"with the exception of)\s+"
    r"(?:(?:those|that)\s+)?(?:(?:of|in|on|for)\s+)?(?:the\s+|an?\s+)?"
    r"(?!(?:based|using|trained|built|made|that|those|what|how)\b)"
    rf"(?P<what>{_THING}(?:(?:,\s*(?:the\s+)?{_THING})*,?\s+(?:and|or)\s+(?:the\s+)?{_THING})?)",
    re.IGNORECASE,
)
_SPLIT = re.compile(r",\s*(?:(?:and|or)\s+)?(?:the\s+)?|\s+(?:and|or)\s+(?:the\s+)?", re.IGNORECASE)
_EXAMPLES = re.compile(
    r"(?:\be\.g\.|\bsuch as\b|\blike\b|\bincluding\b)(?P<named>.*)", re.IGNORECASE | re.DOTALL
)
_BEFORE_MARK = re.compile(r"\s+(?=[,;:?!.])")
_REVIEWS = r"(?:reviews|surveys|overviews|meta-?analyses|(?:review|survey|overview) (?:papers|articles))"
_OF_PEOPLE = (
    r"(?:of|among|with|in) (?:the |all |our )?(?:[\w-]+ )?(?:patients|people|persons|users|customers|"
    r"products|"
    r"movies|films|books|restaurants|students|physicians|doctors|clinicians|nurses|teachers|residents|"
    r"women|men|children|"
    r"adults|parents|experts|researchers|authors|households|records|charts)\b"
)
_WANTS_REVIEWS = re.compile(
    r"^(?:(?:the|any|some|all|which|what|are|is|there|find|list|show|give|me|good|recent|latest|new|newest|"
    r"published|existing|literature|systematic|scoping|narrative|comprehensive|critical|up-to-date)\s+)*"
    rf"{_REVIEWS}(?:\s+(?:and|or)\s+(?:\w+\s+)?{_REVIEWS})*\s+(?!{_OF_PEOPLE})"
    r"(?:on|about|of|in|cover\w*|that|which|address\w*|deal\w*|exist|have|are|for|there)\b",
    re.IGNORECASE,
)
_REVIEW = r"\b(?:reviews?|surveys?|overview|meta-?analys[ei]s|tutorial|perspective)\b"
_TITLED_REVIEW = re.compile(
    rf"(?:^|[:.?!–—-]\s*)(?:\w+\s+){{0,3}}?{_REVIEW}|{_REVIEW}\s*$|{_REVIEW} (?:of|on|for|and)\b",
    re.IGNORECASE,
)
_SAYS_REVIEW = re.compile(
    r"review|survey|overview|meta-?analys|tutorial|perspective|position paper", re.IGNORECASE
)
# A survey that asks people, a review that reads charts: studies, not reviews of papers.
_NO_REVIEW = re.compile(
    r"\b(?:retrospective|prospective|cross-sectional|questionnaire|population|nationwide|national|"
    r"postal|telephone|"
    r"online|web-based|chart|records?)[\w-]*\b.{0,20}\b(?:review|survey)|retrospectively|prospectively",
    re.IGNORECASE,
)
_NOT_ENGLISH = re.compile(
    r"\b(?:(?:outside|beyond|besides|other than|apart from|except(?: for)?)(?: of)? english|non-?english)"
    r"(?!\s+(?!and\b|or\b|in\b|for\b|to\b|on\b|of\b|text\w*\b|data\b|speak\w*\b|languages?\b|clinical\b|"
    r"medical\b)\w)|\b(?:in|for|to|across) (?:many |several |more )?other languages\b(?! than (?!english))",
    re.IGNORECASE,
)
_PROGRAMS = re.compile(r"\b(?:code|coding|program\w*|python|java|rust|sql|compilers?)\b", re.IGNORECASE)
_LANGUAGES = re.compile(
    r"\b(?:multi-?lingual\w*|cross-?lingual\w*|bilingual\w*|code-(?:mixed|switch\w*)|non-english|"
    r"\d+\+? languages|(?!programming|natural|query|spoken|formal|human|target|source|english|markup|these|"
    r"the|of|and|large|vision|between|body|sign)[\w-]+ languages|"
    r"(?-i:Afrikaans|Albanian|Amharic|Arabic|Armenian|Assamese|Azerbaijani|Bahasa|Basque|Belarusian|"
    r"Bengali|"
    r"Bosnian|Bulgarian|Burmese|Cantonese|Catalan|Chinese(?! hamster)|Croatian|Czech|Danish|Dutch|Estonian|"
    r"Farsi|Filipino|Finnish|French|Galician|Georgian|German(?! shepherd)|Greek|Gujarati|Hausa|Hebrew|"
    r"Hindi|Hungarian|Icelandic|"
    r"Igbo|Indic|Indonesian|Inuktitut|Irish|Italian|Japanese|Javanese|Kannada|Kazakh|Khmer|Korean|"
    r"Kurdish|Lao|Latvian|"
    r"Lithuanian|Macedonian|Malay|Malayalam|Maltese|Mandarin|Marathi|Mongolian|Nepali|Norwegian|Pashto|"
    r"Persian|Polish|Portuguese|Punjabi|Quechua|Romanian|Russian|Sanskrit|Serbian|Sinhala|Slovak|Slovene|"
    r"Slovenian|Somali|Spanish|Swahili|Swedish|Tagalog|Tamil|Telugu|Thai|Tibetan|Tigrinya|Turkish|"
    r"Ukrainian|"
    r"Urdu|Uyghur|Uzbek|Vietnamese|Welsh|Wolof|Xhosa|Yoruba|Zulu))\b",
    re.IGNORECASE,
)


class _Held(Protocol):
    """What holds a paper: a hit, a candidate."""

    @property
    def paper(self) -> Paper: ...


_C = TypeVar("_C", bound=_Held)


@dataclass(frozen=True, slots=True)
class Facets:
    """A topic's subject (`text`, without what it leaves out) and its demands.

    `wanted` are names that it gives as examples of what it wants: a title may hold one beside what is
    left out.
    """

    text: str
    left_out: tuple[str, ...] = ()
    wanted: frozenset[str] = frozenset()
    reviews: bool = False
    other_languages: bool = False

    @classmethod
    def of(cls, topic: str) -> Facets:
        """Read a topic or a question of survey type."""
        reviews = _WANTS_REVIEWS.match(topic) is not None
        if _NOT_ENGLISH.search(topic) and not _PROGRAMS.search(topic):
            return cls(topic, reviews=reviews, other_languages=True)
        found = _LEFT_OUT.search(topic)
        if found is None:
            return cls(topic, reviews=reviews)
        text = f"{topic[: found.start()]} {topic[found.end() :]}"
        text = " ".join(_BEFORE_MARK.sub("", text).lstrip(" ,;:").split())
        if not content_stems(text):
            return cls(topic, reviews=reviews)
        examples = _EXAMPLES.search(text)
        wanted = frozenset(names(examples["named"])) if examples else frozenset()
        return cls(text, tuple(_SPLIT.split(found["what"])), wanted, reviews)

    def against(self, paper: Paper) -> str:
        """Why a paper does not meet the demands; "" where it does."""
        title = readable(paper.title or "") or _first_sentence(paper)
        for thing in self.left_out:
            if _speaks_of(thing, title) and not any(_speaks_of(name, title) for name in self.wanted):
                return f"is on {thing}"
        if self.reviews and not _is_review(paper, title):
            return "is no review"
        if self.other_languages and not _LANGUAGES.search(f"{title} {readable(paper.abstract)}"):
            return "names no language but English"
        return ""

    def fitting(self, found: Sequence[_C]) -> list[_C]:
        """Those whose papers meet the demands; all, where there are none or none meets them."""
        if not (self.left_out or self.reviews or self.other_languages):
            return list(found)
        return [one for one in found if not self.against(one.paper)] or list(found)


def _first_sentence(paper: Paper) -> str:
    first = next(iter(split_sentences(paper.abstract)), (0, 0))
    return readable(paper.abstract[first[0] : first[1]])


def _is_review(paper: Paper, title: str) -> bool:
    """Whether a paper says that it reviews others, in its title or by the word it has for itself."""
    if _NO_REVIEW.search(title):
        return False
    if _TITLED_REVIEW.search(title):
        return True
    kind = kind_of(paper)
    if kind is None or not _SAYS_REVIEW.search(kind.text) or _NO_REVIEW.search(kind.text):
        return False
    return not study_cues.WHO.search(readable(kind.quote)) or "review" in kind.text


def _speaks_of(thing: str, title: str) -> bool:
    """Whether a title names a thing, in any inflection, as an acronym or spelled out."""
    wanted = content_stems(thing)
    return bool(wanted) and (
        in_a_row(wanted, content_stems(title)) or spelled_out(thing.lower(), title.lower())
    )
