"""Text from papers, models and file names made safe to put on a page; links built from ids only.

The page's HTML passes through Gradio's Markdown component, so a string must be inert in HTML and
in Markdown alike: every character that either gives a meaning becomes a numeric entity. Control,
bidirectional and tag characters, which can hide or reorder text, are dropped.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

from index.types import Paper

# HTML's own five, and what Markdown, autolinks, LaTeX delimiters and templates react to.
_ACTIVE = frozenset("&<>\"'`*_[](){}!$\\~#|:@^=+")
_ESCAPES = {ord(c): f"&#{ord(c)};" for c in _ACTIVE}
_HIDDEN = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>\\^`{|}]{1,200}")
_ARXIV = re.compile(r"(?:\d{4}\.\d{4,5}|[a-z-]{2,20}(?:\.[A-Z]{2})?/\d{7})(?:v\d{1,3})?")


def plain(text: str, limit: int = 20_000) -> str:
    """The text on one line, without hidden characters, cut at `limit` characters."""
    text = _HIDDEN.sub("", text[: 2 * limit])
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    text = re.sub(r"\s+", " ", text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def escape(text: str, limit: int = 20_000) -> str:
    """The text as inert HTML on one line, also safe inside a quoted attribute."""
    return plain(text, limit).translate(_ESCAPES)


def doi_url(doi: str | None) -> str | None:
    """The address of a DOI at doi.org, or None when it is not a DOI."""
    if doi is None or not _DOI.fullmatch(doi.strip()):
        return None
    return "https://doi.org/" + quote(doi.strip(), safe="/.-_;()")


def arxiv_url(arxiv_id: str | None) -> str | None:
    """The address of an arXiv paper, or None when it is not an arXiv id."""
    if arxiv_id is None:
        return None
    bare = arxiv_id.strip().removeprefix("arXiv:")
    return f"https://arxiv.org/abs/{bare}" if _ARXIV.fullmatch(bare) else None


def pmid_url(pmid: str | None) -> str | None:
    """The address of a record at PubMed, or None when it is not a PubMed number."""
    if pmid is None or not re.fullmatch(r"[0-9]{1,9}", pmid.strip()):
        return None
    return f"https://pubmed.ncbi.nlm.nih.gov/{pmid.strip()}/"


def links(paper: Paper) -> list[tuple[str, str]]:
    """(label, address) of a paper, from its DOI, arXiv id and PMID; the record's own URL is never used."""
    found = [
        ("DOI", doi_url(paper.doi)),
        ("arXiv", arxiv_url(paper.arxiv_id)),
        ("PubMed", pmid_url(paper.pmid)),
    ]
    return [(label, url) for label, url in found if url is not None]
