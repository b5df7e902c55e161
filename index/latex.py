r"""LaTeX text of bibliographies to plain text and back.

Escaped signs (`\%`, `\textbackslash{}`) are put out of reach before anything else is undone, so that
`to_plain(to_latex(text)) == text` for any text that is readable as `index.cleaning` means it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from index.cleaning import readable

_ESCAPED: Mapping[str, str] = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#",
    "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_HIDE = 0xF0000  # of the private plane: where escaped signs wait
_HIDDEN = re.compile(f"[{chr(_HIDE)}-{chr(_HIDE + 0x7F)}]")
_WORDS: Mapping[str, str] = {
    "textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^", "textasciigrave": "`",
    "textquotesingle": "'", "textquotedbl": '"', "textbraceleft": "{", "textbraceright": "}", "textless": "<",
    "textgreater": ">",
    "textbar": "|", "textunderscore": "_", "textdollar": "$", "textasteriskcentered": "*",
}  # fmt: skip
_OPEN = re.compile(r"\\([&%$#_{}])|\\(" + "|".join(_WORDS) + r")(?![A-Za-z])(?:\{\}| ?)")
_SPECIAL = re.compile(r"[\\{}&%$#_~^]")
_BRACES = re.compile(r"[{}]")
_MARKS: Mapping[str, str] = {
    "ss": "ß", "aa": "å", "AA": "Å", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "o": "ø", "O": "Ø", "l": "ł",
    "L": "Ł", "dh": "ð", "DH": "Ð", "dj": "đ", "DJ": "Đ", "th": "þ", "TH": "Þ", "ng": "ŋ", "NG": "Ŋ",
    "i": "ı", "j": "ȷ",
}  # fmt: skip
_LETTER = re.compile(
    rf"\{{?\\({'|'.join(sorted(_MARKS, key=len, reverse=True))})(?![A-Za-z])(?:\{{\}}| )?\}}?"
)
_ACCENT = re.compile(
    r"""\{?\\(['`^"~=.]|[cvuHkrbdt](?=[\s{]))\s*\{?(\\[ij](?![A-Za-z])|[^\W\d_])(?:\})?\}?"""
)
_COMBINING: Mapping[str, str] = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a", "b": "\u0331",
    "d": "\u0323", "t": "\u0361",
}  # fmt: skip
_RAISED = re.compile(r"(?<=[\w)\]])\$\^\{?([-+]?[0-9n]{1,4})\}?\$")
_DASHES = re.compile(r"-{2,3}")
_LEFT = re.compile(r"\\[A-Za-z]")


def to_plain(text: str) -> str:
    """Plain text of a value of a BibTeX field, its enclosing braces already removed."""
    if not re.search(r"[\\{}$~]|--|``|''", text):
        return text
    text = _OPEN.sub(lambda m: chr(_HIDE + ord(m[1] or _WORDS[m[2]])), _HIDDEN.sub("", text))
    text = _RAISED.sub(r"^{\1}", text)
    if "\\" in text:
        text = _ACCENT.sub(_accented, text)
        text = _LETTER.sub(lambda m: _MARKS[m[1]], text)
    text = readable(text.replace("~", " ")) if re.search(r"[\\$^]", text) else _plain_marks(text)
    if _LEFT.search(text):
        text = _by_library(text)
    text = _BRACES.sub("", text)
    return _HIDDEN.sub(lambda m: chr(ord(m[0]) - _HIDE), text)


def to_latex(text: str) -> str:
    """Text for a value of a BibTeX field, with every sign escaped that TeX would act on."""
    text = _HIDDEN.sub("", text)
    balanced = _balanced(text)

    def escaped(match: re.Match[str]) -> str:
        sign = match[0]
        if sign in "{}" and not balanced:
            return r"\textbraceleft{}" if sign == "{" else r"\textbraceright{}"
        return _ESCAPED[sign]

    text = _SPECIAL.sub(escaped, text)
    text = re.sub(r"-(?=-)", "-{}", text)  # no ligature: two hyphens stay two
    return text.replace("``", r"`{}`").replace("''", r"'{}'")


def _plain_marks(text: str) -> str:
    """Dashes, quotation marks and the blank that does not break, of text without commands."""
    text = text.replace("~", " ").replace("``", "“").replace("''", "”")
    return _DASHES.sub(lambda m: "–" if len(m[0]) == 2 else "—", text)


def _accented(match: re.Match[str]) -> str:
    letter = {"\\i": "i", "\\j": "j"}.get(match[2], match[2])
    return unicodedata.normalize("NFC", letter + _COMBINING[match[1]])


def _balanced(text: str) -> bool:
    depth = 0
    for sign in _BRACES.findall(text):
        depth += 1 if sign == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _by_library(text: str) -> str:
    """Commands that the rules here do not know, undone by pylatexenc; as they are where it fails."""
    from pylatexenc.latex2text import LatexNodes2Text

    if len(text) > 20_000 or text.count("{") > 500:  # nested groups cost it a call each
        return text
    guarded = re.sub(r"(?<!\\)([%&#])", r"\\\1", text)
    try:
        plain = LatexNodes2Text(
            math_mode="text", keep_comments=True, strict_latex_spaces=False
        ).latex_to_text(guarded)
    except Exception:  # any fault of a parser of hostile text leaves the text as it stands
        return text
    return plain if plain.strip() else text
