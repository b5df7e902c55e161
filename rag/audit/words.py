"""An audit in words: names of verdicts and flags, a line that sums up, the notes of an annotated copy."""

from __future__ import annotations

import unicodedata

from index.cleaning import readable
from rag.audit.draft import Notes
from rag.audit.report import Audit, CheckedCitation, CheckedSentence, CitationVerdict

VERDICTS = {
    "supported": "supported",
    "partly": "partly supported",
    "not_supported": "not supported",
    "contradicted": "contradicted",
    "not_in_library": "not in the library",
    "no_abstract": "without an abstract",
}
FLAGS = {
    "missing_key": "no such key",
    "number_differs": "another number",
    "same_paper": "same paper twice",
    "retracted": "retracted",
    "never_cited": "never cited",
}
_LONGEST = 240  # characters of a quote in a note


def summary(audit: Audit) -> str:
    """Counts in one line."""
    counts = audit.counts
    total = sum(counts.values())
    said = ", ".join(f"{n} {VERDICTS[v]}" for v, n in counts.items() if n)
    flags = sum(1 for _ in audit.all_flags)
    suggested = sum(bool(s.suggestions) for s in audit.sentences)
    parts = [f"{total} citation{'s' * (total != 1)}" + (f": {said}" if said else "")]
    parts += [f"{flags} flag{'s' * (flags != 1)}"] if flags else []
    parts += (
        [f"{suggested} uncited sentence{'s' * (suggested != 1)} with a paper to cite"] if suggested else []
    )
    return "; ".join(parts)


def notes(audit: Audit) -> Notes:
    """What the annotated copy says beside each sentence; those that hold are left alone."""
    return {s.number: text for s in audit.sentences if (text := _note(s))}


def _note(checked: CheckedSentence) -> str:
    parts = [_said(c) for c in checked.citations if c.verdict is not CitationVerdict.SUPPORTED]
    parts += [f"{FLAGS[f.kind.value]}: {f.key}, {f.why}" for f in checked.flags]
    parts += [f"could cite {s.key}: “{_short(s.quote)}”" for s in checked.suggestions[:1]]
    text = " ".join("; ".join(parts).split())
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def _said(citation: CheckedCitation) -> str:
    why = f" ({'; '.join(citation.why)})" if citation.why else ""
    quote = f": “{_short(citation.quote)}”" if citation.quote else ""
    return f"{citation.key} {VERDICTS[citation.verdict.value]}{why}{quote}"


def _short(quote: str) -> str:
    plain = " ".join(readable(quote).split())
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1].rstrip()}…"
