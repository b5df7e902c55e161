"""An answer in the terminal: statements as they are checked, then where each comes from."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rag.commands.output import console, plain

if TYPE_CHECKING:
    from rich.status import Status

    from rag.types import Answer, AnswerTable, Reference, Statement

_STATUS = {
    "answered": ("Answered from the library", "bold green"),
    "partial": ("Partly answered", "bold yellow"),
    "insufficient": ("Not in this library", "bold red"),
}


class AnswerView:
    """Prints the snapshots of one answer; the stage is shown on stderr while it runs."""

    def __init__(self, *, stream: bool = True) -> None:
        self._out = console()
        self._stream = stream
        self._printed: set[str] = set()  # texts; their places may move
        self._before: Statement | None = None
        self._last: Answer | None = None
        self._stage: Status | None = None
        if sys.stderr.isatty():
            self._stage = console(error=True).status("Searching")
            self._stage.start()

    @property
    def last(self) -> Answer:
        """The newest snapshot."""
        if self._last is None:
            raise RuntimeError("no answer was shown")
        return self._last

    def update(self, answer: Answer) -> None:
        """Show what is new in a snapshot."""
        self._last = answer
        if self._stage and answer.stage:
            self._stage.update(answer.stage)
        if answer.done:
            self.close()
            self._finish(answer)
        elif self._stream:
            self._print_new(answer)

    def close(self) -> None:
        """Take the stage line away."""
        if self._stage:
            self._stage.stop()
            self._stage = None

    def _print_new(self, answer: Answer) -> None:
        for statement in answer.statements:
            if statement.text not in self._printed:
                self._print_statement(answer, statement)
                self._before = statement
                self._printed.add(statement.text)

    def _print_statement(self, answer: Answer, statement: Statement) -> None:
        from rich.text import Text

        if statement.heading:
            self._out.print()
            self._out.print(Text(plain(statement.heading), "bold"))
        item = answer.layout == "list" and len(statement.citations) == 1
        before = self._before if not statement.heading else None
        same = before is not None and before.citations == statement.citations
        lead = "" if not item else "  " if same else "• "
        marks = "".join(f"[{n}]" for n in statement.citations)
        self._out.print(Text(lead + plain(statement.text) + " ") + Text(marks, "cyan"))

    def _finish(self, answer: Answer) -> None:
        from rich.text import Text

        words, style = _STATUS[answer.status.value]
        if answer.status.value == "insufficient":
            if answer.aside:
                words, style = "About Ibid", "bold"
            self._out.print(Text(words, style) + Text(f": {plain(answer.text)}"))
            if answer.nearest:
                self._out.print(Text("Nearest papers:", "bold"))
            for reference in answer.nearest:
                self._print_reference(reference)
            return
        self._print_new(answer)
        if answer.table:
            self._print_table(answer.table)
        self._out.print()
        if answer.notice:
            self._out.print(Text(plain(answer.notice), "italic"))
        self._out.print(
            Text(words, style) + Text(f" · {answer.confidence_words} ({answer.confidence:.2f})", "dim")
        )
        for reference in answer.references:
            self._print_reference(reference)
        if answer.followups:
            self._out.print(Text("You could ask next:", "dim"))
            for followup in answer.followups:
                self._out.print(Text(f"  {plain(followup)}", "dim"))

    def _print_table(self, table: AnswerTable) -> None:
        """The papers side by side; narrow terminals wrap the cells."""
        from rich.table import Table
        from rich.text import Text

        from rag.types import NOT_STATED

        shown = Table(show_lines=True, expand=False)
        shown.add_column("")
        for name, n in zip(table.names, table.numbers, strict=True):
            shown.add_column(Text(f"{plain(name)} ") + Text(f"[{n}]", "cyan"))
        for row in table.rows:
            cells = [
                Text(f"{plain(c.text)} ") + Text(f"[{c.n}]", "cyan") if c else Text(NOT_STATED, "dim")
                for c in row.cells
            ]
            shown.add_row(Text(row.aspect, "bold"), *cells)
        self._out.print(shown)

    def _print_reference(self, reference: Reference) -> None:
        from rich.text import Text

        from index.cleaning import readable

        year = f" ({reference.paper.year})" if reference.paper.year else ""
        title = plain(readable(reference.paper.label))
        self._out.print(Text(f"[{reference.n}] ", "cyan") + Text(title, "bold") + Text(year))
        self._out.print(Text(f"    “{plain(readable(reference.quote))}”", "italic"))
