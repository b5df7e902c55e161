"""Claims and references in the terminal: a mark, the quote, the key; one paper a block."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.commands.output import console, plain

if TYPE_CHECKING:
    from rag.claims import CiteReport
    from rag.partial_reference import ReferenceMatch

_MARKS = {"supports": ("✓", "bold green"), "refutes": ("✗", "bold red"), "neutral": ("·", "dim")}
_VERDICTS = {
    "supported": ("Supported", "bold green"),
    "refuted": ("Refuted", "bold red"),
    "mixed": ("Mixed", "bold yellow"),
    "not_found": ("Not found: no abstract of this library speaks to it", "bold"),
}


def show_reports(reports: Sequence[CiteReport]) -> None:
    """Print what was found for each sentence."""
    from rich.text import Text

    out = console()
    for n, report in enumerate(reports):
        if len(reports) > 1:
            out.print(Text(("\n" if n else "") + plain(report.claim), "bold"))
        out.print(Text(*_VERDICTS[report.verdict.value]))
        if len(report.parts) > 1:
            for part in report.parts:
                out.print(
                    Text(
                        f"  {_VERDICTS[part.verdict.value][0].split(':')[0].lower()}: {plain(part.text)}",
                        "dim",
                    )
                )
        _show_papers(report)


def _show_papers(report: CiteReport) -> None:
    from rich.text import Text

    from index.cleaning import readable

    out = console()
    for paper in report.papers:
        mark, style = _MARKS[paper.stance.value]
        year = f" ({paper.paper.year})" if paper.paper.year else ""
        title = plain(readable(paper.paper.label))
        out.print(
            Text(f"{mark} ", style) + Text(f"{paper.key}", "cyan") + Text(f" {title}{year} {paper.score:.2f}")
        )
        if paper.stance.value != "neutral":
            out.print(Text(f"    “{plain(readable(paper.quote))}”", "italic"))


def show_matches(matches: Sequence[ReferenceMatch], reference: str) -> None:
    """Print the papers that a partial reference may mean, and why."""
    from rich.text import Text

    from index.cleaning import readable

    if not matches:
        sys.stderr.write(f"ibid: no paper fits {plain(reference)!r}; try other words, or `ibid search`\n")
        return
    out = console()
    for n, match in enumerate(matches, 1):
        year = f" ({match.paper.year})" if match.paper.year else ""
        title = plain(readable(match.paper.label))
        out.print(Text(f"{n:>2}. ", "bold") + Text(match.key, "cyan") + Text(f" {title}{year}"))
        out.print(Text(f"     {match.score:.2f} · {plain('; '.join(match.why))}", "dim"))
