"""Dates of works: what the usual spellings mean, and how they are kept.

A date is kept in ISO form ("2018-04", "2018-04-05") where its parts are certain, else as printed.
"""

from __future__ import annotations

import re

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<m>\d{1,2}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?)"
_YEAR = r"(?P<y>1[5-9]\d\d|20\d\d|2100)"
_DAY = r"(?P<d>\d{1,2})"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_YEAR}[/\-.\s]+{_MONTH}(?:[/\-.\s]+{_DAY})?(?:[/T\s].*)?",  # 2018-04-05, 2018/04//, 2018 Apr 5
        r"(?P<y>\d{4})(?P<m>\d\d)(?P<d>\d\d)",  # 20180405
        rf"{_DAY}[.\s]+{_MONTH},?\s+{_YEAR}",  # 5 April 2018
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",  # April 5, 2018
        rf"{_MONTH},?[\s/]+{_YEAR}",  # Apr 2018, 04/2018
    )
)


def date_parts(text: str | None) -> tuple[int, ...]:
    """Year, month and day as far as a date tells them; nothing for one that tells no year."""
    text = (text or "").strip(" /")
    if re.fullmatch(_YEAR, text):
        return (int(text),)
    for form in _FORMS:
        if found := form.fullmatch(text):
            month = month_number(found["m"])
            day = int(found.groupdict().get("d") or 0)
            if month and day <= 31:
                return (int(found["y"]), month, day) if day else (int(found["y"]), month)
    return ()


def month_number(text: str) -> int:
    """1 to 12 for a number or a name of a month, else 0."""
    text = text.strip(" .{}\"'").casefold()
    if text.isascii() and text.isdigit():
        return int(text) if 1 <= int(text) <= 12 else 0
    return MONTHS.index(text[:3]) + 1 if text[:3] in MONTHS else 0


def iso_date(text: str) -> str:
    """The ISO form of a date that is clear, else the text as it is."""
    parts = date_parts(text)
    return "-".join(f"{part:02d}" for part in parts) if parts else text
