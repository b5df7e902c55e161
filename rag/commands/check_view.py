"""An audit in the terminal: what needs a look first, one block a sentence, then counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.commands.output import console, plain

if TYPE_CHECKING:
    from rich.console import Console

    from rag.audit.report import Audit, CheckedCitation, CheckedSentence, Flag

MARKS = {
    "supported": ("✓", "bold green", "supported"),
    "partly": ("~", "bold yellow", "partly supported"),
    "not_supported": ("?", "bold red", "not supported"),
    "contradicted": ("✗", "bold red", "contradicted"),
    "not_in_library": ("·", "dim", "not in the library"),
    "no_abstract": ("·", "dim", "without an abstract"),
}


def show_audit(audit: Audit) -> None:
    """Print an audit."""
    from rich.text import Text

    out = console()
    for checked in audit.sentences:
        _show_sentence(out, audit, checked)
    for flag in audit.flags:
        _show_flag(out, flag)
    for path, problem in audit.problems:
        out.print(Text(f"! {plain(path)}:{problem.line}: {plain(problem.why)}", "yellow"))
    counts = ", ".join(f"{n} {MARKS[v][2]}" for v, n in audit.counts.items() if n) or "none"
    total = sum(audit.counts.values())
    out.print(Text(f"{total} citations in {audit.read} sentences: {counts}", "bold"))


def _show_sentence(out: Console, audit: Audit, checked: CheckedSentence) -> None:
    from rich.text import Text

    if not checked.citations and not checked.suggestions:
        return
    out.print(Text(f"{plain(audit.path)}:{checked.sentence.line}: ", "dim") + Text(plain(checked.sentence.text)))
    for citation in checked.citations:
        _show_citation(out, citation)
    for flag in checked.flags:
        _show_flag(out, flag)


def _show_citation(out: Console, citation: CheckedCitation) -> None:
    from rich.text import Text

    from index.cleaning import readable

    mark, style, said = MARKS[citation.verdict.value]
    why = f" ({plain('; '.join(citation.why))})" if citation.why else ""
    out.print(Text(f"  {mark} ", style) + Text(plain(citation.key), "cyan") + Text(f" {said}{why}"))
    if citation.quote and citation.verdict.value != "supported":
        out.print(Text(f"      “{plain(readable(citation.quote))}”", "italic"))


def _show_flag(out: Console, flag: Flag) -> None:
    from rich.text import Text

    out.print(Text(f"  ! {flag.kind.value.replace('_', ' ')}: {plain(flag.key)}: {plain(flag.why)}", "red"))
