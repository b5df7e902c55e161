"""A sentence that asserts several things, taken apart into claims that can each be looked up.

Rules over wording: clauses joined by a semicolon, by ", and", ", but", "while" or "whereas", and a
second predicate of the same subject ("X raises A and lowers B"). A part must be able to stand
alone; where that is in doubt the sentence stays whole.
"""

from __future__ import annotations

import re

from rag.comparison import is_direction
from rag.terms import STOP, stem

MOST = 4  # claims of one sentence
_FEWEST = 4  # words of a part
_JOINT = re.compile(
    r"\s*;\s+(?:and |but |however, )?|,\s+(?:and|but|while|whereas|yet)\s+(?:that\s+)?|\s+(?:but|whereas)\s+",
    re.IGNORECASE,
)
_AND = re.compile(r",?\s+(?:and|but)(?:\s+(?:also|thereby|thus|still))?\s+", re.IGNORECASE)
_AUXILIARY = re.compile(
    r"(?:is|are|was|were|has|have|had|does|do|did|can|could|cannot|may|might|will|would|should|must)\b",
    re.IGNORECASE,
)
_VERBS = frozenset(
    map(
        stem,
        "affects causes contains depends differs explains fails finds gives helps holds keeps leads makes "
        "predicts prevents produces promotes inhibits protects reaches remains requires shows takes uses "
        "enables allows yields achieves correlates occurs binds activates regulates induces plays grows "
        "lengthens shortens strengthens weakens widens needs works hears "
        "falls drops rises gains trails beats works fails saves".split(),
    )
)
_PRONOUN = re.compile(r"(?:it|they|this|these|he|she)\b", re.IGNORECASE)


def split_claim(sentence: str) -> list[str]:
    """The claims of a sentence, one to four; a claim that cannot be parted comes back as it is."""
    text = sentence.strip().rstrip(".")
    parts: list[str] = []
    for clause in _clauses(text):
        parts += _predicates(clause)
    if len(parts) < 2 or len(parts) > MOST:
        return [sentence.strip()]
    return [part if part[-1:] in ".!?" else part + "." for part in parts]


def _clauses(text: str) -> list[str]:
    """Main clauses with a subject and a verb each."""
    found: list[str] = []
    at = 0
    for joint in _JOINT.finditer(text):
        left, right = text[at : joint.start()], text[joint.end() :]
        if _stands(left) and _stands(right.split(";")[0]):
            found.append(_with_subject(left, found))
            at = joint.end()
    found.append(_with_subject(text[at:], found))
    return found


def _with_subject(clause: str, before: list[str]) -> str:
    """A clause whose pronoun is replaced by the subject of the clause before it."""
    pronoun = _PRONOUN.match(clause)
    if not before or not pronoun:
        return clause[:1].upper() + clause[1:]
    verb = _verb(before[-1])
    subject = before[-1][:verb].strip() if verb else ""
    return f"{subject}{clause[pronoun.end() :]}" if subject else clause


def _predicates(clause: str) -> list[str]:
    """The clause parted where a second predicate follows "and"; each part gets the subject."""
    first = _verb(clause)
    if not first:
        return [clause]
    subject = clause[:first].strip()
    for joint in _AND.finditer(clause, first):
        rest = clause[joint.end() :]
        left = clause[: joint.start()]
        word = re.match(r"[^\W\d_]+", rest)
        starts = word is not None and (bool(_AUXILIARY.match(rest)) or _is_verb(word.group()))
        if starts and len(left.split()) >= _FEWEST and len(rest.split()) >= 2:
            return [left, *_predicates(f"{subject} {rest}")]
    return [clause]


def _stands(part: str) -> bool:
    """Whether a part has words enough, a subject and a verb."""
    verb = _verb(part)
    return len(part.split()) >= _FEWEST and verb is not None and verb > 0


def _verb(text: str) -> int | None:
    """Where the first word that can only be a verb begins; None when there is none."""
    for m in re.finditer(r"[^\W\d_]+(?:'t)?", text):
        if m.start() and (_AUXILIARY.fullmatch(m.group().removesuffix("n't")) or _is_verb(m.group())):
            return m.start()
    return None


def _is_verb(word: str) -> bool:
    """Whether a word is a verb in the third person or past: "raises", "lowered", "depends"."""
    lower = word.lower()
    if not lower.endswith(("s", "ed")) or lower in STOP or lower.endswith(("ss", "less")):
        return False
    return stem(lower) in _VERBS or (
        is_direction(stem(lower)) and lower.endswith(("es", "ed", "ises", "ers"))
    )
