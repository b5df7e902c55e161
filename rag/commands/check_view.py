"""An audit in the terminal: one block a sentence, a mark a citation, then flags and counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.audit.words import FLAGS, VERDICTS, summary
from rag.commands.output import console, plain

if TYPE_CHECKING:
    from rich.console import Console

    from rag.audit.report import Audit, CheckedCitation, CheckedSentence, Flag, Suggestion

_MARKS = {
    "supported": ("✓", "bold green"),
    "partly": ("~", "bold yellow"),
    "not_supported": ("?", "bold red"),
    "contradicted": ("✗", "bold red"),
    "not_in_library": ("·", "dim"),
    "no_abstract": ("·", "dim"),
}
_LISTED = 10  # entries that nobody cites, named one by one


def show_audit(audit: Audit) -> None:
    """Print an audit."""
    from rich.text import Text

    out = console()
    for checked in audit.sentences:
        _show_sentence(out, audit, checked)
    idle = [flag for flag in audit.flags if flag.kind.value == "never_cited"]
    for flag in audit.flags:
        if len(idle) <= _LISTED or flag.kind.value != "never_cited":
            _show_flag(out, flag, f"{plain(flag.path)}:{flag.line}: ")
    if len(idle) > _LISTED:
        named = ", ".join(plain(flag.key) for flag in idle[:_LISTED])
        out.print(Text("! ", "bold red") + Text(f"{len(idle):,} entries are never cited: {named}, …"))
    for path, problem in audit.problems:
        out.print(Text(f"! {plain(path)}:{problem.line}: {plain(problem.why)}", "yellow"))
    out.print(Text(summary(audit), "bold"))


def _show_sentence(out: Console, audit: Audit, checked: CheckedSentence) -> None:
    from rich.text import Text

    place = Text(f"{plain(checked.sentence.path or audit.path)}:{checked.sentence.line}: ", "dim")
    out.print(place + Text(plain(checked.sentence.text)))
    for citation in checked.citations:
        _show_citation(out, citation)
    for flag in checked.flags:
        _show_flag(out, flag, "  ")
    for suggestion in checked.suggestions:
        _show_suggestion(out, suggestion)


def _show_citation(out: Console, citation: CheckedCitation) -> None:
    from rich.text import Text

    from index.cleaning import readable

    mark, style = _MARKS[citation.verdict.value]
    why = f" ({plain('; '.join(citation.why))})" if citation.why else ""
    said = VERDICTS[citation.verdict.value]
    out.print(Text(f"  {mark} ", style) + Text(plain(citation.key), "cyan") + Text(f" {said}{why}"))
    if citation.quote and citation.verdict.value != "supported":
        out.print(Text(f"      “{plain(readable(citation.quote))}”", "italic"))


def _show_suggestion(out: Console, suggestion: Suggestion) -> None:
    from rich.text import Text

    from index.cleaning import readable

    out.print(Text("  + ", "bold blue") + Text(plain(suggestion.key), "cyan") + Text(" could be cited"))
    out.print(Text(f"      “{plain(readable(suggestion.quote))}”", "italic"))


def _show_flag(out: Console, flag: Flag, before: str) -> None:
    from rich.text import Text

    text = f"{FLAGS[flag.kind.value]}: {plain(flag.key)}: {plain(flag.why)}"
    out.print(Text(f"{before}! ", "bold red") + Text(text))
