"""What "shorten section 2; drop paper X; add a section on Y" asks for, read by rules.

A sentence that no rule reads is refused with what is understood; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from index.errors import UsageError

LONGEST = 2000  # characters of an instruction


class Deed(StrEnum):
    """What is done to a section or a paper."""

    KEEP = "keep"
    SHORTEN = "shorten"
    EXPAND = "expand"
    REPLACE = "replace"
    DELETE = "delete"
    NEW = "new"
    RENAME = "rename"
    DROP = "drop paper"
    ADD = "add paper"
    MOVE = "move paper"


UNDERSTOOD = (
    "keep, shorten, expand, rewrite or delete section N (or its heading) · rewrite section N about … · "
    "rename section N to … · add a section on … · drop paper KEY · add paper KEY to section N · "
    "move paper KEY to section N"
)


@dataclass(frozen=True, slots=True)
class Order:
    """One deed: the section and the paper as they were named, and what the text is to be about."""

    deed: Deed
    section: str = ""
    paper: str = ""
    about: str = ""


_SECTION = r"(?:the )?(?:section )?(?P<section>.+?)(?: section)?"
_PAPER = r"(?:the )?(?:papers? |reference )(?P<paper>.+?)"
_RULES: tuple[tuple[Deed, str], ...] = (
    (Deed.ADD, rf"(?:add|include|put) {_PAPER} (?:to|in|into|under) {_SECTION}"),
    (Deed.MOVE, rf"move {_PAPER} (?:to|into|under) {_SECTION}"),
    (Deed.DROP, rf"(?:drop|remove|delete|exclude|leave out) {_PAPER}"),
    (
        Deed.NEW,
        r"(?:add|write|insert|create) (?:an? |one |another )?(?:new )?section (?:on|about) (?P<about>.+)",
    ),
    (Deed.RENAME, rf"(?:rename|retitle) {_SECTION} (?:to|as|into) (?P<about>.+)"),
    (
        Deed.REPLACE,
        rf"(?:rewrite|replace|redo|redraft) {_SECTION} (?:about|on|with|to answer|to ask) (?P<about>.+)",
    ),
    (Deed.REPLACE, rf"(?:rewrite|replace|redo|redraft) {_SECTION}"),
    (Deed.SHORTEN, rf"(?:shorten|condense|trim|cut down|make shorter) {_SECTION}"),
    (Deed.SHORTEN, rf"make {_SECTION} shorter"),
    (Deed.EXPAND, rf"(?:expand|lengthen|extend|elaborate(?: on)?|make longer) {_SECTION}"),
    (Deed.EXPAND, rf"make {_SECTION} longer"),
    (Deed.DELETE, rf"(?:delete|drop|remove|leave out) {_SECTION}"),
    (Deed.KEEP, rf"keep {_SECTION}(?: as it is| unchanged)?"),
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()


def read_instruction(text: str) -> list[Order]:
    """The orders of an instruction. :raises UsageError: a part is not understood; it says what is."""
    if len(text) > LONGEST:
        raise UsageError(
            f"the instruction has {len(text):,} characters, more than {LONGEST:,}; give it in parts"
        )
    parts = [p.strip(" .,") for p in re.split(r";|\n|\.\s+|,? and then |, then ", text)]
    orders = [_read(part) for part in parts if part]
    if not orders:
        raise UsageError(f"the instruction is empty; understood are: {UNDERSTOOD}")
    return orders


def _read(part: str) -> Order:
    plain = re.sub(r"^(?:please|then|and|also) ", "", part, flags=re.IGNORECASE)
    for deed, rule in _RULES:
        if match := re.fullmatch(rule, plain, re.IGNORECASE):
            found = match.groupdict()
            return Order(deed, *(_bare(found.get(name) or "") for name in ("section", "paper", "about")))
    raise UsageError(f"not understood: {part!r}; understood are: {UNDERSTOOD}")


def _bare(text: str) -> str:
    return text.strip(" .\"'“”‘’[]").removeprefix("@")


def find_section(name: str, headings: Sequence[str]) -> int:
    """The place of the section that a number, an ordinal or a part of its heading names.

    :raises UsageError: none or several fit; the message lists the sections there are.
    """
    low = re.sub(r"^(?:the|section|no\.?|number) ", "", name.casefold().strip())
    if low.isdecimal() and 1 <= int(low) <= len(headings):
        return int(low) - 1
    if low == "last" and headings:
        return len(headings) - 1
    if low in _ORDINALS and _ORDINALS.index(low) < len(headings):
        return _ORDINALS.index(low)
    fitting = [i for i, h in enumerate(headings) if low == h.casefold()]
    fitting = fitting or [
        i for i, h in enumerate(headings) if low and not low.isdecimal() and low in h.casefold()
    ]
    if len(fitting) == 1:
        return fitting[0]
    listed = "; ".join(f"{n} {h}" for n, h in enumerate(headings, 1))
    what = "several sections fit" if fitting else "there is no section"
    raise UsageError(f"{what} {name!r}; the sections are: {listed}")
