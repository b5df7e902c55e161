"""An audit of a draft as HTML strings: what is wrong first, every passage verbatim and marked.

Pure functions under the rules of `ui.render`. Uploads lie in folders of odd names, so files are told by
their own names alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from index.cleaning import readable
from rag.audit.report import Audit, CheckedCitation, CheckedSentence, CitationVerdict, Flag
from rag.audit.words import FLAGS, VERDICTS, summary
from ui.escaping import escape
from ui.sources import abstract_html, label

KINDS = {
    CitationVerdict.SUPPORTED: "answered",
    CitationVerdict.PARTLY: "partial",
    CitationVerdict.NOT_SUPPORTED: "refuted",
    CitationVerdict.CONTRADICTED: "refuted",
    CitationVerdict.NOT_IN_LIBRARY: "absent",
    CitationVerdict.NO_ABSTRACT: "absent",
}
SHOWN = 300  # sentences of a group; the annotated copy has them all


def audit_html(audit: Audit) -> str:
    """The findings, what needs a look in front."""
    cited = [s for s in audit.sentences if s.citations]
    wrong = [s for s in cited if s.wrong]
    partly = [s for s in cited if not s.wrong and s.verdict is CitationVerdict.PARTLY]
    rest = [s for s in cited if s not in wrong and s not in partly]
    return (
        f'<p class="overview">{escape(summary(audit))}</p>'
        + _group("To look at", wrong)
        + _entries(audit)
        + _group("Partly supported", partly)
        + _group("Could be cited", [s for s in audit.sentences if s.suggestions])
        + _folded("Nothing wrong", rest)
    )


def _group(heading: str, sentences: list[CheckedSentence]) -> str:
    if not sentences:
        return ""
    body = "".join(map(_sentence, sentences[:SHOWN]))
    more = len(sentences) - SHOWN
    rest = f'<p class="hint">and {more:,} more, in the annotated copy</p>' if more > 0 else ""
    return f'<h3 class="audit-head">{heading}: {len(sentences):,}</h3>{body}{rest}'


def _folded(heading: str, sentences: list[CheckedSentence]) -> str:
    if not sentences:
        return ""
    body = "".join(map(_sentence, sentences[:SHOWN]))
    return f'<details class="touching"><summary>{heading}: {len(sentences):,}</summary>{body}</details>'


def _sentence(checked: CheckedSentence) -> str:
    kind = KINDS[checked.verdict] if checked.verdict else "uncited"
    parts = [*map(_citation, checked.citations), *map(_flag, checked.flags)]
    for s in checked.suggestions:
        title, quote = escape(label(s.paper), 400), escape(readable(s.quote))
        parts.append(
            f'<p class="audit-line"><code class="key">{escape(s.key, 100)}</code> {title}</p>'
            f'<blockquote class="quote">{quote}</blockquote>'
        )
    file = f"{escape(Path(checked.sentence.path).name, 120)}, " if checked.sentence.path else ""
    return (
        f'<section class="finding audited {kind}"><p class="claim"><span class="facts">'
        f"{file}line {checked.sentence.line:d}</span> {escape(checked.sentence.text)}</p>"
        f"{''.join(parts)}</section>"
    )


def _citation(citation: CheckedCitation) -> str:
    why = f'<span class="facts">{escape("; ".join(citation.why), 500)}</span>' if citation.why else ""
    head = (
        f'<p class="outcome {KINDS[citation.verdict]}"><span class="badge">{VERDICTS[citation.verdict.value]}'
        f'</span><code class="key">{escape(citation.key, 100)}</code>{why}</p>'
    )
    if citation.paper is None:
        return head
    abstract = abstract_html(citation.paper, citation.quote, citation.start, citation.end)
    title = escape(label(citation.paper), 400)
    return f'{head}<details class="more"><summary>{title}</summary>{abstract}</details>'


def _flag(flag: Flag) -> str:
    return (
        f'<p class="notice">{FLAGS[flag.kind.value]}: <code class="key">{escape(flag.key, 100)}</code> '
        f"{escape(_named(flag.why), 400)}</p>"
    )


def _entries(audit: Audit) -> str:
    """Flags of the bibliography and places that could not be read, line by line."""
    rows = [(f.path, f.line, f"{FLAGS[f.kind.value]}: {f.key}, {f.why}") for f in audit.flags]
    rows += [(path, p.line, p.why) for path, p in audit.problems]
    return _rows("Entries and files", rows)


def _rows(heading: str, rows: Iterable[tuple[str, int, str]]) -> str:
    items = [
        f"<li>{escape(Path(path).name, 120)}, line {line:d}: {escape(_named(why), 400)}</li>"
        for path, line, why in rows
    ]
    if not items:
        return ""
    more = f"<li>and {len(items) - SHOWN:,} more</li>" if len(items) > SHOWN else ""
    return (
        f'<details class="touching" open><summary>{heading}: {len(items):,}</summary>'
        f"<ul>{''.join(items[:SHOWN])}{more}</ul></details>"
    )


def _named(why: str) -> str:
    """A reason with the last part alone of every path in it."""
    return " ".join(Path(word).name if word.startswith("/") and "." in word else word for word in why.split())
