"""Nature's references where citeproc-py, or the style file, differs from the journal's formatting guide."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_IMPRINT = re.compile(r"\. \((?P<imprint>[^()]*)\)\.?(?P<rest>(?: doi:\S+)?)$")


def mend_nature(line: str, item: Mapping[str, Any]) -> str:
    """A reference with its DOI once, its editors, edition and degree, and no stop before the bracket."""
    if "DOI" in item and f"https://doi.org/{item['DOI']}" in line:
        line = re.sub(rf"\.? doi:{re.escape(str(item['DOI']))}\.$", ".", line)
    kind = item["type"]
    if kind == "book" and "editor_count" in item:
        at = line.casefold().find(str(item["title"]).casefold())
        line = f"{line[:at]}({'ed.' if item['editor_count'] == 1 else 'eds'}) {line[at:]}" if at > 0 else line
    found = _IMPRINT.search(line) if kind in ("book", "thesis", "report", "pamphlet") else None
    if not found:
        return line
    before, imprint = line[: found.start()], found["imprint"]
    if kind == "thesis":
        school, _, year = imprint.rpartition(", ")
        said = f". {item['genre']}, {school} ({year})" if school else f". {item['genre']} ({imprint})"
    else:
        edition = _edition(str(item.get("edition", ""))) if kind == "book" else ""
        number = f". Report No. {item['number']}" if kind == "report" and item.get("number") else ""
        said = f"{edition}{number} ({imprint})"
    return f"{before}{said}.{found['rest']}"


def _edition(text: str) -> str:
    """An edition as Nature prints it behind a title; the first is not said."""
    number = re.match(r"\d+", text)
    if not text or (number and number[0] == "1"):
        return ""
    if not number:
        return " " + re.sub(r"\W*(?:edition|edn?)\W*$", "", text, flags=re.IGNORECASE) + " edn"
    n = int(number[0])
    ending = "th" if 10 < n % 100 < 20 else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f" {n}{ending} edn"
