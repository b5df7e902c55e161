"""An outcome in the terminal: a table of systems and measures, with intervals and tests."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

from rag.commands.output import console, plain
from rag.evaluate.report import figure

if TYPE_CHECKING:
    from rich.table import Table

    from rag.evaluate.outcome import Outcome


def print_outcome(outcome: Outcome) -> None:
    """One table where the systems share their measures, else one for each group of measures."""
    if len({tuple(found) for found in outcome.measures.values()}) == 1 and len(outcome.measures) > 1:
        _side_by_side(outcome.kind, outcome.measures, outcome)
    else:
        for group, found in outcome.measures.items():
            _one_a_line(group, found, outcome)
    for name, measures in outcome.compared.items():
        _side_by_side(f"compared: {name}", measures, outcome)
    out = console()
    for note in outcome.notes:
        out.print(plain(note), style="dim")


def _side_by_side(title: str, measures: Mapping[str, Mapping[str, float]], outcome: Outcome) -> None:
    names = list(next(iter(measures.values())))
    table = _table(title, ["", *names])
    own = measures is outcome.measures
    for system, found in measures.items():
        table.add_row(plain(system), *(_cell(outcome, system, n, found[n], own) for n in names))
    _print(table)


def _one_a_line(group: str, found: Mapping[str, float], outcome: Outcome) -> None:
    table = _table(group, ["measure", "value"])
    for name, value in found.items():
        table.add_row(plain(name), _cell(outcome, group, name, value, own=True))
    _print(table)


def _cell(outcome: Outcome, system: str, name: str, value: float, own: bool) -> str:
    bounds = outcome.intervals.get(system, {}).get(name) if own else None
    p = outcome.p_values.get(system, {}).get(name) if own else None
    shown = figure(value) + (f"  [{bounds[0]:.3f}, {bounds[1]:.3f}]" if bounds else "")
    return shown + ("" if p is None else "  p<0.001" if p < 0.001 else f"  p={p:.3f}")


def _table(title: str, heads: list[str]) -> Table:
    from rich.table import Table

    table = Table(title=plain(title), title_justify="left")
    for place, head in enumerate(heads):
        table.add_column(plain(head), justify="right" if place else "left")
    return table


def _print(table: Table) -> None:
    """Whole also in a pipe, where there is no width to fit."""
    out = console()
    if not sys.stdout.isatty():
        out.width = max(200, shutil.get_terminal_size().columns)
    out.print(table)
