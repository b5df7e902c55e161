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
    r"\b(?:differ(?:s|ences?|ent)?|compare[ds]?(?! (?:to|with))|comparing|comparisons?|contrast|versus|vs\.?"
    r"|unterschied\w*|diff[ée]ren\w*)\b",
    re.I,
)
_ITEM = re.compile(
    r"(?:^|\b)(?:(?:a|the|that|which) (?:paper|article|study|one)\b.{0,40}?\b(?:on|about|that|where|with|who|in which)\b|"
    r"something (?:where|about|on)|what was it called|what is it called|name of the (?:paper|study|dataset)|"
    r"paper (?:on|about|that|where))",
    re.I,
)
_FACT = re.compile(
    r"^(?:(?:and|but|so|also|then)\b,? ?)?(?:(?:on|in|by|at|to|of|with|from|for|under|into|over|against|after) )?"
    r"(?:how (?:many|much|long|large|big|fast|old|often|far|high|accurate)|what (?:is|was|are|were)? ?(?:the )?"
    r"(?:accuracy|auroc|auc|dice|f1|score|size|number|rank|percentage|rate|licen[cs]e|name)|which (?:licen[cs]e|rank|year|date|kappa|score)|"
    r"when |who |where |why |quel(?:le)?s? |combien|wie ?viele?|welche[rsn]?|auf welche[rn]?|warum)",
    re.I,
)
_COUNT = re.compile(r"\b(?:how (?:many|much|long|large|fast|old)|by how much|wie ?viele?|combien)\b", re.I)
_MEASURE = re.compile(
    r"\b(?:(?:micro|macro|mean) f1|auroc|auc|dice|f1|accuracy|precision|recall|sensitivity|specificity|kappa|bleu|rouge|iou|map|psnr|ssim|"
    r"c-index|rate|score|percentage|p-value|rank|licen[cs]e|parameters?|how (?:many|much|long|large|fast))\b",
    re.I,
)
_PLURAL = re.compile(
    r"\b(?:methods|models|approaches|datasets|papers|techniques|ways|systems|frameworks|benchmarks|tools|reviews|"
    r"surveys|studies|works|architectures|strategies|people|applications|what has been|who has)\b",
    re.I,
)
_LEANING = re.compile(
    r"^(?:and|but|so|what about|how about|then|also)\b|\b(?:it|its|they|them|their|this|that|these|those|he|she|"
    r"the (?:same|former|latter|first|second|model|method|authors?|paper|dataset|corpus))\b",
    re.I,
)


def check_question(question: str) -> str:
    """The question trimmed; empty or over-long ones are refused with a reason."""
    text = " ".join(question.split())
    if not text:
        raise UsageError(
            'the question is empty; ask something, for example: ibid ask "What is known about …?"'
        )
    if len(text) > LONGEST:
        raise UsageError(
            f"the question has {len(text):,} characters, more than {LONGEST:,}; shorten it to what you want to know"
        )
    return text


def kind_of(question: str) -> Kind:
    """The kind of a standalone question, from its wording."""
    named = names(question[:1].lower() + question[1:])
    several = len(named) >= 2
    if several and re.search(r"\b(?:both|each|two|three)\b", question, re.I):
        return Kind.COMPARE
    if several and _COMPARE.search(question) and not _MEASURE.match(question):
        return Kind.COMPARE
    if _ITEM.search(question):
        return Kind.ITEM
    plural = bool(_PLURAL.search(question))
    if _COUNT.search(question) or (_FACT.search(question) and (named or not plural)):
        return Kind.FACT
    if (
        _MEASURE.search(question)
        and not plural
        and (named or ("?" not in question and len(words(question)) <= 9))
    ):
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


def parts(question: str) -> list[str]:
    """The questions joined in one ("how many …, and under what licence …"); none when it asks one thing."""
    asking = r"(?:how|what|which|when|where|who|under what|on which|in which|by how much|from how many|combien|de combien|wie)"
    pieces = re.split(rf"(?:,? (?:and|et|und)|[;,]) (?={asking}\b)", question.strip(" ?"), flags=re.I)
    if len(pieces) < 2:
        pieces = re.split(r"(?<=\w),? (?:and|et|und) (?=\w)", question.strip(" ?"))
        if len(pieces) != 2 or not _COUNT.search(pieces[0]) and ":" not in pieces[0]:
            return []
    return [piece.strip() for piece in pieces if len(piece.split()) > 1]


def foreign(question: str) -> bool:
    """Whether a question is French or German by its small words: the bundled embedder is English."""
    told = set(words(question))
    return len(told & _FOREIGN) >= 2 and len(told & _FOREIGN) > len(told & _ENGLISH)


_FOREIGN = frozenset(
    """le la les des du une un et est dans pour avec sur que qui quel quelle quels quelles combien comment pourquoi par
    der die das den dem ein eine einer und ist sind wie viele welche welcher welches auf im von zu mit werden beruht
    extrahiert warum für bei aus""".split()
)
_ENGLISH = frozenset(
    "the of and is are in for with on that which how what why by to does do was were a an".split()
)


def leans(question: str) -> bool:
    """Whether a question refers back: it opens with "and", uses a pronoun, or has next to no subject."""
    return bool(_LEANING.search(question)) or len(set(content_stems(question))) <= 2


def _subject(question: str) -> list[str]:
    """The words of a question that say what it is about, in order."""
    named = names(question[:1].lower() + question[1:])
    tokens = [t.strip(".,;:?!()\"'") for t in question.split()]
    asking = re.compile(
        r"^(?:what|which|how|why|when|where|who|is|are|there|does|do|did|reach|many|much)$", re.I
    )
    strong = [t for t in tokens if t.lower() in named or t.lower().removesuffix("'s") in named]
    if strong:
        return strong
    return [t for t in tokens if t and t.lower() not in STOP and not asking.match(t)]
