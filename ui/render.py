"""Questions and answers as HTML strings: pure functions, no Gradio.

Every string of a paper, a model or a user goes through `escape`; every id in the page is made of
numbers only; addresses come from `links`. A citation is a plain link to `#src-<turn>-<n>`, so it
works with mouse, keyboard and without the page's script. Each fragment is one line: a blank line
would end an HTML block in Markdown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.cleaning import readable
from rag.types import NOT_STATED, Answer, AnswerTable, Origin, Statement, Status, TableCell, Verdict
from ui.chat import Exchange
from ui.escaping import escape, links, plain
from ui.sources import label, source_id, when

OUTCOMES = {
    Status.ANSWERED: ("answered", "Answered"),
    Status.PARTIAL: ("partial", "Partly answered"),
    Status.INSUFFICIENT: ("insufficient", "Not in this library"),
}
PARTLY = "The cited papers support only part of this sentence"


def exchanges_html(exchanges: Sequence[Exchange]) -> str:
    """Several exchanges, oldest first."""
    return "".join(exchange_html(e) for e in exchanges)


def exchange_html(exchange: Exchange) -> str:
    """A question, its outcome and its answer."""
    state = "running" if exchange.running else "finished"
    return (
        f'<section class="turn {state}" id="turn-{exchange.number:d}">'
        f'<h2 class="question">{escape(exchange.question)}</h2>'
        f"{_outcome(exchange)}{_body(exchange)}</section>"
    )


def _outcome(exchange: Exchange) -> str:
    """The badge line: what came of the question, or what is being done."""
    answer = exchange.answer
    if exchange.error is not None:
        return '<p class="outcome failed"><span class="badge">Not answered</span></p>'
    if exchange.stopped:
        return '<p class="outcome stopped"><span class="badge">Stopped</span></p>'
    if answer is None or not answer.done:
        stage = answer.stage if answer is not None and answer.stage else "Reading your question"
        return f'<p class="outcome stage"><span class="pulse"></span>{escape(stage, 200)}</p>'
    kind, words = ("aside", "About Ibid") if answer.aside else OUTCOMES[answer.status]
    return (
        f'<p class="outcome {kind}"><span class="badge">{words}</span>'
        f'<span class="facts">{_facts(answer)}</span></p>'
    )


def _facts(answer: Answer) -> str:
    facts = []
    if answer.aside:
        return ""
    if answer.status is not Status.INSUFFICIENT:
        facts.append(f"{answer.confidence_words} ({answer.confidence:.2f})")
        facts.append(_count(len(answer.references), "paper") + " cited")
    elif answer.retrieved:
        facts.append(_count(len(answer.retrieved), "paper") + " looked at")
    total = answer.timing_ms.get("total")
    if total:
        facts.append(f"{total / 1000:.1f} s")
    return " · ".join(facts)


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def _body(exchange: Exchange) -> str:
    answer = exchange.answer
    if exchange.error is not None:
        return f'<p class="notice">{escape(exchange.error, 1000)}</p>'
    if answer is None:
        return ""
    if answer.done and answer.status is Status.INSUFFICIENT:
        return _refusal(answer, exchange.number)
    parts = []
    if answer.done and answer.notice:
        parts.append(f'<p class="notice">{escape(answer.notice, 1000)}</p>')
    table = _table(answer.table, exchange.number) if answer.table else ""
    parts.append(f'<div class="answer">{_statements(answer, exchange.number)}{table}</div>')
    if answer.done:
        parts.append(_references(answer, exchange.number))
        parts.append(_copy_text(answer))
    return "".join(parts)


def _copy_text(answer: Answer) -> str:
    """The hidden text that the copy button takes; line ends as entities, for a blank line ends the block."""
    lines = answer_markdown(answer).split("\n")
    return f'<pre class="copy-text">{"&#10;".join(escape(line) for line in lines)}</pre>'


def _refusal(answer: Answer, turn: int) -> str:
    """The sentence that says so, and the nearest papers by title."""
    nearest = "".join(
        f'<li><a class="near" href="#{source_id(turn, r.n)}">{escape(label(r.paper), 300)}</a>'
        f'<span class="when">{when(r.paper)}</span></li>'
        for r in answer.nearest
    )
    listing = (
        f'<p class="near-head">The nearest papers</p><ol class="nearest">{nearest}</ol>' if nearest else ""
    )
    return f'<p class="notice">{escape(answer.text, 1000)}</p>{listing}'


def _statements(answer: Answer, turn: int) -> str:
    """Statements as paragraphs, or in a list layout an item for each paper that speaks alone."""
    titles = {r.n: label(r.paper) for r in answer.references}
    html: list[str] = []
    open_tag = ""
    before: Statement | None = None
    for statement in _shown(answer):
        tag = "li" if answer.layout == "list" and len(statement.citations) == 1 else "p"
        same = before is not None and (tag == "p" or before.citations == statement.citations)
        if statement.heading or tag != open_tag or not same:
            html.append(_changed(open_tag, tag, statement.heading))
            open_tag = tag
        html.append(_statement(statement, turn, titles) + " ")
        before = statement
    return "".join(html) + (_CLOSING[open_tag] if open_tag else "")


def _shown(answer: Answer) -> tuple[Statement, ...]:
    """The engine drops what is unsupported; the page does not rely on it."""
    return tuple(s for s in answer.statements if s.verdict is not Verdict.UNSUPPORTED)


_OPENING = {"p": "<p>", "li": '<ul class="points"><li>'}
_CLOSING = {"p": "</p>", "li": "</li></ul>"}


def _changed(open_tag: str, tag: str, heading: str | None) -> str:
    """What stands between the block before and the one that begins."""
    if open_tag == tag == "li" and not heading:
        return "</li><li>"
    closing = _CLOSING[open_tag] if open_tag else ""
    title = f'<h3 class="group">{escape(heading, 200)}</h3>' if heading else ""
    return closing + title + _OPENING[tag]


def _statement(statement: Statement, turn: int, titles: dict[int, str]) -> str:
    """A sentence, its citations, and in words what is not plain about it."""
    cites = "".join(
        f'<a class="cite" href="#{source_id(turn, n)}" title="{escape(titles[n], 200)}">&#91;{n:d}&#93;</a>'
        for n in statement.citations
        if n in titles
    )
    marks = ""
    if statement.verdict is Verdict.PARTLY:
        marks = f'<span class="mark-partly" title="{PARTLY}">partly supported</span>'
    kind = "quoted" if statement.origin is Origin.EXTRACTED else "said"
    title = ' title="In the words of the abstract"' if statement.origin is Origin.EXTRACTED else ""
    return (
        f'<span class="statement {kind}"{title}>{escape(readable(statement.text))}</span>&#32;{cites}{marks}'
    )


def _table(table: AnswerTable, turn: int) -> str:
    """Papers side by side; a cell shows the sentence it rests on where the pointer stands on it."""
    heads = "".join(
        f'<th scope="col">{escape(name, 120)}&#32;{_cite(turn, n)}</th>'
        for name, n in zip(table.names, table.numbers, strict=True)
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(row.aspect)}</th>'
        f"{''.join(_cell(cell, turn) for cell in row.cells)}</tr>"
        for row in table.rows
    )
    return (
        '<div class="table-wrap" tabindex="0" role="region" aria-label="Papers side by side">'
        f'<table class="side-by-side"><thead><tr><td></td>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )


def _cell(cell: TableCell | None, turn: int) -> str:
    if cell is None:
        return f'<td class="silent">{NOT_STATED}</td>'
    quote = escape(readable(cell.quote), 600)
    return f'<td title="{quote}">{escape(readable(cell.text))}&#32;{_cite(turn, cell.n)}</td>'


def _cite(turn: int, n: int) -> str:
    return f'<a class="cite" href="#{source_id(turn, n)}">&#91;{n:d}&#93;</a>'


def _references(answer: Answer, turn: int) -> str:
    """The numbered list under an answer."""
    rows = "".join(
        f'<li><a class="cite" href="#{source_id(turn, r.n)}">&#91;{r.n:d}&#93;</a> '
        f'{escape(label(r.paper), 300)} <span class="when">{when(r.paper)}</span></li>'
        for r in answer.references
    )
    return f'<ul class="reference-list">{rows}</ul>' if rows else ""


def answer_markdown(answer: Answer) -> str:
    """The answer with its references as text to copy: Markdown with a numbered list."""
    shown = replace(answer, statements=_shown(answer))
    lines = [plain(line) if line.strip() else "" for line in shown.text.split("\n")]
    lines.append("")
    for r in answer.references or answer.nearest:
        date = str(r.paper.year) if r.paper.year is not None else r.paper.date
        where = ", ".join(part for part in (date, r.paper.venue) if part)
        address = "".join(f" {url}" for _, url in links(r.paper)[:1])
        lines.append(plain(f"[{r.n}] {label(r.paper)}{f' ({where})' if where else ''}.{address}"))
    return "\n".join(lines).strip() + "\n"
