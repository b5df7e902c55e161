"""What is said to Ibid instead of asked of the papers: orders, questions about Ibid itself, and noise.

Ibid takes no orders from a question: "ignore your sources" is taken out, and what is left is answered as
ever. What it can do, which model it runs and how many papers it holds it says of itself, from its own records
and never from a model. Rules over wording; whatever no rule catches is a question to the papers, which refuse
it if need be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rag.question import foreign
from rag.terms import STOP, content_stems, words


class About(StrEnum):
    """What of Ibid itself is asked."""

    ABILITY = "ability"
    MODEL = "model"
    PAPERS = "papers"
    PRIVACY = "privacy"


@dataclass(frozen=True, slots=True)
class Request:
    """A text read: the question to the papers ("" when there is none), and what else was in it."""

    question: str
    ordered: bool = False  # it held an order that was taken out
    about: About | None = None


ORDERS_LEFT_OUT = (
    "Ibid answers from the abstracts of the library alone and cites them; the instruction to do otherwise "
    "was left out."
)
NO_QUESTION = (
    "This is no question to the papers, so nothing was looked up. Ibid answers from the abstracts of the "
    "library alone, with citations; ask what they say, for example which methods were compared or what a "
    "study found."
)
UNKNOWN_WORDS = (
    "No word of this is known to Ibid or stands in the library, so nothing was looked up. Ask in English, "
    "in the words a paper would use."
)
IN_ENGLISH_ONLY = "Answered in English: the bundled models know little of other languages."

_CLAUSE = r"(?:^|(?<=[.!?;:,\n—–-])\s*|\b(?:and|then|but|so|please)\s+)"
_OVER = r"(?:ignore|disregard|forget|override|bypass|do(?:n['’]t| not) (?:use|follow|obey|cite|check))"
_RULES = (
    r"(?:sources?|instructions?|rules?|prompts?|guidelines?|library|abstracts?|citations?|references?|"
    r"papers?|evidence|restrictions?|safety|system|training|documents?)"
)
_ORDERS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        # not "ignore background papers": an order speaks of "your", "the", "all …"
        rf"{_CLAUSE}(?:please )?(?:just |now )?{_OVER} (?:all |any |every |of |these |those |about )*"
        rf"(?:your|the|previous|prior|above|earlier|my|this|instructions|sources|citations)?\b"
        rf"[^.!?;\n]{{0,40}}?\b{_RULES}\b(?:(?:,| and| or|, and) (?:\w+ )?{_RULES}\b)*",
        rf"{_CLAUSE}(?:you are now|from now on,? you|act as|pretend (?:to be|that you|you)|role-?play)\b"
        r"[^.!?;\n]*",
        rf"{_CLAUSE}(?:reveal|print|show|repeat|output|tell me|give me)\b[^.!?;\n]{{0,30}}\b"
        r"(?:system prompt|your (?:prompt|instructions|rules))\b[^.!?;\n]*",
        r"\b(?:without|no) (?:any )?(?:citations?|citing|sources) ?(?:please)?(?=[.!?;,]|$)",
        r"(?:\banswer(?: me)? )?\b(?:from|using|use) your own (?:knowledge|memory|head|imagination)\b",
    )
)
_ORDER_ITSELF = re.compile(
    r"^(?:and |then |but |now |please |just |instead |can you |could you |would you )*"
    r"(?:(?:write|compose|make up|invent|generate|create|draft|give me|tell|sing)(?: me| us)? "
    r"(?:an?|some|two|three)\b.{0,30}?\b(?:poems?|haiku|stor(?:y|ies)|songs?|jokes?|limericks?|essays?|emails?|"
    r"letters?|tweets?)\b"
    r"|(?:write|generate|create)(?: me| us)? (?:an?|some|two|three)\b.{0,20}?\b"
    r"(?:script|program|code|function)s?\b"
    r"|(?:delete|erase|remove|empty|drop|format)\b.{0,20}\b(?:library|index|papers?|files?|database|table|disk)\b"
    r"|(?:run|execute|open|download|install|send|email)\b.{0,40}\b(?:command|script|file|url|link|https?|sudo|rm)\b"
    r"|translate\b.{0,60}\b(?:in)?to\b"
    r"|say (?:that|only|just)\b)",
    re.I,
)
_SMALL_TALK = re.compile(
    r"^(?:hi|hello|hey|hallo|bonjour|thanks?(?: you| a lot| so much)?|thank you(?: very much)?|thx|ok(?:ay)?|"
    r"good (?:morning|evening|day)|bye|goodbye|test(?:ing)?|how are you(?: today)?)"
    r"(?:[ ,]+(?:ibid|there))?\W*$",
    re.I,
)
_YOU = r"(?:you|ibid|this (?:program|tool|app|assistant|system))"
_HELD = r"(?:(?:this|the|your|my|our) )?(?:library|collection|index|database)"
_THINGS = r"(?:papers?|abstracts?|articles?|documents?|studies|records?)"
_ABOUT = (
    (
        About.PAPERS,
        rf"(?:how (?:many|much)|what(?: is|['’]s) the number of) {_THINGS}"
        rf"(?: are(?: there)?| do| does| can| have| has)?(?: {_YOU}| {_HELD})?"
        r"(?: (?:have|know|hold|contain|read|search))?"
        rf"(?: (?:in|of|from))?(?: {_HELD})?(?: here)?",
    ),
    (About.PAPERS, rf"how (?:large|big) is {_HELD}"),
    (About.PAPERS, rf"what(?: is|['’]s) in {_HELD}"),
    (
        About.MODEL,
        r"(?:which|what)(?: (?:large|small))?(?: language| ai)? ?(?:model|llm|embedder|version)s?(?: of \w+)?"
        rf" (?:are|is|do|does|runs?|powers?) ?{_YOU}?(?: (?:use|run|using|running|based)(?: on)?)?",
    ),
    (
        About.MODEL,
        rf"are {_YOU} (?:chatgpt|gpt|gpt-?\d\S*|claude|gemini|llama|"
        r"an? (?:ai|llm|(?:language )?model|robot|human))",
    ),
    (About.ABILITY, rf"(?:what|who)(?: exactly)? (?:are|is) {_YOU}"),
    (About.ABILITY, rf"what (?:can|do|does|could) {_YOU} do(?: for me)?"),
    (About.ABILITY, rf"how (?:do|does|can) (?:i use )?{_YOU}(?: work)?|how (?:do|can) i use (?:this|it)"),
    (About.ABILITY, r"help(?: me)?|what (?:can|should|may) i ask(?: you| here)?"),
    (About.ABILITY, rf"what (?:kinds? of |sorts? of )?questions can (?:i ask(?: {_YOU})?|{_YOU} answer)"),
    (
        About.PRIVACY,
        rf"(?:where )?(?:do(?:es)?|is|are|will) (?:{_YOU} |my |our )(?:\w+ ){{0,4}}?"
        r"(?:data|questions?|papers?|library|history)?"
        r"(?: (?:go|stored|kept|sent|shared|uploaded|private|leave|online|"
        r"anywhere|to|the|internet|my|computer|data))+",
    ),
)  # fmt: skip
_ABOUT_IBID = tuple(
    (about, re.compile(rf"(?:so |and |hi,? |hey,? |please )?(?:{p})", re.I)) for about, p in _ABOUT
)


def read_request(text: str) -> Request:
    """What a text asks of the papers, and what it says to Ibid.

    :param text: one question, trimmed.
    """
    bare = text.strip(" ?!.")
    for about, pattern in _ABOUT_IBID:
        if pattern.fullmatch(bare):
            return Request("", about=about)
    left = text
    for order in _ORDERS:
        left = order.sub(". ", left)
    ordered = left != text
    kept = [s for s in re.split(r"(?<=[.!?;])\s+", left) if not _is_order(s)]
    rest = re.sub(r"(?:^|\s)[.,;:!\s]+(?=\s|$)", " ", " ".join(kept)).strip(" .,;:!—–-")
    rest = re.sub(r"^(?:and|then|but|so|please|instead)\b[ ,]*", "", rest, flags=re.I)
    if not re.search(r"\w", rest) or _SMALL_TALK.match(rest) or (ordered and not content_stems(rest)):
        return Request("", ordered=ordered)
    if not ordered and len(kept) == len(re.split(r"(?<=[.!?;])\s+", left)):
        return Request(text)
    return Request(rest, ordered=True)


def _is_order(sentence: str) -> bool:
    return bool(_ORDER_ITSELF.match(sentence.strip(" .,;:—–-")))


def known_words(question: str, frequency: Callable[[str], int]) -> bool:
    """Whether a question is in any words Ibid knows: small words of a language, or words of the library.

    :param frequency: in how many chunks of the library a word stands.
    """
    told = words(question)
    if set(told) & STOP or foreign(question):
        return True
    return any(frequency(word) for word in told)


_OTHER = frozenset(
    """el los las una por para con como cómo qué cuál cuáles cuántos cuántas cuánto dónde quién del en se usan
    son il gli delle della nel nella sono che quali quale quanti quante perché o os os um uma não são dos das
    com het een van zijn hoeveel welke voor ett och är på för hur vilka vad som jak jest czy
    dla jakie""".split()
)


def not_english(question: str) -> bool:
    """Whether a question is in another language, as far as its letters and small words tell."""
    if foreign(question):
        return True
    letters = [c for c in question if c.isalpha()]
    if 2 * sum(c > "\u024f" for c in letters) > len(letters) and not set(words(question)) & STOP:
        return True
    told = set(words(question))
    return len(told & _OTHER) >= 2 and len(told & _OTHER) > len(told & STOP)


def told_of_ibid(about: About, model: Mapping[str, str], papers: int, without_abstract: int) -> str:
    """What Ibid says of itself, from its own records.

    :param model: as in `ibid.answer/1`. :param papers: all that the library holds.
    """
    held = f"{papers:,} paper{'' if papers == 1 else 's'}"
    if about is About.PAPERS:
        silent = (
            f"; {without_abstract:,} of them without an abstract, which no answer can use"
            if without_abstract
            else ""
        )
        return f"This library holds {held}{silent}. `ibid index list` names them, `ibid index info` counts."
    if about is About.MODEL:
        llm = model.get("llm", "none")
        worded = (
            "no language model: answers are sentences of the abstracts"
            if llm == "none"
            else f"{llm} words the answers"
        )
        return (
            f"This is Ibid, a program that answers from the abstracts of a library. Here {worded}; the "
            f"embedder is {model.get('embedder', 'unknown')}. `--llm` takes another model."
        )
    if about is About.PRIVACY:
        return (
            "Ibid runs on this computer. Questions, papers and answers stay on it, unless you name a server "
            "for the language model (`--llm openai:…`), which then gets the question and the sentences it "
            "is to word."
        )
    return (
        f"Ibid answers questions from the abstracts of this library ({held}), each sentence with a citation "
        "that was checked, and says so when they do not state what was asked. Ask for a figure, a survey, a "
        "comparison or a half-remembered paper. It also finds papers for and against a sentence "
        "(`ibid cite`), audits a draft (`ibid check`), drafts reviews (`ibid review`) and compares papers "
        "(`ibid compare`)."
    )
