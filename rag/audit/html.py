"""An audit as one HTML page that loads nothing and runs nothing: what is wrong first, passages to open.

Everything from drafts and papers is escaped, and a content policy forbids what slips through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from index.cleaning import readable
from rag.audit.report import Audit, CheckedCitation, CheckedSentence, Flag, Suggestion
from rag.audit.words import FLAGS, VERDICTS, summary

_STYLE = """
body{font:16px/1.55 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;
background:#fff}h1{font-size:1.5rem;overflow-wrap:anywhere}h2{font-size:1.15rem;margin-top:2rem}
ul{list-style:none;padding:0}li.s{border-left:4px solid #bbb;margin:.9rem 0;padding:.1rem 0 .1rem .9rem}
li.supported{border-color:#2e7d32}li.partly{border-color:#b58900}li.wrong{border-color:#c62828}
.line{color:#666;font-size:.85rem;margin-right:.4rem}.tag{font-weight:600}.supported .tag{color:#2e7d32}
.partly .tag{color:#8a6800}.not_supported .tag,.contradicted .tag,.flag{color:#b71c1c}
code{font-size:.92em;background:#f2f2f2;padding:0 .25rem;border-radius:3px}
q,blockquote{font-family:Georgia,serif}blockquote{margin:.3rem 0 .3rem 1rem;color:#333}
details{margin:.2rem 0 .2rem 1rem}summary{cursor:pointer;color:#555}.why{color:#555}
table{border-collapse:collapse}td,th{border:1px solid #bbb;padding:.2rem .7rem;text-align:left}
@media(prefers-color-scheme:dark){body{background:#161616;color:#e6e6e6}code{background:#2a2a2a}
blockquote{color:#ccc}.why,.line,summary{color:#aaa}.supported .tag{color:#81c784}.partly .tag{color:#e0b84c}
.not_supported .tag,.contradicted .tag,.flag{color:#ef9a9a}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def write_html(audit: Audit) -> str:
    """The page."""
    return "".join(_page(audit))


def _page(audit: Audit) -> Iterator[str]:
    title = _text(f"Citations of {audit.path}")
    yield (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>{title}</title><style>{_STYLE}</style></head>\n<body><main>\n<h1>{title}</h1>\n"
        f"<p>{_text(summary(audit))}</p>\n"
    )
    yield from body(audit)
    yield "</main></body></html>\n"


def body(audit: Audit) -> Iterator[str]:
    """The findings alone, to stand in another page."""
    cited = [s for s in audit.sentences if s.citations]
    yield from _list("To look at", [s for s in cited if s.wrong])
    yield from _flags(audit.flags)
    yield from _list("Partly supported", [s for s in cited if not s.wrong and s.verdict == "partly"])
    yield from _list("Could be cited", [s for s in audit.sentences if s.suggestions])
    yield from _list("The rest", [s for s in cited if not s.wrong and s.verdict != "partly"])
    if audit.problems:
        yield "<h2>Could not be read</h2>\n<ul>\n"
        for path, problem in audit.problems:
            yield f"<li>{_text(path)}:{problem.line}: {_text(problem.why)}</li>\n"
        yield "</ul>\n"


def _list(heading: str, sentences: Iterable[CheckedSentence]) -> Iterator[str]:
    items = list(map(_sentence, sentences))
    if items:
        yield f"<h2>{heading} ({len(items)})</h2>\n<ul>\n"
        yield from items
        yield "</ul>\n"


def _sentence(checked: CheckedSentence) -> str:
    kind = "wrong" if checked.wrong else checked.verdict.value if checked.verdict else "uncited"
    file = f"{_text(Path(checked.sentence.path).name)}, " if checked.sentence.path else ""
    parts = [
        f'<span class="line">{file}line {checked.sentence.line}</span>{_text(checked.sentence.text)}<ul>'
    ]
    parts += map(_citation, checked.citations)
    parts += map(_flag, checked.flags)
    parts += map(_suggestion, checked.suggestions)
    return f'<li class="s {kind}">{"".join(parts)}</ul></li>\n'


def _citation(citation: CheckedCitation) -> str:
    verdict = citation.verdict.value
    why = f' <span class="why">({_text("; ".join(citation.why))})</span>' if citation.why else ""
    head = f'<span class="tag">{VERDICTS[verdict]}</span> <code>{_text(citation.key)}</code>{why}'
    if citation.paper is None:
        return f'<li class="{verdict}">{head}</li>'
    title = _text(readable(citation.paper.label))
    before, after = citation.paper.abstract[: citation.start], citation.paper.abstract[citation.end :]
    passage = (
        f"<blockquote>{_text(readable(before))} <mark>{_text(readable(citation.quote))}</mark> "
        f"{_text(readable(after))}</blockquote>"
    )
    return f'<li class="{verdict}">{head}<details><summary>{title}</summary>{passage}</details></li>'


def _suggestion(suggestion: Suggestion) -> str:
    title = _text(readable(suggestion.paper.label))
    quote = _text(readable(suggestion.quote))
    return f"<li><code>{_text(suggestion.key)}</code> {title}: <q>{quote}</q></li>"


def _flag(flag: Flag) -> str:
    return (
        f'<li class="flag">{FLAGS[flag.kind.value]}: <code>{_text(flag.key)}</code>, {_text(flag.why)}</li>'
    )


def _flags(flags: Iterable[Flag]) -> Iterator[str]:
    items = [
        f'<li><span class="line">{_text(f.path)}:{f.line}</span><ul>{_flag(f)}</ul></li>\n' for f in flags
    ]
    if items:
        yield f"<h2>Entries and keys ({len(items)})</h2>\n<ul>\n"
        yield from items
        yield "</ul>\n"


def _text(text: str) -> str:
    return escape(" ".join(text.split()))
