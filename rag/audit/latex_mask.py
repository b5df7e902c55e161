"""LaTeX with everything blanked out that TeX would not set: comments, listings, code that is switched off.

The masked text has the length and the lines of the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable

LITERAL = frozenset("verbatim Verbatim lstlisting minted comment filecontents".split())
_COMMENT = re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*")
_VERB = re.compile(r"\\(?:verb|lstinline)\*?([^\sA-Za-z*{])[^\n]*?\1")
_ADDRESS = re.compile(r"\\(?:url|nolinkurl|path|href)\s*\{[^{}\n]*\}")  # in which % is a sign like any other
_BEGIN = re.compile(rf"\\begin\s*\{{({'|'.join(LITERAL)})(\*?)\}}")
_OFF = re.compile(r"\\iffalse(?![A-Za-z])")
_IF = re.compile(r"\\(?:(if[A-Za-z]*)|(fi))(?![A-Za-z])")
_NO_IF = ("iff", "ifthenelse", "ifdefempty", "ifstrequal", "ifblank", "ifstrempty")  # take no \fi

Report = Callable[[int, str], None]


def mask(source: str, report: Report) -> str:
    """The masked source. :param report: told the offset and the reason of what is never closed."""
    text = _ADDRESS.sub(_blank, _VERB.sub(_blank, source))
    text = _COMMENT.sub(lambda m: m[1] + " " * (len(m[0]) - len(m[1])), text)
    return _without_false(_without_literals(text, report), report)


def _blank(m: re.Match[str]) -> str:
    return " " * len(m[0])


def _blanked(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _without_literals(text: str, report: Report) -> str:
    """Without listings; one that is never closed takes the rest with it."""
    at, parts = 0, []
    while begin := _BEGIN.search(text, at):
        end = text.find(f"\\end{{{begin[1]}{begin[2]}}}", begin.end())
        if end < 0:
            report(begin.start(), f"{begin[0]} is never closed; the rest was not read")
            end = len(text)
        parts += [text[at : begin.start()], _blanked(text[begin.start() : end])]
        at = end
    return "".join([*parts, text[at:]])


def _without_false(text: str, report: Report) -> str:
    at, parts = 0, []
    while begin := _OFF.search(text, at):
        end = _closing(text, begin.end())
        if end < 0:
            report(begin.start(), "\\iffalse is never closed; the rest was not read")
            end = len(text)
        parts += [text[at : begin.start()], _blanked(text[begin.start() : end])]
        at = end
    return "".join([*parts, text[at:]])


def _closing(text: str, at: int) -> int:
    depth = 1
    for m in _IF.finditer(text, at):
        if m[2]:
            depth -= 1
            if not depth:
                return m.end()
        elif m[1] not in _NO_IF:
            depth += 1
    return -1
