"""What is being asked: the kind of question, and a follow-up made to stand alone.

Rules over wording only; what retrieval returns may overrule the kind later. Kinds shape the
answer: a fact is one sentence from one paper, a survey a statement from each relevant paper.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum

from index.errors import UsageError
from rag.terms import STOP, content_stems, names, words

LONGEST = 2000  # characters of a question; longer ones are refused before any work is done


class Kind(StrEnum):
    """The shape an answer takes."""

    FACT = "fact"
    SURVEY = "survey"
    COMPARE = "compare"
    ITEM = "item"


_COMPARE = re.compile(
    r"\b(?:differ(?:s|ences?|ent)?|compare(?!d (?:to|with))[ds]?|comparing|comparisons?|contrast|versus|vs\.?"
    r"|unterschied\w*|unterscheide\w*|diff[ée]ren\w*|compar(?:er|ez|aison)|vergleich\w*)\b"
    r"|^(?:is|are|was|were|does|do|did|which)\b.*\b(?:better|worse|faster|slower|larger|smaller|"
    r"cheaper) than\b",
    re.I,
)
_ITEM = re.compile(
    r"^(?:which|what|welche|quel|quelle) (?:paper|article|study|arbeit|étude)\b|"
    r"(?:^|\b)(?:(?:a|the|that|which) (?:paper|article|study|one)\b.{0,40}?\b(?:on|about|that|where|with|"
    r"who|in which)\b|"
    r"something (?:where|about|on)|what was it called|what is it called|name of the (?:paper|study|dataset)|"
    r"paper (?:on|about|that|where))",
    re.I,
)
_FACT = re.compile(
    r"^(?:(?:and|but|so|also|then)\b,? ?)?(?:(?:on|in|by|at|to|of|with|from|for|under|into|over|against|"
    r"after) )?"
    r"(?:how (?:m[any]{3}|m[uch]{3}|long|large|big|fast|old|often|far|high|accurate\b)|what (?:is|was|are|"
    r"were)? ?(?:the )?"
    r"(?:accuracy|auroc|auc|dice|f1|score|size|number|rank|percentage|rate|licen[cs]e|name)|"
    r"which (?:licen[cs]e|rank|year|date|kappa|score)|"
    r"when |who |where |why |quel(?:le)?s? |combien|wie ?viele?|welche[rsn]?|auf welche[rn]?|warum)",
    re.I,
)
_COUNT = re.compile(
    r"\b(?:how (?:m[any]{3}|m[uch]{3}|long|large|fast|old)|by how much|wie ?viele?|combien)\b", re.I
)
_MEASURES = (
    r"(?:(?:micro|macro|mean) f1|auroc|auc|dice|f1|accuracy|precision|recall|sensitivity|specificity|"
    r"kappa|bleu|iou|map|psnr|ssim|"
    r"rouge(?:-\w+)?|rmse|mae|fid|hits@\d+|hausdorff|c-index|errors?|correlation|rate|score|percentage|"
    r"(?<!ejection )fraction|share|proportion|"
    r"gain|agreement|reliability|frequency|p-value|rank|licen[cs]e|hardware|parameters?|how (?:m[any]{3}|"
    r"m[uch]{3}|long|large|fast))"
)
_MEASURE = re.compile(rf"\b{_MEASURES}\b", re.I)
_ASKS_MEASURE = re.compile(
    rf"^(?:\w+ )?(?:what|which)(?: [\w'-]+){{0,5}}? {_MEASURES}\b|^{_MEASURES}\b", re.I
)
_ASKS_BEST = re.compile(
    r"^(?:and )?which (?!.*\band which\b).{3,60}? (?:best|first|highest|lowest|worst|widest|largest|won|"
    r"wrote)\b",
    re.I,
)
_ASKS_WAY = re.compile(r"^(?:how (?:can|could|do|does|is|are|to|should)|what (?:can|evidence|helps))\b", re.I)
_PLURAL = re.compile(
    r"\b(?:methods|models|approaches|datasets|papers|techniques|ways|systems|frameworks|benchmarks|tools|"
    r"reviews|"
    r"surveys|studies|works|architectures|strategies|people|applications|what has been|who has|"
    r"m[ée]thodes|mod[èe]les|approches|travaux|[ée]tudes|jeux de données|methoden|modelle|verfahren|"
    r"ansätze|arbeiten|"
    r"studien|datensätze)\b",
    re.I,
)
_LEANING = re.compile(
    r"^(?:and|but|so|what about|how about|then|also|et|mais|und|aber)\b|\b(?:this|these|those|he|she|"
    r"that(?= (?:one|paper|study|method|model|dataset|approach|result|work|system|network|trial)s?\b|\W*$)|"
    r"the (?:same|former|latter|first|second)|"
    r"the (?:model|method|authors?|paper|dataset|corpus)(?! (?:on|about|of|that|where|with|for|by|"
    r"in which)\b))\b",
    re.I,
)
_PRONOUN = re.compile(r"\b(?:its?|they|them|their)\b", re.I)


def check_question(question: str) -> str:
    """The question trimmed; empty or over-long ones are refused with a reason."""
    text = " ".join(question.split())
    if not text:
        raise UsageError(
            'the question is empty; ask something, for example: ibid ask "What is known about …?"'
        )
    if len(text) > LONGEST:
        raise UsageError(
            f"the question has {len(text):,} characters, more than {LONGEST:,}; "
            "shorten it to what you want to know"
        )
    return text


def kind_of(question: str) -> Kind:
    """The kind of a standalone question, from its wording."""
    named = _named(question)
    measured = bool(_ASKS_MEASURE.search(question))
    if len(named) >= 2 and not measured:
        if _COMPARE.search(question) or re.search(r"\b(?:both|each|two|three)\b", question, re.I):
            return Kind.COMPARE
    if _ITEM.search(question):
        return Kind.ITEM
    if _WHETHER.search(question) and not _COUNT.search(question):  # wants no figure, whatever it names
        return Kind.SURVEY
    plural = bool(_PLURAL.search(question))
    if _COUNT.search(question) or (_FACT.search(question) and (named or not plural)):
        return Kind.FACT
    if plural:
        return Kind.SURVEY
    one = bool(named) or bool(re.search(r" (?:did|does|was) the ", question))
    if one and (measured or _ASKS_BEST.search(question)):
        return Kind.FACT
    brief = "?" not in question and len(words(question)) <= 9
    if _MEASURE.search(question) and (named or brief) and not _ASKS_WAY.search(question):
        return Kind.FACT
    return Kind.SURVEY


def standalone(question: str, turns: Sequence[str]) -> str:
    """A follow-up joined with what earlier turns were about; a question that stands alone is kept.

    Without a language model the earlier subject is appended, names first: retrieval needs the
    words, not a polished sentence.
    """
    if not turns or not leans(question):
        return question
    earlier = turns[-1] if not leans(turns[-1]) else " ".join(turns[-2:])
    missing = [w for w in _subject(earlier) if w.lower() not in question.lower()]
    return f"{question} ({' '.join(missing)})" if missing else question


_ASKING = r"(?:does|do|did|is|are|was|were|can|could|has|have|had|will|would|should|must|may)"
_THERE = (  # what may be there or not; of other things ("Are there datasets of …?") a list is wanted
    r"there (?:(?:still|really|any|no) )?(?:[\w-]+ ){0,2}?(?:differences?|associations?|relation\w*|links?|"
    r"correlations?|effects?|advantages?|benefits?|changes?|evidence (?:that|for))\b"
)
_LISTED = (
    r"(?:papers?|stud(?:y|ies)|works?|data|\w*sets?|models?|methods?|benchmarks?|tools?|systems?|reviews?|"
    r"ways?)"
)
_AUXILIARY = (
    rf"(?:{_ASKING} (?:{_THERE}|(?!(?:there|you|i|we|any(?:body|one))\b))|"
    rf"(?:is|was) there (?!.{{0,40}}\b{_LISTED}\b)|"
    r"(?:are|can|do|must|should|will) we (?!(?:know|find|have (?!to))\b))"
)
_WHETHER = re.compile(rf"(?:^(?:and |but |so )?|[:.?] *|--? ?){_AUXILIARY}[^?]*\?*\W*$", re.IGNORECASE)
_TITLE = re.compile(
    r"^(?!.*\b(?:what|which|who|how|why|when|where)\b).{3,}(?::|--) *[^:?]+\?$", re.IGNORECASE
)


def asks_whether(question: str) -> bool:
    """Whether a question is one of yes or no: "Does a longer answer mean a better one?", also behind its
    subject, as titles ask: "Long answers: are they better?", "Long answers: a better way?".
    """
    return bool(_WHETHER.search(question) or _TITLE.search(question))


def parts(question: str) -> list[str]:
    """The questions joined in one ("how many …, and under what licence …"); none when it asks one thing."""
    asking = (
        r"(?:how|what|which|when|where|who|under what|on which|in which|by how much|from how many"
        r"|combien|de combien|wie)"
    )
    pieces = re.split(rf"(?:,? (?:and|et|und)|[;,]) (?={asking}\b)", question.strip(" ?"), flags=re.I)
    if len(pieces) < 2:
        pieces = re.split(r"(?<=\w),? (?:and|et|und) (?=\w)", question.strip(" ?"))
        if len(pieces) != 2 or not _COUNT.search(pieces[0]) and ":" not in pieces[0]:
            return []
    return [piece.strip() for piece in pieces if len(piece.split()) > 1]


def foreign(question: str) -> bool:
    """Whether a question is French or German by its small words: the bundled embedder is English."""
    told = set(words(question))
    small, english = len(told & _FOREIGN), len(told & _ENGLISH)
    if told & _FOREIGN_ASKING or small >= 2 and small > english:
        return True
    return bool(small) and not english and any(set(word) & _ACCENTED for word in told)


_FOREIGN = frozenset(
    """le la les des du une un et est dans pour
    avec sur que qui quoi quel quelle quels quelles combien comment pourquoi c'est
    par der die das den dem ein eine einer und ist sind
    wie viele welche welcher welches auf im von zu mit werden beruht
    extrahiert warum für bei aus en au aux dans chez sans ou leur wurde wurden damit oder
    nicht gibt kann können durch beim zum zur""".split()
)
_ACCENTED = frozenset("àâçèéêëîïôùûœäöüß")
_FOREIGN_ASKING = frozenset(
    """quel quelle quels quelles combien pourquoi welche
    welcher welches welchen welchem wieviele warum worin womit
    wodurch wofür wozu""".split()
)
_ENGLISH = frozenset(
    "the of and is are in for with on that which how what why by to does do was were a an".split()
)


def leans(question: str) -> bool:
    """Whether a question refers back: it opens with "and", uses a pronoun, or has next to no subject.

    A pronoun that follows a name or three words of substance refers to them; a name alone is a subject.
    """
    if _LEANING.search(question):
        return True
    pronoun = _PRONOUN.search(question)
    if pronoun is not None:
        before = question[: pronoun.start()]
        return len(content_stems(before)) < 3 and not _named(before) - _located(before)
    return not _named(question) and len(set(content_stems(question))) <= 1


def _named(question: str) -> set[str]:
    """The names in a question, lower-cased; in French and German only those no plain noun could be."""
    named = names(question[:1].lower() + question[1:])
    if not foreign(question):
        return named
    return {n for n in named if _has_inner_capital(n, question)}


def _has_inner_capital(name: str, text: str) -> bool:
    at = text.lower().find(name)
    return any(c.isupper() or c.isdigit() for c in text[at + 1 : at + len(name)])


def _located(question: str) -> set[str]:
    """Names that only say where: "… on Harbor-5"."""
    return {
        n
        for n in _named(question)
        if re.search(rf"\b(?:on|for|in|at) (?:the )?{re.escape(n)}", question, re.I)
    }


def _subject(question: str) -> list[str]:
    """The words of a question that say what it is about, in order."""
    named = _named(question)
    tokens = [t.strip(".,;:?!()\"'") for t in question.split()]
    asking = re.compile(
        r"^(?:what|which|how|why|when|where|who|is|are|there|does|do|did|reach|many|much)$", re.I
    )
    strong = [t for t in tokens if t.lower() in named or t.lower().removesuffix("'s") in named]
    if strong:
        return strong
    return [t for t in tokens if t and t.lower() not in STOP and not asking.match(t)]
