"""Records as CSL items for one citation style: what it prints of a kind, in the words that it asks for."""

from __future__ import annotations

import re
from typing import Any

from index.kinds import ENTRY_TYPE
from index.types import Paper
from rag.export.csl_json import csl_item
from rag.export.fields import text_of

_LEFT_OUT = (
    "abstract", "keyword", "custom", "note", "PMID", "PMCID", "archive", "archive_location", "language",
)  # fmt: skip
_KNOWN_KINDS = {  # to what citeproc-py 0.11 knows
    "document": "webpage", "standard": "report", "hearing": "report", "regulation": "legislation",
    "periodical": "book", "performance": "speech",
}  # fmt: skip
_DOCTOR = {
    "apa": "Doctoral dissertation", "ieee": "Ph.D. dissertation", "ama": "Dissertation",
    "chicago": "PhD diss.",
}  # fmt: skip
_MASTERS = re.compile(r"\bm\.?(?:sc|s|a|eng|phil)\b|master|mathesis", re.IGNORECASE)
_DOCTORS = re.compile(r"ph\.?\s?d|doctor|dissertation", re.IGNORECASE)
_REPORT_WORDS = {"techreport": "Technical report", "resreport": "Research report"}  # BibLaTeX's


def style_item(paper: Paper, key: str, style: str) -> dict[str, Any]:
    """The CSL item of a paper as a style is to print it."""
    item = csl_item(paper, key)
    for name in _LEFT_OUT:
        item.pop(name, None)
    if "DOI" in item:
        item.pop("URL", None)
    if item["type"].startswith("article-"):
        item.pop("publisher", None)  # of a journal, which no style names; its editors neither
        item.pop("editor", None)
    item["type"] = _KNOWN_KINDS.get(item["type"], item["type"])
    if paper.type == "article" and paper.arxiv_id:
        item |= {"publisher": "arXiv", "number": f"arXiv:{paper.arxiv_id}"}
        item.setdefault("URL", f"https://arxiv.org/abs/{paper.arxiv_id}")
        item.pop("DOI", None)
        item.pop("container-title", None)
    if paper.type == "thesis":
        item["genre"] = _degree(paper, style)
    if item.get("genre") in _REPORT_WORDS:
        item["genre"] = _REPORT_WORDS[item["genre"]]
    _fit(item, paper, style)
    for name in ("title", "container-title", "publisher", "number"):
        if name in item:
            item[name] = _kept(str(item[name]))
    return item


def _fit(item: dict[str, Any], paper: Paper, style: str) -> None:
    """What one style does with a kind and citeproc-py, or its style file, does not."""
    if style == "nature":
        if paper.type == "software":
            item["type"] = "dataset" if "DOI" in item else "webpage"
        if not item.get("author") and item["type"] == "book" and item.get("editor"):
            item |= {"author": item["editor"], "editor_count": len(item.pop("editor"))}
    if style == "apa" and item["type"] == "paper-conference" and item.get("publisher"):
        item["type"] = "chapter"  # proceedings that a publisher brought out are cited as a book is
    if paper.type == "report" and item.get("number") and style in ("ieee", "chicago", "harvard"):
        said = "No." if style != "ieee" else "" if item.get("genre") else "Rep."
        item["number"] = f"{said} {item['number']}".strip()


def _degree(paper: Paper, style: str) -> str:
    """What a style calls a thesis of this kind; a word of the record's own that is neither stays."""
    own = text_of(paper.extra, "work_type") or text_of(paper.extra, "RIS M3")
    if paper.extra.get(ENTRY_TYPE) == "mastersthesis" or _MASTERS.search(own):
        return "Master’s thesis"
    if not own or _DOCTORS.search(own):
        return _DOCTOR.get(style, "PhD thesis")
    return own


def _kept(text: str) -> str:
    """Text whose words like "arXiv" and "mRNA", and "p" of "p < 0.05", no style may capitalise."""
    return re.sub(
        r"\b[a-z]+[A-Z][\w:.-]*|\b[a-z]\b(?= ?[<>=≤≥])", lambda m: f'<span class="nocase">{m[0]}</span>', text
    )
