"""Made-up papers for the tests of the library, in any number, each with words of its own."""

from __future__ import annotations

from index.encoders import HashEncoder
from index.types import FileReading, Paper, Source

ENCODER = HashEncoder(48)
PATH = "/papers/made_up.jsonl"

_TOPICS = ("glaciers", "enzymes", "transistors", "sparrows", "volcanoes", "proteins", "lattices", "tides")
_VERBS = ("melt", "fold", "switch", "migrate", "erupt", "bind", "vibrate", "rise")


def word(n: int) -> str:
    """A word that only paper `n` holds: letters, so that no tokenizer cuts it."""
    return "zq" + "".join(chr(ord("a") + int(digit)) for digit in str(n)) + "x"


def paper(n: int, abstract: str | None = None, **fields) -> Paper:
    """Paper number `n`: its own title, abstract of three sentences, year and source line."""
    topic, verb = _TOPICS[n % 8], _VERBS[n // 8 % 8]
    if abstract is None:
        abstract = (
            f"We observe how {topic} {verb} under condition {word(n)} in study {word(n)}{word(n + 1)}. "
            f"Measurements of {word(n)} samples show that {topic} {verb} {n % 7 + 2} times as fast as then. "
            f"The finding of {word(n)} holds in {n + 3} of {n + 5} repeated trials."
        )
    values = {"title": f"Why {topic} {verb}: the case of {word(n)}", "year": 2000 + n % 25}
    values |= {"sources": (Source(PATH, n + 1, "jsonl"),)} | fields
    return Paper(values.pop("id", f"paper-{n}"), values.pop("title"), abstract, **values)


def long_paper(n: int) -> Paper:
    """A paper whose abstract is cut into several chunks."""
    sentences = (
        f"Sentence {word(n)} {word(1000 + i)} tells of part {i} of the long study." for i in range(45)
    )
    return paper(n, " ".join(sentences))


def reading(*papers: Paper, path: str = PATH) -> FileReading:
    """What reading a file of these papers gives."""
    return FileReading(path, "jsonl", tuple(papers), read=len(papers))
