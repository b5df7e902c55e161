"""An outcome as one HTML file that loads nothing: tables, plots, the worst cases with their text.

Texts come from papers, questions and models and are hostile: everything is escaped, control characters
are taken out, and the page forbids scripts and loads by its own policy.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from rag.evaluate.markup import safe
from rag.evaluate.outcome import Case, Outcome, rounded
from rag.evaluate.plots import bars_svg, curve_svg

_PROBLEMS = 50  # listed; the rest is counted
_ASKED = 220  # characters of a question in the list
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = """
:root { color-scheme: light dark; --ground: #faf8f3; --card: #fff; --ink: #1d2327; --soft: #565e66;
  --rule: #e1dccf; --accent: #14566b; --mark: #b4530a; }
@media (prefers-color-scheme: dark) { :root { --ground: #14181b; --card: #1c2226; --ink: #e9e6df;
  --soft: #a9b0b6; --rule: #323a40; --accent: #86c5d8; --mark: #efc57c; } }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 70rem; background: var(--ground);
  color: var(--ink); font: 1rem/1.5 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
p { margin: .3rem 0; } .soft, dt { color: var(--soft); font-size: .9rem; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } table { border-collapse: collapse; background: var(--card); font-size: .92rem; }
th, td { padding: .4rem .75rem; border: 1px solid var(--rule); text-align: right; white-space: nowrap;
  font-variant-numeric: tabular-nums; } th:first-child, td:first-child { text-align: left; }
td small { display: block; color: var(--soft); }
.side { display: flex; flex-wrap: wrap; gap: 0 2.5rem; align-items: flex-start; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 28rem), 1fr)); gap: 1.25rem;
  align-items: start; }
figure { margin: 0; padding: 1rem; min-width: 0; max-width: 100%; background: var(--card);
  border: 1px solid var(--rule); box-sizing: border-box; }
figcaption { font-weight: 600; margin-bottom: .5rem; }
figure > svg { width: 100%; height: auto; max-width: 40rem; } .legend { font-size: .9rem; }
.legend span { margin-right: 1rem; white-space: nowrap; } .legend svg { vertical-align: middle; }
text { fill: var(--ink); font-size: 12px; } .rule { stroke: var(--rule); }
.track { fill: var(--rule); opacity: .5; }
.bar { fill: var(--accent); } .bound { stroke: var(--mark); stroke-width: 3; }
details { background: var(--card); border: 1px solid var(--rule); margin: .5rem 0; padding: .6rem .9rem; }
summary { cursor: pointer; overflow-wrap: anywhere; } .fault { color: var(--mark); font-size: .9rem; }
dl { margin: .6rem 0 0; } dd { margin: 0 0 .6rem; white-space: pre-wrap; overflow-wrap: anywhere; }
"""


def html_report(outcome: Outcome) -> str:
    """The whole page."""
    title = f"Evaluation: {outcome.kind}"
    sections = [
        _head(outcome, title),
        _own_tables(outcome),
        *(_side_by_side(f"Compared: {name}", found, None) for name, found in outcome.compared.items()),
        _plots(outcome),
        _cases(outcome.cases),
        _problems(outcome.problems),
        _settings(outcome),
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{safe(title)}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{_STYLE}</style></head><body>{''.join(sections)}</body></html>\n"
    )


def _head(outcome: Outcome, title: str) -> str:
    notes = "".join(f"<p class='soft'>{safe(note)}</p>" for note in outcome.notes)
    return f"<h1>{safe(title)}</h1><p class='soft'>{safe(outcome.data)} · {outcome.seconds:.1f} s</p>{notes}"


def _own_tables(outcome: Outcome) -> str:
    """Systems that share their measures share a table; groups of other measures have one each."""
    if len({tuple(found) for found in outcome.measures.values()}) == 1 and len(outcome.measures) > 1:
        return _side_by_side("Measures", outcome.measures, outcome)
    parts = []
    for group, found in outcome.measures.items():
        rows = "".join(
            f"<tr><td>{safe(name)}</td>{_cell(value, outcome, group, name)}</tr>"
            for name, value in found.items()
        )
        heading = f"<h2>{safe(group.capitalize())}</h2>"
        parts.append(f"<section>{heading}<div class='wide'><table>{rows}</table></div></section>")
    return f"<div class='side'>{''.join(parts)}</div>"


def _side_by_side(title: str, measures: Mapping[str, Mapping[str, float]], details: Outcome | None) -> str:
    """Systems down, measures across. :param details: the outcome that holds their intervals and tests."""
    head = "".join(f"<th>{safe(name)}</th>" for name in next(iter(measures.values())))
    rows = "".join(
        f"<tr><td>{safe(system)}</td>"
        + "".join(_cell(value, details, system, name) for name, value in found.items())
        + "</tr>"
        for system, found in measures.items()
    )
    return f"<h2>{safe(title)}</h2><div class='wide'><table><tr><th></th>{head}</tr>{rows}</table></div>"


def _cell(value: float, details: Outcome | None, system: str, name: str) -> str:
    said = []
    if details is not None and name in details.intervals.get(system, {}):
        low, high = details.intervals[system][name]
        said.append(f"{low:.3f}–{high:.3f}")
    if details is not None and name in details.p_values.get(system, {}):
        p = details.p_values[system][name]
        said.append("p &lt; 0.001" if p < 0.001 else f"p = {p:.3f}")
    small = f"<small>{' · '.join(said)}</small>" if said else ""
    return f"<td>{figure(value)}{small}</td>"


def _settings(outcome: Outcome) -> str:
    shown = json.dumps(rounded(outcome.settings), ensure_ascii=False)
    return f"<h2>Settings</h2><p class='soft'>{safe(shown)}</p>"


def figure(value: float) -> str:
    """A measure as it is shown: shares with four places, times and counts without."""
    return f"{value:.4f}" if isinstance(value, float) and abs(value) < 10 else f"{value:,.0f}"


def _plots(outcome: Outcome) -> str:
    drawn = [*map(curve_svg, outcome.curves), *map(bars_svg, outcome.bars)]
    return f"<h2>Plots</h2><div class='plots'>{''.join(drawn)}</div>" if drawn else ""


def _cases(cases: tuple[Case, ...]) -> str:
    if not cases:
        return ""
    return f"<h2>Worst cases</h2>{''.join(map(_case, cases))}"


def _case(case: Case) -> str:
    long = len(case.asked) > _ASKED
    asked = case.asked[:_ASKED] + "…" if long else case.asked
    shown = {"asked": case.asked, **case.texts} if long else case.texts
    texts = "".join(f"<dt>{safe(name)}</dt><dd>{safe(text)}</dd>" for name, text in shown.items())
    return (
        f"<details><summary><strong>{safe(case.id)}</strong> {safe(asked)} "
        f"<span class='fault'>{safe(case.fault)}</span></summary><dl>{texts}</dl></details>"
    )


def _problems(problems: tuple[str, ...]) -> str:
    if not problems:
        return ""
    lines = "".join(f"<li>{safe(problem)}</li>" for problem in problems[:_PROBLEMS])
    more = f"<p class='soft'>and {len(problems) - _PROBLEMS} more</p>" if len(problems) > _PROBLEMS else ""
    return f"<h2>Left out</h2><ul class='soft'>{lines}</ul>{more}"
