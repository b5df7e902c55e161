"""What a library says of sentences, as HTML strings: stances grouped, every quote verbatim.

Pure functions under the rules of `ui.render`. A sentence that no paper speaks to has a look of its
own and no group of papers beside those that come near.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.cleaning import readable
from rag.claims import CitedPaper, CiteReport, ClaimPart, ClaimVerdict
from rag.stance import Side
from ui.escaping import escape
from ui.sources import abstract_html, authors_html, label, where_html

VERDICTS = {
    ClaimVerdict.SUPPORTED: ("answered", "Supported"),
    ClaimVerdict.REFUTED: ("refuted", "Refuted"),
    ClaimVerdict.MIXED: ("partial", "Papers differ"),
    ClaimVerdict.NOT_FOUND: ("absent", "Nothing in this library speaks to it"),
}
GROUPS = {Side.SUPPORTS: "Supports it", Side.REFUTES: "Refutes it", Side.NEUTRAL: "Only mentions it"}
WEAK = 0.5  # probability of a stance below which the page says so
_MEANING = {Side.SUPPORTS: "supports", Side.REFUTES: "refutes", Side.NEUTRAL: "speaks to it"}
WELCOME = (
    '<div class="welcome-cite"><p>Paste a sentence of your draft. Ibid shows what the papers of this library '
    "say of it, each paper with the sentence of its abstract that decides. A paragraph is taken sentence by "
    "sentence, a compound sentence claim by claim.</p>"
    '<ul><li><span class="stance supports">Supports it</span></li>'
    '<li><span class="stance refutes">Refutes it</span></li>'
    '<li><span class="stance neutral">Only mentions it</span></li></ul></div>'
)


@dataclass(frozen=True, slots=True)
class Lookup:
    """The sentences of a text and what was found so far; a string is why one could not be looked up.

    `number` tells the lookups of a page apart.
    """

    number: int
    sentences: tuple[str, ...]
    found: tuple[CiteReport | str, ...] = ()
    stopped: bool = False

    @property
    def paper_ids(self) -> tuple[str, ...]:
        """The papers on the page, each once, in the order in which they stand there."""
        parts = [part for f in self.found if isinstance(f, CiteReport) for part in _parts(f)]
        return tuple(dict.fromkeys(p.paper.id for part in parts for g in _grouped(part.papers) for p in g[1]))


def findings_html(lookup: Lookup) -> str:
    """All sentences looked up so far, and which is next."""
    place = {paper_id: n for n, paper_id in enumerate(lookup.paper_ids)}
    total, done = len(lookup.sentences), len(lookup.found)
    sections = [
        _failure(lookup.sentences[n], found) if isinstance(found, str) else _finding(n, found, place)
        for n, found in enumerate(lookup.found)
    ]
    end = ""
    if done < total and not lookup.stopped:
        of = f" {done + 1:d} of {total:d}" if total > 1 else ""
        end = f'<p class="outcome stage"><span class="pulse"></span>Looking up sentence{of}</p>'
    elif lookup.stopped:
        words = f"{done:d} of {total:d} looked up"
        end = f'<p class="outcome stopped"><span class="badge">Stopped</span><span>{words}</span></p>'
    over = _overview(lookup) if total > 1 and done else ""
    return f'<div class="run" id="run-{lookup.number:d}">{over}{"".join(sections)}{end}</div>'


def _overview(lookup: Lookup) -> str:
    """How many sentences came out which way, in one line."""
    verdicts = [f.verdict for f in lookup.found if isinstance(f, CiteReport)]
    words = {
        ClaimVerdict.SUPPORTED: "supported", ClaimVerdict.REFUTED: "refuted", ClaimVerdict.MIXED: "mixed",
        ClaimVerdict.NOT_FOUND: "not in this library",
    }  # fmt: skip
    counts = [f"{verdicts.count(v):d} {word}" for v, word in words.items() if v in verdicts]
    return f'<p class="overview">{len(lookup.found):d} sentences: {" · ".join(counts)}</p>'


def _failure(sentence: str, why: str) -> str:
    return (
        f'<section class="finding failed"><h3 class="claim">{escape(sentence, 300)}</h3>'
        f'<p class="outcome failed"><span class="badge">Not looked up</span></p>'
        f'<p class="notice">{escape(why, 500)}</p></section>'
    )


def _finding(n: int, report: CiteReport, place: dict[str, int]) -> str:
    """A sentence with its papers; one of several claims has them claim by claim."""
    kind, words = VERDICTS[report.verdict]
    parts = _parts(report)
    if len(parts) == 1:
        body, facts = _groups(f"{n:d}", parts[0], place), _facts(report.papers)
    else:
        body = "".join(_part(n, m, part, place) for m, part in enumerate(parts))
        facts = f"it makes {len(parts):d} claims"
        if report.verdict is ClaimVerdict.MIXED:
            words = "Its claims differ"
    return (
        f'<section class="finding {kind}" id="finding-{n:d}"><h3 class="claim">{escape(report.claim)}</h3>'
        f'<p class="outcome {kind}"><span class="badge">{words}</span><span class="facts">{facts}</span></p>'
        f"{body}</section>"
    )


def _parts(report: CiteReport) -> tuple[ClaimPart, ...]:
    if len(report.parts) > 1:
        return report.parts
    return (ClaimPart(report.claim, report.verdict, report.papers),)


def _part(n: int, m: int, part: ClaimPart, place: dict[str, int]) -> str:
    kind, words = VERDICTS[part.verdict]
    return (
        f'<section class="part {kind}"><h4 class="part-claim"><span class="number">{m + 1:d}</span>'
        f"<span>{escape(part.text)}</span></h4>"
        f'<p class="outcome {kind}"><span class="badge">{words}</span>'
        f'<span class="facts">{_facts(part.papers)}</span></p>'
        f"{_groups(f'{n:d}-{m:d}', part, place)}</section>"
    )


def _facts(papers: Sequence[CitedPaper]) -> str:
    counts = {side: sum(p.stance is side for p in papers) for side in Side}
    words = []
    if n := counts[Side.SUPPORTS]:
        words.append(f"{n:d} paper{'s support' if n > 1 else ' supports'} it")
    if n := counts[Side.REFUTES]:
        words.append(f"{n:d} paper{'s refute' if n > 1 else ' refutes'} it")
    return " · ".join(words)


def _grouped(papers: Sequence[CitedPaper]) -> list[tuple[Side, list[CitedPaper]]]:
    groups = [(side, [p for p in papers if p.stance is side]) for side in GROUPS]
    return [(side, group) for side, group in groups if group]


def _groups(where: str, part: ClaimPart, place: dict[str, int]) -> str:
    html = []
    for side, papers in _grouped(part.papers):
        cards = "".join(_card(f"cite-{where}-{place[p.paper.id]:d}", place[p.paper.id], p) for p in papers)
        if side is not Side.NEUTRAL:
            html.append(
                f'<h4 class="stance {side.value}">{GROUPS[side]}</h4><div class="cards">{cards}</div>'
            )
            continue
        count = f"{len(papers):d} paper{'s' if len(papers) > 1 else ''}"
        absent = part.verdict is ClaimVerdict.NOT_FOUND
        head = f"{count} near it" if absent else f"{GROUPS[side]}: {count}"
        html.append(
            f'<details class="touching"><summary>{head}</summary><div class="cards">{cards}</div></details>'
        )
    return "".join(html)


def _card(dom_id: str, at: int, cited: CitedPaper) -> str:
    """A paper with a box to tick, its deciding sentence, and how likely its stance is."""
    return (
        f'<article class="card {cited.stance.value}"><p class="pick-line">'
        f'<input type="checkbox" class="pick" name="cite" value="{at:d}" id="{dom_id}">'
        f'<label for="{dom_id}">{escape(label(cited.paper), 400)}</label></p>'
        f"{authors_html(cited.paper)}{where_html(cited.paper)}"
        f'<blockquote class="quote">{escape(readable(cited.quote))}</blockquote>'
        f'<p class="likely">{_bar(cited)}<code class="key">{escape(cited.key, 100)}</code></p>'
        f'<details class="more"><summary>Abstract</summary>'
        f"{abstract_html(cited.paper, cited.quote, cited.start, cited.end)}</details></article>"
    )


def _bar(cited: CitedPaper) -> str:
    percent = round(100 * min(1.0, max(0.0, cited.score)))
    weak = "weakly " if cited.score < WEAK and cited.stance is not Side.NEUTRAL else ""
    return (
        f'<span class="bar"><span class="filled" style="width: {percent:d}%"></span></span>'
        f"<span>{weak}{_MEANING[cited.stance]} · {cited.score:.2f}</span>"
    )
