"""The text of a chunk as it is embedded and as it is indexed for keywords.

Both use the cleaned title and chunk text; what is stored and quoted stays as it was read.
"""

from __future__ import annotations

from index.cleaning import readable
from index.types import Paper


def title_text(paper: Paper) -> str:
    """The cleaned title; empty where the source had none."""
    return readable(paper.title) if paper.title else ""


def body_text(paper: Paper, start: int, end: int) -> str:
    """The cleaned text of a span of the abstract."""
    return readable(paper.abstract[start:end]) if end > start else ""


def embedded_text(paper: Paper, start: int, end: int) -> str:
    """Title and span, as the embedder sees them."""
    return "\n".join(part for part in (title_text(paper), body_text(paper, start, end)) if part)
