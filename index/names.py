"""Personal and corporate names: the one written form that records keep, and its parts.

A record holds "Family, Given" or "Family, Given, Suffix" where its source told the parts apart, and the
name as printed where it did not. Splitting a printed name follows BibTeX: words in lower case open the
family name; a last word of initials ("Liu R.") is the given name. Organisations are not split.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_INITIALS = re.compile(r"(?:[A-Z]\.?[ -]?){1,4}")
_SUFFIX = re.compile(r"(?:jr|sr|[23]rd|2nd|I{2,3}|IV)\.?", re.IGNORECASE)
_PARTICLE = re.compile(
    r"(?:a[fl]|auf|d[aeiou]s?|dell[ao]|della|delle|del|den|der|di|dos|du|el|la|las|le|les|los|ten|ter|van|"
    r"von|vom|zu|zum|zur|y|e|'t|’t)",
)
_CORPORATE = re.compile(
    r"\b(?:academy|administration|agency|alliance|assembly|association|authority|board|bureau|cent(?:er|re)|"
    r"college|collaboration|collaborators|commission|committee|companies|company|congress|consortium|"
    r"corporation|council|department|federation|foundation|group|initiative|institut[eo]?|institution|"
    r"investigators|laborator(?:y|ies)|league|ministry|nations|network|office|organi[sz]ation|parliament|"
    r"programme|project|registry|school|service|society|study|team|trial|union|universit\w*|workgroup)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of a name; an organisation, or a name of one word, has a family name only."""

    family: str
    given: str = ""
    suffix: str = ""

    @property
    def stored(self) -> str:
        """The form that records keep."""
        return ", ".join(part for part in (self.family, self.given, self.suffix) if part)

    @property
    def printed(self) -> str:
        """The form for reading: "Given Family Suffix"."""
        return " ".join(part for part in (self.given, self.family, self.suffix) if part)


def split_name(text: str, *, corporate: bool = False) -> Name:
    """The parts of a name as a record keeps it. :param corporate: the record says so."""
    text = " ".join(text.split())
    if corporate or ("," not in text and _CORPORATE.search(text)):
        return Name(text)
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 2 and _SUFFIX.fullmatch(parts[1]):
        plain = _split_printed(parts[0])
        return Name(plain.family, plain.given, parts[1])
    if len(parts) == 3 and _SUFFIX.fullmatch(parts[1]) and not _SUFFIX.fullmatch(parts[2]):
        return Name(parts[0], parts[2], parts[1])  # BibTeX: "Family, Jr., Given"
    if len(parts) in (2, 3) and parts[0]:
        return Name(*parts)
    return _split_printed(text) if len(parts) == 1 else Name(text)


def _split_printed(text: str) -> Name:
    words = text.split()
    if len(words) < 2:
        return Name(text)
    suffix = ""
    if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) and not _INITIALS.fullmatch(words[-1]):
        suffix, words = words[-1], words[:-1]
    if _INITIALS.fullmatch(words[-1]) and not _INITIALS.fullmatch(words[0]):
        at = next((i for i, word in enumerate(words) if _INITIALS.fullmatch(word)), len(words) - 1)
        return Name(" ".join(words[:at]), " ".join(words[at:]), suffix)
    at = next((i for i in range(1, len(words) - 1) if _PARTICLE.fullmatch(words[i])), len(words) - 1)
    if _PARTICLE.fullmatch(words[0]):  # "van Loon", "de la Cruz Maria" is left alone
        return Name(" ".join(words), suffix=suffix)
    return Name(" ".join(words[at:]), " ".join(words[:at]), suffix)


def printed_name(text: str) -> str:
    """A record's name for reading: "Given Family"."""
    return split_name(text).printed
