"""Rules that turn an abstract's own sentence into one about the paper: no model, nothing added.

"To this end, we propose X" becomes "The authors propose X". Only labels, connectives and first
persons change, so the result says what the sentence says and needs no other check.
"""

from __future__ import annotations

import re
from collections import Counter

from index.cleaning import readable
from index.types import Paper
from rag.terms import names

_LABEL = re.compile(
    r"^(?:background|introduction|objectives?|purpose|aims?|goals?|materials? and methods|methods?|"
    r"methodology|design|"
    r"results?|findings|conclusions?|discussion|significance|interpretation|"
    r"setting)\s*(?:and \w+)?\s*[:.]\s+",
    re.IGNORECASE,
)
_CONNECTIVE = re.compile(
    r"^(?:in (?:this|our) (?:paper|work|study|article|survey|review|report)|here|hence|"
    r"to (?:this|that) end|to (?:\w+ )?\w+ (?:this|these|those)"
    r"(?: (?!(?:is|are|was|were|has|have|can|will|may|should|must)\b)[\w-]+){0,4}|"
    r"in (?:this|that) (?:\w+ )?(?:context|regard|respect|setting|direction|light|vein|case|way)|"
    r"(?:given|considering|leveraging|using|following|despite|in response to|in light of|in view of|"
    r"building (?:up)?on) (?:this|these|those)(?: [\w-]+){0,3}|"
    r"for (?:example|instance)|in contrast|by contrast|conversely|on the other hand|interestingly|remarkably|"
    r"surprisingly|crucially|of note|indeed|in fact|in turn|"
    r"specifically|in particular|particularly|moreover|furthermore|additionally|in addition|besides|"
    r"therefore|thus|"
    r"consequently|accordingly|finally|lastly|notably|concretely|more specifically|importantly|overall|"
    r"in summary|"
    r"in conclusion|to summarize|as a result|meanwhile|similarly|likewise|subsequently|then|also|"
    r"first(?:ly)?|second(?:ly)?|"
    r"third(?:ly)?|however|nevertheless|based on (?:this|these)(?: \w+){0,2}|with this in mind|"
    r"motivated by this|"
    r"inspired by this|towards this goal|toward this goal|for this purpose)"
    r"(?:\s*,\s*|\s+(?=we\b))",
    re.IGNORECASE,
)
_CONTRACTIONS = {"re": "are", "ve": "have", "ll": "will"}
# What a title's head must not hold to be a name: words of a sentence, lower-case words, punctuation.
_NO_NAME = re.compile(
    r"(?i:\b(?:beyond|towards?|overview|survey|review|meets?|may|show|why|how|what|when|(?!anything)[a-z]{4,}ing)\b)"
    r"|[?!,]|(?<![\w-])(?!v\d)[a-z]+\b"
)
_NO_PROSE = re.compile(
    r"https?:|www\.|</?[A-Za-z!]|```|\]\(|&[a-z]+;|[\x00-\x08\u200b-\u200f\u202a-\u202e\u2066-\u2069]", re.I
)
_FIELDS = frozenset("AI ML NLP LLM LLMs VLM VLMs MRI CT EEG ECG ICU EHR EHRs RAG COVID-19".split())
_SHORT_NAME = re.compile(r"^(.{2,40}?)\s*(?::|\s[-–—]+\s)")

_SHORTEST = 8  # words of a model's sentence; shorter ones are headings more often than not
_VERB = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|will|propose|introduce|present|develop|show|find|found|use|"
    r"[a-z]\w+(?:[^su\W]s|ed))\b"
)


def without_lead(text: str) -> str:
    """The readable sentence without label and connective in front."""
    for pattern in (_LABEL, _CONNECTIVE, _CONNECTIVE):
        text = pattern.sub("", text, count=1)
    return text


def third_person(text: str) -> str:
    """The readable sentence without label and connective, "we" as "the authors", "our" as "their"."""
    text = without_lead(text)
    text = re.sub(
        r"\b(we)['’](re|ve|ll)\b", lambda m: f"{m[1]} {_CONTRACTIONS[m[2]]}", text, flags=re.IGNORECASE
    )
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
    return capitalised(text)


def capitalised(text: str) -> str:
    """The text with a capital in front, unless its first word is written as a name is ("xMEN")."""
    first = text.split(" ", 1)[0]
    return text if any(c.isupper() for c in first[1:]) else text[:1].upper() + text[1:]


def short_name(paper: Paper) -> str | None:
    """The name a paper gives its subject: "MEDUSA" of "MEDUSA: Multi-scale …"; None where it has none."""
    title = readable(paper.title or "")
    match = _SHORT_NAME.match(title)
    head = match.group(1) if match else title
    tokens = head.split()
    if len(tokens) > (4 if match else 2) or _NO_NAME.search(head) or head.strip() in _FIELDS:
        return None
    marked = any(c.isdigit() or (i and c.isupper()) for w in tokens for i, c in enumerate(w))
    return head.strip() if marked and names("x " + head) else None


def with_subject(text: str, paper: Paper) -> str:
    """The sentence led by the paper's short name, where it has one that the sentence lacks."""
    name = short_name(paper)
    if name is None or re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
        return text
    return f"{name}: {text[:1].lower() + text[1:] if _may_lower(text) else text}"


def tidy_draft(text: str) -> str:
    """A model's sentence made fit to show: one line, no list marks, an end mark, a capital."""
    text = re.sub(r"(?:\s|\*\*|__)+", " ", text)
    text = re.sub(r"^[\s•*-]+|^\s*\d{1,2}[.)]\s+|[\s•*-]+$", "", text)
    text = re.sub(r"^(?:answer|summary|sentence|response)\s*:\s*", "", text, flags=re.IGNORECASE)
    text = third_person(text)
    return text if text.endswith((".", "!", "?")) or not text else text + "."


def clumsy(text: str) -> bool:
    """Whether a sentence repeats itself, is cut off, holds an address or markup, or is no sentence."""
    if _NO_PROSE.search(text):
        return True
    tokens = re.findall(r"\w[\w-]*|[,;:]", text.lower())  # a comma parts "risk, risk factors"
    if not 5 <= sum(t not in ",;:" for t in tokens) <= 70 or text.count("(") != text.count(")"):
        return True
    return any(_repeats(tokens, size, times) for size, times in ((3, 3), (5, 2))) or _stutters(tokens)


def _repeats(tokens: list[str], size: int, times: int) -> bool:
    """Whether some run of `size` words stands `times` times in the sentence."""
    runs = Counter(zip(*(tokens[i:] for i in range(size)), strict=False))
    return any(count >= times for count in runs.values())


def _stutters(tokens: list[str]) -> bool:
    """Whether one to four words are said twice in a row; figures may be."""
    return any(
        tokens[i : i + n] == tokens[i + n : i + 2 * n] and not all(t[0].isdigit() for t in tokens[i : i + n])
        for n in (1, 2, 3, 4)
        for i in range(len(tokens) - 2 * n + 1)
    )


def _may_lower(text: str) -> bool:
    return text.split(" ", 1)[0] in _SMALL_OPENERS


_SMALL_OPENERS = frozenset("The This A An These It They Their In On By With For".split())


def whole_sentence(text: str) -> bool:
    """Whether a sentence is one, as far as its length and the endings of its words tell: it has a verb."""
    return len(text.split()) >= _SHORTEST and bool(_VERB.search(text))
