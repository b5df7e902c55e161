"""Sentences with a known source, and four ways to spoil the citation behind them.

The words here are chosen apart from the lists that the audit uses, so that it is not measured against
itself.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from dataclasses import dataclass, replace
from pathlib import Path

KINDS = ("wrong paper", "changed number", "flipped direction", "missing key")

_FLIPS = {
    "improves": "worsens", "improve": "worsen", "improved": "worsened", "improving": "worsening",
    "outperforms": "underperforms", "outperform": "underperform", "outperformed": "underperformed",
    "outperforming": "underperforming", "increases": "decreases", "increase": "decrease",
    "increased": "decreased", "increasing": "decreasing", "reduces": "increases", "reduce": "increase",
    "reduced": "increased", "reducing": "increasing", "higher": "lower", "lower": "higher",
    "better": "worse", "worse": "better", "more": "less", "fewer": "more", "less": "more",
    "exceeds": "falls below", "exceed": "fall below", "exceeded": "fell below", "exceeding": "falling below",
    "raises": "lowers", "raised": "lowered", "raising": "lowering", "faster": "slower", "above": "below",
    "below": "above", "beats": "loses to", "beat": "lost to", "beating": "losing to", "gains": "losses",
    "surpasses": "trails", "surpassing": "trailing", "surpassed": "trailed", "cuts": "raises",
    "cutting": "raising", "cut": "raised", "dropped": "rose", "drops": "rises", "fell": "rose",
    "rose": "fell",
    "best": "worst", "highest": "lowest", "lowest": "highest", "with": "without", "without": "with",
    "strong": "weak", "robust": "fragile", "enhances": "degrades", "enhanced": "degraded",
    "stronger": "weaker", "smaller": "larger", "larger": "smaller", "lowers": "raises", "lowered": "raised",
    "lowering": "raising", "superior": "inferior", "accurate": "inaccurate", "strengthens": "weakens",
}  # fmt: skip
_RARELY = frozenset(("with", "without"))  # only where nothing clearer can be turned
_DENIED = (
    (re.compile(r"\b(can|could|may|is|are|was|were|should|must)\b(?! not\b)"), r"\1 not"),
    (
        re.compile(r"\b(uses|needs|allows|enables|learns|combines|generates|reaches|achieves|provides)\b"),
        None,
    ),
    (
        re.compile(r"\b(used|allowed|enabled|reached|achieved|generated|provided|showed|found|matched)\b"),
        None,
    ),
)
_PLAIN = {
    "uses": "use", "needs": "need", "allows": "allow", "enables": "enable", "learns": "learn",
    "combines": "combine", "generates": "generate", "reaches": "reach", "achieves": "achieve",
    "provides": "provide", "used": "use", "allowed": "allow", "enabled": "enable", "reached": "reach",
    "achieved": "achieve", "generated": "generate", "provided": "provide", "showed": "show",
    "found": "find", "matched": "match",
}  # fmt: skip
_WORDS = {
    "shows": "demonstrates", "show": "demonstrate", "uses": "employs", "use": "employ",
    "using": "by means of",
    "method": "approach", "methods": "approaches", "approach": "method", "also": "in addition",
    "large": "sizeable", "many": "numerous", "such as": "for example", "while": "whereas",
    "because": "since", "about": "roughly", "often": "frequently", "needs": "requires", "several": "various",
    "whole": "entire", "reaches": "attains", "achieves": "attains", "images": "pictures", "mainly": "chiefly",
    "introduces": "presents", "proposes": "puts forward", "across": "over", "then": "subsequently",
}  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?(?:,\d{3})*(?=%|[ ,.;)]|$)")
_EMPTY = re.compile(
    r"\b(?:code|released?|publicly|available|the authors? (?:close|discuss|argue|hope)|github)\b", re.I
)


@dataclass(frozen=True)
class Cited:
    """A sentence of a draft, the id of the paper it cites, and how it was spoilt, or ""."""

    text: str
    paper: str
    spoilt: str = ""


def demo_sentences(papers) -> list[Cited]:
    """Sentences of the bundled summaries, reworded by rule. :param papers: of a library of them."""
    from index.sentences import split_sentences

    found = []
    for paper in papers:
        for a, b in split_sentences(paper.abstract)[1:]:
            text = paper.abstract[a:b]
            if 9 <= len(text.split()) <= 45 and text.endswith(".") and not _EMPTY.search(text):
                found.append(Cited(reworded(text), paper.id))
    return found


def expert_sentences(shared: Path) -> list[Cited]:
    """What experts wrote of one paper each: survey sentences, and facts that are stated."""
    lines = (shared / "eval" / "train_digest" / "digests.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    return [
        Cited(r["digest"], r["id"])
        for r in records
        if (r["kind"] == "survey" or r.get("answerable")) and len(r["digest"].split()) >= 8
    ]


def expert_papers(shared: Path) -> list[dict]:
    """The papers of the expert sentences, as lines of a BEIR corpus."""
    wanted = {s.paper for s in expert_sentences(shared)}
    with gzip.open(shared / "eval" / "train_survey" / "pool.jsonl.gz", "rt", encoding="utf-8") as file:
        records = map(json.loads, file)
        return [
            {"_id": r["id"], "title": r["title"], "text": r["abstract"]} for r in records if r["id"] in wanted
        ]


def reworded(text: str) -> str:
    """The sentence with words exchanged and an opening phrase moved to its end."""
    for word, other in _WORDS.items():
        text = re.sub(rf"\b{word}\b", other, text)
    opening = re.match(r"((?:On|In|For|Across|With|Over) [^,.;]{8,60}), (?=(?:the|a|an|it|they)\b)", text)
    if opening:
        phrase, rest = opening.group(1), text[opening.end() :].rstrip(".")
        text = f"{rest[:1].upper()}{rest[1:]} {phrase[:1].lower()}{phrase[1:]}."
    return text


def spoil(cited: Cited, kind: str, chance: random.Random, others) -> Cited | None:
    """The citation spoilt; None where the sentence offers no hold for it.

    :param others: (cited) → ids of papers near the sentence and of any papers, to cite wrongly.
    """
    if kind == "wrong paper":
        near, any_of_them = others(cited)
        pool = near if near and chance.random() < 0.5 else any_of_them
        return replace(cited, paper=chance.choice(pool), spoilt=kind)
    if kind == "missing key":
        return replace(cited, paper=f"nobody_{chance.randrange(10**6)}", spoilt=kind)
    text = _other_number(cited.text, chance) if kind == "changed number" else _flipped(cited.text, chance)
    return replace(cited, text=text, spoilt=kind) if text else None


def _other_number(text: str, chance: random.Random) -> str | None:
    """One figure exchanged for another of the same form, a tenth to a half away."""
    found = [m for m in _NUMBER.finditer(text) if float(m.group().replace(",", "")) >= 2]
    if not found:
        return None
    m = chance.choice(found)
    value = float(m.group().replace(",", ""))
    factor = chance.choice((0.55, 0.7, 0.85, 0.9, 1.1, 1.25, 1.4))
    other = value * factor
    if text[m.end() : m.end() + 1] == "%" and value <= 100 < other:
        other = value * 0.8
    places = len(m.group().partition(".")[2])
    shown = f"{other:.{places}f}"
    if not places and int(shown) == int(value):
        shown = str(int(value) + 1)
    return None if shown == m.group() else text[: m.start()] + shown + text[m.end() :]


def _flipped(text: str, chance: random.Random) -> str | None:
    """One direction turned round, or something denied."""
    words = list(re.finditer(r"\b[A-Za-z]+\b", text))
    for rarely in (False, True):
        found = [m for m in words if m.group() in _FLIPS and (m.group() in _RARELY) == rarely]
        if found and not rarely and chance.random() < 0.8 or (found and rarely and chance.random() < 0.3):
            m = chance.choice(found)
            return text[: m.start()] + _FLIPS[m.group()] + text[m.end() :]
    for pattern, pasted in _DENIED:
        m = pattern.search(text)
        if m:
            verb = m.group()
            other = m.expand(pasted) if pasted else f"{_helper(verb)} not {_PLAIN[verb]}"
            return text[: m.start()] + other + text[m.end() :]
    return None


def _helper(verb: str) -> str:
    return "does" if verb.endswith("s") else "did"
