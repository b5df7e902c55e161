r"""Stored text made readable, and text reduced to what two records must share to be the same.

Stored abstracts keep their markup (`96\% \textbf{Mamba}`), because offsets point into them.
`readable` undoes LaTeX leftovers for display, embedding and prompts, and `readable_with_map`
does it with a map back. Every rule shortens the text or removes a brace, so repeating them ends,
and a readable text is its own readable form (unless commands are nested twelve deep). Only what
is certain is changed: `0.91 pm 0.02` is `0.91 ± 0.02`, but a lone `pm` stays.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

_SYMBOLS: Mapping[str, str] = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "varphi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ",
    "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "times": "×", "pm": "±", "mp": "∓",
    "sim": "~", "approx": "≈", "leq": "≤", "le": "≤", "leqslant": "≤", "geq": "≥", "ge": "≥", "geqslant": "≥",
    "neq": "≠", "ne": "≠", "ll": "≪", "gg": "≫", "cdot": "·", "bullet": "•", "infty": "∞", "ell": "ℓ",
    "rightarrow": "→", "to": "→", "leftarrow": "←", "leftrightarrow": "↔", "Rightarrow": "⇒", "uparrow": "↑",
    "downarrow": "↓", "in": "∈", "subset": "⊂", "cup": "∪", "cap": "∩", "forall": "∀", "exists": "∃",
    "partial": "∂", "nabla": "∇", "sum": "∑", "prod": "∏", "int": "∫", "circ": "°", "degree": "°",
    "prime": "′", "propto": "∝", "equiv": "≡", "ldots": "…", "dots": "…", "cdots": "…",
    "textmu": "μ", "textpm": "±", "textasciitilde": "~", "textbackslash": "/", "S": "§", "copyright": "©",
    "dag": "†", "ss": "ß", "ae": "æ",
    "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "aa": "å", "AA": "Å", "l": "ł", "L": "Ł", "i": "ı",
    "j": "ȷ", "quad": " ", "qquad": " ", "newline": " ", "par": " ", "left": "", "right": "",
    "bf": "", "it": "", "em": "", "rm": "", "sc": "", "tt": "", "xspace": "", "centering": "",
    "displaystyle": "",
}  # fmt: skip
_ACCENTS: Mapping[str, str] = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a",
}  # fmt: skip
_STYLES = (
    "textbf|textit|emph|textsc|texttt|textrm|textsf|textsl|text|underline|mathbf|mathrm|mathit|mathsf|mathtt|"
    "mathcal|mathbb|mathfrak|boldsymbol|bm|operatorname|mbox|hbox|url|path|ensuremath|uppercase|textsuperscript|"
    "textsubscript|textnormal|textup"
)
_RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_URL = r"https?://[^\s{}\\]{1,500}"
MAX_PASSES = 12  # nested commands are undone from the inside out; nobody writes deeper ones

Piece = tuple[str, int]  # readable text, and the offset in the source of its first character
Rule = tuple[re.Pattern[str], Callable[[re.Match[str]], list[Piece]]]


@dataclass(frozen=True, slots=True)
class Readable:
    """Readable text; `origin[i]` is the offset in the stored text of its character i.

    `origin` has one entry more than `text`: the last is the length of the stored text.
    """

    text: str
    origin: tuple[int, ...]

    def to_stored(self, start: int, end: int) -> tuple[int, int]:
        """The span of the stored text that a span of the readable text came from."""
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"span {start}:{end} is outside a text of {len(self.text)} characters")
        first = self.origin[start]
        return first, max(first, self.origin[end]) if end > start else first

    def to_readable(self, start: int, end: int) -> tuple[int, int]:
        """The smallest span of the readable text that covers a span of the stored text."""
        first = max(bisect_right(self.origin, start, hi=len(self.text)) - 1, 0)
        return first, max(first, bisect_left(self.origin, end, hi=len(self.text)))


def readable(text: str) -> str:
    """The text as a person would print it; idempotent, and plain text comes back as it is."""
    return readable_with_map(text).text if _TRIGGER.search(text) else text


def shortened(text: str, most: int) -> str:
    """The text on one line, of at most `most` characters, with dots where it goes on."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def readable_with_map(text: str) -> Readable:
    """`readable` together with the way back to the stored text."""
    origin = list(range(len(text) + 1))
    for _ in range(MAX_PASSES if _TRIGGER.search(text) else 0):
        changed = False
        for pattern, rewrite in _RULES:
            if pattern.search(text):
                new, moved = _apply(pattern, rewrite, text)
                if new != text:
                    text, origin, changed = new, [origin[i] for i in moved], True
        if not changed:
            break
    return Readable(text, tuple(origin))


@lru_cache(maxsize=2048)  # merging asks for the same few abstracts again and again
def match_key(text: str) -> str:
    """What two spellings of a title or abstract share: case-folded letters and digits only.

    LaTeX, punctuation, blanks and Latin accents are dropped; other scripts keep their marks.
    """
    text = _COMMAND_LEFT.sub(" ", readable(unicodedata.normalize("NFC", text)))
    text = unicodedata.normalize("NFKC", text).casefold()
    if text.isascii():
        return _NOT_KEY.sub("", text)
    split = unicodedata.normalize("NFKD", text)
    kept = (
        c
        for c in split
        if c.isalnum() or (unicodedata.category(c)[0] == "M" and not "\u0300" <= c <= "\u036f")
    )
    return unicodedata.normalize("NFC", "".join(kept))


def _apply(
    pattern: re.Pattern[str], rewrite: Callable[[re.Match[str]], list[Piece]], text: str
) -> tuple[str, list[int]]:
    """The text with every match rewritten, and for each of its characters the old offset."""
    parts: list[str] = []
    moved: list[int] = []
    at = 0
    for match in pattern.finditer(text):
        pieces = [(text[at : match.start()], at), *rewrite(match)]
        for part, start in pieces:
            parts.append(part)
            last = max(match.end() - 1, start)
            moved.extend(min(start + i, last) for i in range(len(part)))
        at = match.end()
    parts.append(text[at:])
    moved.extend(range(at, len(text) + 1))
    return "".join(parts), moved


def _keep(*groups: int) -> Callable[[re.Match[str]], list[Piece]]:
    """Keep these groups, drop the rest of the match."""
    return lambda m: [(m[g], m.start(g)) for g in groups if m[g]]


def _put(new: str) -> Callable[[re.Match[str]], list[Piece]]:
    return lambda m: [(new, m.start())]


def _symbol(match: re.Match[str]) -> list[Piece]:
    new = _SYMBOLS.get(match[1])
    return [(match[0], match.start())] if new is None else [(new, match.start())]


def _accent(match: re.Match[str]) -> list[Piece]:
    letter = {"\\i": "i", "\\j": "j", "ı": "i", "ȷ": "j"}.get(match[2], match[2])
    whole = unicodedata.normalize("NFC", letter + _ACCENTS[match[1]])
    return [(whole, match.start())] if len(whole) == 1 else [(match[2], match.start(2))]


def _link(match: re.Match[str]) -> list[Piece]:
    """`url{label}`: the label is said only when it says more than the address."""
    url, label = match[1], match[2].strip()
    spoken = _letters(label)
    if not spoken or spoken in _letters(url) or spoken in ("link", "here", "thislink", "thisurl"):
        return [(url, match.start(1))]
    return [
        (url, match.start(1)),
        (" (", match.start(2) - 1),
        (match[2], match.start(2)),
        (")", match.end(2)),
    ]


def _letters(text: str) -> str:
    """Case-folded ASCII letters and digits of a label or an address, its scheme left out."""
    return _NOT_KEY.sub("", re.sub(r"https?://(www\.)?", "", text.casefold()))


def _lost_symbol(match: re.Match[str]) -> list[Piece]:
    return [(_SYMBOLS[match[1]], match.start(1))]


def _plus_minus(match: re.Match[str]) -> list[Piece]:
    number, blank = match[1], match[2]
    if blank and number.isdigit() and int(number) <= 12:  # "at 7 pm 30 patients"
        return [(match[0], match.start())]
    return [(number + blank + "±", match.start())]


def _raise(match: re.Match[str]) -> list[Piece]:
    digits = match[1] or match[2]
    return [(digits.translate(_RAISED), match.start(1 if match[1] else 2))]


def _dash(match: re.Match[str]) -> list[Piece]:
    return [("–" if len(match[0]) == 2 else "—", match.start())]


_NOT_KEY = re.compile(r"[^0-9a-z]+")
_COMMAND_LEFT = re.compile(r"\\[A-Za-z]+")
_TRIGGER = re.compile(r"[\\{}$`^]|--|''|[A-Za-z.]~|[\d%]\s?pm|(?:sim|leq|geq)\s?\d|\dtimes")
_RULES: tuple[Rule, ...] = (
    (re.compile(r"\\href\s*\{([^{}]*)\}\s*\{([^{}]*)\}"), _keep(2)),
    (re.compile(r"(?<![A-Za-z\\])href\{?(https?://[^\s{}]+)\}?\{([^{}]*)\}"), _keep(2)),
    (re.compile(rf"({_URL})\{{([^{{}}]*)\}}"), _link),
    (re.compile(r"\\([%&_#$])"), _keep(1)),
    (re.compile(r"\\(['`^\"~=.])\s?\{?(\\[ij](?![A-Za-z])|[A-Za-zıȷ])\}?"), _accent),
    (re.compile(r"\\([cvuHkr])\{(\\[ij]|[A-Za-zıȷ])\}"), _accent),
    (re.compile(rf"\\(?:{_STYLES})\s?\{{([^{{}}]*)\}}"), _keep(1)),
    (re.compile(r"[~\s]?\\(?:cite[a-z]*|footnotemark|label|ref)\*?(?:\[[^\[\]]*\])*\{[^{}]*\}"), _put("")),
    (re.compile(r"\\([A-Za-z]+)(?![A-Za-z])"), _symbol),
    (re.compile(r"\\[,;:! ]"), _put(" ")),
    (re.compile(r"(?<=\d)\^\{?(st|nd|rd|th)\}?(?![A-Za-z])"), _keep(1)),
    (
        re.compile(r"(?<=[\w)\]])\^(?:\{([0-9+n-]{1,4})\}|([0-9n](?![0-9A-Za-z]|\.\d)|[0-9](?=[A-Z]{2})))"),
        _raise,
    ),
    (re.compile(r"\$(?!\s)([^$\s]{1,60}|[^$]{1,60}[\\^_=<>±×≤≥~{][^$]{0,60})(?<!\s)\$(?!\d)"), _keep(1)),
    (
        re.compile(
            r"(\\[A-Za-z]+(?:\{[^{}]*\})+)"  # an unknown command is left whole
            r"|\{([^{}\s]{1,80}|[\d.,%\s±~×]{1,40}|[\d.,%\s]{1,20}pm[\d.,%\s]{1,20})\}"
        ),
        _keep(1, 2),
    ),
    (re.compile(r"(\d[\d.,]*%?)(\s?)pm(?=\s?\d)"), _plus_minus),
    (re.compile(r"(?<![A-Za-z\\.])(sim|leq|geq)\s?(?=\d)"), _lost_symbol),
    (re.compile(r"(?<=\d)(times)(?![A-Za-z])"), _lost_symbol),
    (re.compile(r"``|''"), lambda m: [("“" if m[0] == "``" else "”", m.start())]),
    (re.compile(r"(?<!-)-{2,4}(?!-)"), _dash),
    (re.compile(r"(?<=[A-Za-z.])~(?=[A-Za-z0-9(\[])"), _put(" ")),
)
