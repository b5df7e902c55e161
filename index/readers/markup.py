"""Markup of records made plain: HTML, JATS and MathML tags, entities.

Only tags that these languages have are tags: "p < 0.05 and n > 3" stays. A raised number keeps its
place ("10<sup>-3</sup>" is 10⁻³); a lowered one is written on the line, as PubMed does.
"""

from __future__ import annotations

import html
import re

_NAMES = (
    "a|abstract|abbr|annotation|article-title|b|bdi|big|blockquote|bold|br|center|cite|code|col|dd|div|dl|dt|em|"
    "ext-link|fn|font|formula|h[1-6]|hr|i|inf|inline-formula|disp-formula|italic|ins|del|label|li|list|list-item|"
    "math|mfenced|mfrac|mi|mn|mo|mover|mpadded|mroot|mrow|ms|mspace|msqrt|mstyle|msub|msubsup|msup|mtable|mtd|mtext|"
    "mtr|munder|munderover|mprescripts|mmultiscripts|monospace|named-content|ol|overline|p|pre|q|roman|s|sans-serif|"
    "sc|scp|sec|section|semantics|small|span|strike|strong|styled-content|sub|subtitle|sup|table|td|tex-math|th|"
    "title|tr|tt|u|ul|underline|uri|var|xref|none|alternatives|inline-graphic|graphic|jats|scri|smallcaps|super"
)
_ATTRIBUTES = r"(?:\s+[\w:.-]{1,40}\s?=\s?(?:\"[^\"<>]{0,300}\"|'[^'<>]{0,300}')){0,12}\s?/?>"
_TAG = re.compile(rf"</?(?:\w{{1,5}}:)?(?:{_NAMES})" + _ATTRIBUTES, re.IGNORECASE)
_INLINE = re.compile(
    r"</?(?:jats:|mml:)?(?:i|b|sub|inf|italic|bold|em|strong|sc|scp|u|span|font|tt|small|mi|mn|mo|mrow|msub|msup|"
    r"math|inline-formula|mtext|mstyle|semantics|named-content|styled-content|roman|monospace|underline|sans-serif|"
    r"msubsup|alternatives|q|bdi|cite|var|big|ext-link|a|xref|sup|super)" + _ATTRIBUTES,
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"<((?:\w{1,5}:)?(?:tex-math|annotation(?:-xml)?))\b[^<>]*>.{0,5000}?</\1>", re.S | re.I)
_RAISED = re.compile(r"<(?:jats:)?sup(?:er)?>\s*([^<>]{1,12}?)\s*</(?:jats:)?sup(?:er)?>", re.IGNORECASE)
_POWER = re.compile(
    r"<mml:msup[^<>]*>\s*(<mml:m[ino]>[^<>]{1,30}</mml:m[ino]>)\s*"
    r"(?:<mml:mrow>)?((?:\s*<mml:m[ino]>[^<>]{1,5}</mml:m[ino]>){1,3})\s*(?:</mml:mrow>)?\s*</mml:msup>",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<(?:jats:)?title>\s*(.*?)\s*</(?:jats:)?title>", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
_UP = str.maketrans("0123456789+-−–=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿ")
_RAISABLE = re.compile(r"[0-9+\-−–()n]{1,6}")


def plain_text(text: str) -> str:
    """Text without markup; the title of an abstract's section becomes its label ("Methods: …")."""
    if "<" not in text and "&" not in text:
        return text
    if "&lt;" in text and _TAG.search(html.unescape(text)):  # markup that was escaped once more
        text = html.unescape(text)
    if "<" in text and _TAG.search(text):
        text = _POWER.sub(lambda m: f"{m[1]}<sup>{_TAG.sub('', m[2]).strip()}</sup>", text)
        text = _RAISED.sub(lambda m: raised(m[1]), _TITLE.sub(_label, _HIDDEN.sub("", text)))
        text = _TAG.sub(" ", _INLINE.sub("", text))
    for _ in range(2):  # "&amp;lt;" is common
        if not _ENTITY.search(text):
            break
        text = _ENTITY.sub(lambda m: html.unescape(m[0]), text)
    return text


def raised(text: str) -> str:
    """A superscript in plain text: with raised signs where they exist, else on the line."""
    return text.translate(_UP) if _RAISABLE.fullmatch(text) else text


def label_of(title: str) -> str:
    """What stands before a section of an abstract: "METHODS: ", nothing for "Abstract"."""
    title = " ".join(title.split()).rstrip(" :.")
    plain = title.casefold() in ("", "abstract", "summary", "unlabelled", "unassigned")
    return "" if plain else f"{title}: "


def _label(match: re.Match[str]) -> str:
    return f" {label_of(_TAG.sub('', match[1]))}"
