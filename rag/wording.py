"""Rules that turn an abstract's own sentence into one about the paper: no model, nothing added.

"To this end, we propose X" becomes "The authors propose X". Only labels, connectives and first
persons change, so the result says what the sentence says and needs no other check.
"""

from __future__ import annotations

import re

from index.cleaning import readable
from index.types import Paper
from rag.terms import names

_LABEL = re.compile(
    r"^(?:background|introduction|objectives?|purpose|aims?|goals?|materials? and methods|methods?|methodology|design|"
    r"results?|findings|conclusions?|discussion|significance|interpretation|setting)\s*(?:and \w+)?\s*[:.]\s+",
    re.IGNORECASE,
)
_CONNECTIVE = re.compile(
    r"^(?:in (?:this|our) (?:paper|work|study|article|survey|review|report)|here|hence|to (?:this end|address (?:this|these)"
    r"(?: \w+){0,3}|tackle (?:this|these)(?: \w+){0,3}|overcome (?:this|these)(?: \w+){0,3}|bridge this gap|fill this gap)|"
    r"specifically|in particular|particularly|moreover|furthermore|additionally|in addition|besides|therefore|thus|"
    r"consequently|accordingly|finally|lastly|notably|concretely|more specifically|importantly|overall|in summary|"
    r"in conclusion|to summarize|as a result|meanwhile|similarly|likewise|subsequently|then|also|first(?:ly)?|second(?:ly)?|"
    r"third(?:ly)?|however|nevertheless|based on (?:this|these)(?: \w+){0,2}|with this in mind|motivated by this|"
    r"inspired by this|towards this goal|toward this goal|for this purpose)\s*,\s*",
    re.IGNORECASE,
)
_SHORT_NAME = re.compile(r"^(.{2,40}?)\s*(?::|\s[-–—]+\s)")


def third_person(text: str) -> str:
    """The readable sentence without label and connective, "we" as "the authors", "our" as "their"."""
    for pattern in (_LABEL, _CONNECTIVE, _CONNECTIVE):
        text = pattern.sub("", text, count=1)
    said = False

    def subject(match: re.Match[str]) -> str:
        nonlocal said
        word = "they" if said else "the authors"
        said = True
        return word

    text = re.sub(r"\bwe\b", subject, text, flags=re.IGNORECASE)
    for old, new in (
        ("our own", "their own"),
        ("ours", "theirs"),
        ("ourselves", "themselves"),
        ("our", "their"),
    ):
        text = re.sub(rf"\b{old}\b", new, text, flags=re.IGNORECASE)
    text = re.sub(r"(?<![A-Z.])\bus\b(?! [A-Z])", "them", text)
    return text[:1].upper() + text[1:]


def short_name(paper: Paper) -> str | None:
    """The name a paper gives its subject: "MEDUSA" of "MEDUSA: Multi-scale …"; None where it has none."""
    title = readable(paper.title or "")
    match = _SHORT_NAME.match(title)
    head = match.group(1) if match else title
    named = names("x " + head)
    if (
        len(head.split()) <= 4
        and (match or len(head.split()) <= 2)
        and any(any(c.isupper() for c in w[1:]) or any(c.isdigit() for c in w) for w in head.split())
        and named
    ):
        return head.strip()
    return None


def with_subject(text: str, paper: Paper) -> str:
    """The sentence led by the paper's short name, where it has one that the sentence lacks."""
    name = short_name(paper)
    if name is None or name.lower() in text.lower():
        return text
    return f"{name}: {text[:1].lower() + text[1:] if _may_lower(text) else text}"


def tidy_draft(text: str) -> str:
    """A model's sentence made fit to show: one line, no list marks, an end mark, a capital."""
    text = re.sub(r"\s+", " ", text).strip().strip("-•* ").strip()
    text = re.sub(r"^(?:answer|summary|sentence|response)\s*:\s*", "", text, flags=re.IGNORECASE)
    text = third_person(text)
    return text if text.endswith((".", "!", "?")) or not text else text + "."


def clumsy(text: str) -> bool:
    """Whether a sentence repeats itself, is cut off, or is no sentence."""
    tokens = re.findall(r"\w+", text.lower())
    if not 5 <= len(tokens) <= 70 or text.count("(") != text.count(")"):
        return True
    triples = list(zip(tokens, tokens[1:], tokens[2:], strict=False))
    return len(set(triples)) < len(triples) or any(a == b for a, b in zip(tokens, tokens[1:], strict=False))


def _may_lower(text: str) -> bool:
    first = text.split(" ", 1)[0]
    return first in {
        "The",
        "This",
        "A",
        "An",
        "These",
        "It",
        "They",
        "Their",
        "In",
        "On",
        "By",
        "With",
        "For",
    }
