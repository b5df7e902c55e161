"""Pictures as files: each drawing as SVG, whose marks lead to the papers, and as PNG."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from index.types import Paper
from rag.pictures.draw import drawings
from rag.pictures.pictured import Pictured
from rag.pictures.png import write_png
from rag.pictures.svg import write_svg


def picture_files(
    shown: Pictured, papers: Mapping[str, Paper], folder: Path, stem: str = ""
) -> dict[Path, bytes]:
    """Content by file: `timeline.svg`, `map.png` … in a folder, each name behind `stem`."""
    files = {}
    for name, drawing in drawings(shown).items():
        files[folder / f"{stem}{name}.svg"] = write_svg(drawing, lambda i: _address(papers.get(i))).encode()
        files[folder / f"{stem}{name}.png"] = write_png(drawing)
    return files


def _address(paper: Paper | None) -> str | None:
    """Where a paper is read: its DOI or its arXiv page; a record's own address is not trusted."""
    if paper is None:
        return None
    if paper.doi:
        return f"https://doi.org/{quote(paper.doi, safe='/.-_;()')}"
    return f"https://arxiv.org/abs/{quote(paper.arxiv_id)}" if paper.arxiv_id else None
