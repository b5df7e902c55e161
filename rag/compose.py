"""The reduce step: statements put together into an answer, with what code alone can say.

The opening sentence counts papers, it does not generate; follow-up questions come from evidence
that the answer did not use; status and confidence follow from what was verified.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.cleaning import readable
from index.types import Hit
from rag import balance
from rag.bibliography import citation_key
from rag.citations import neutralise
from rag.phrases import shared_phrases, written
from rag.plan import NEAREST, Plan
from rag.question import Kind
from rag.terms import content_stems, number_word, numbers
from rag.types import (
    Evidence,
    Origin,
    Reference,
    Sentence,
    Statement,
    Status,
    Verdict,
)
from rag.wording import short_name

_MOST_IN_WORDS = 10
_FEW = 4  # papers, from which it is worth saying what most of them speak of


def opening(plan: Plan, evidence: Sequence[Evidence]) -> Statement | None:
    """What can be said of the set: how many papers speak to a survey question and how many only come near,
    or which one it is; or, by their leanings, how many read as a yes and how many as a no.

    :param evidence: the part of the plan's that is spoken of.
    """
    kind = plan.kind
    if plan.leanings:
        return balance.opening(evidence, plan.leanings)
    if kind is Kind.ITEM and evidence:
        title = neutralise(readable(evidence[0].paper.label))
        text = f"The closest match in this library is “{title}”."
        return Statement(text, (evidence[0].number,), Verdict.SUPPORTED, 1.0, Origin.COMPOSED)
    if kind is not Kind.SURVEY or len(evidence) < 2:
        return None
    years = sorted(e.paper.year for e in evidence if e.paper.year)
    whole = len(years) == len(evidence) and years[0] < years[-1]
    when = f", published {years[0]}–{years[-1]}" if whole else ""
    near = sum(e.number in plan.near for e in evidence)
    speak = len(evidence) - near
    verb = "paper of this library speaks" if speak == 1 else "papers of this library speak"
    also = (
        f"; {number_word(near, _MOST_IN_WORDS)} more {'comes' if near == 1 else 'come'} near it"
        if near
        else ""
    )
    text = f"{number_word(speak, _MOST_IN_WORDS).capitalize()} {verb} to the question{also}{when}."
    citations = tuple(e.number for e in evidence)
    return Statement(text, citations, Verdict.SUPPORTED, 1.0, Origin.COMPOSED)


def shared(plan: Plan, evidence: Sequence[Evidence], question: str) -> Statement | None:
    """What most papers of a survey speak of beside what was asked, counted, citing exactly those; where they
    come in themes, the headings say it.
    """
    if plan.kind is not Kind.SURVEY or plan.leanings or plan.headings or len(evidence) < _FEW:
        return None
    papers = [e.paper for e in evidence]
    texts = {e.number: readable(f"{e.paper.title or ''} {e.paper.abstract}") for e in evidence}
    for phrase in shared_phrases(papers, least=max(_FEW - 1, (len(papers) + 1) // 2)):
        if len(phrase.stems) > 1 and not _asked(phrase.text, question):
            numbers = tuple(n for n, text in texts.items() if written(phrase.text, text))
            if 2 * len(numbers) < len(evidence) or len(numbers) < _FEW - 1:
                continue
            whole = len(numbers) == len(evidence)
            count = "All" if whole else number_word(len(numbers), _MOST_IN_WORDS).capitalize()
            text = f"{count} of them speak of “{neutralise(phrase.text)}”."
            return Statement(text, numbers, Verdict.SUPPORTED, 1.0, Origin.COMPOSED)
    return None


def _asked(phrase: str, question: str) -> bool:
    """Whether a question has a word of a phrase, or its first letters: "LLMs" for "large language models"."""
    parts = re.split(r"[\s-]+", phrase.lower())
    initials = "".join(part[:1] for part in parts)
    held = {word.removesuffix("s") for word in re.split(r"[^\w]+", question.lower())}
    return initials in held or bool(set(content_stems(phrase)) & set(content_stems(question)))


def reference(evidence: Evidence, statements: Sequence[Statement]) -> Reference:
    """The evidence as listed under the answer; its quote is the sentence the statements rest on."""
    said = {stem for s in statements if s.citations == (evidence.number,) for stem in content_stems(s.text)}
    deciding = max(evidence.sentences, key=lambda s: (_overlap(said, s), s.score)) if said else evidence.best
    return _reference(evidence.number, evidence, deciding)


def listed(plan: Plan, most: int) -> tuple[Reference, ...]:
    """Everything considered, as references numbered by rank; evidence keeps its own number and quote."""
    chosen = {e.paper.id: e for e in plan.evidence}
    rows = [_reference(e.number, e, e.best) for e in plan.evidence]
    others = [h for h in plan.considered if h.paper.id not in chosen][: max(0, most - len(rows))]
    return tuple(rows + [_from_hit(len(rows) + n, hit) for n, hit in enumerate(others, 1)])


def renumbered(
    statements: Sequence[Statement], evidence: Sequence[Evidence]
) -> tuple[list[Statement], list[Evidence]]:
    """Only evidence that is cited, numbered from 1 in the order of its first citation."""
    order: dict[int, int] = {}
    for statement in statements:
        for n in statement.citations:
            order.setdefault(n, len(order) + 1)
    by_number = {e.number: e for e in evidence}
    kept = [_with_number(by_number[old], new) for old, new in order.items()]
    moved = [_with_citations(s, tuple(order[n] for n in s.citations)) for s in statements]
    return moved, kept


def status_of(statements: Sequence[Statement], sureness: float, doubtful: float) -> Status:
    """Answered when every statement is supported and retrieval was sure; insufficient when none is left."""
    if not statements:
        return Status.INSUFFICIENT
    whole = all(s.verdict is Verdict.SUPPORTED for s in statements)
    return Status.ANSWERED if whole and sureness >= doubtful else Status.PARTIAL


def confidence(statements: Sequence[Statement], sureness: float) -> float:
    """Sureness of retrieval times the mean support of the statements, in [0, 1]."""
    if not statements:
        return 0.0
    return min(1.0, sureness) * sum(s.support for s in statements) / len(statements)


def followups(kind: Kind, plan: Plan) -> tuple[str, ...]:
    """Up to three questions that the evidence at hand can answer."""
    named = [(e, name) for e in plan.evidence if (name := short_name(e.paper))]
    asked: list[str] = []
    if kind is not Kind.COMPARE and len(named) >= 2:
        asked.append(f"How do {named[0][1]} and {named[1][1]} differ?")
    for evidence, name in named[:3]:
        if any(numbers(readable(s.text)) for s in evidence.sentences):
            asked.append(f"Which figures does the paper on {name} report?")
        else:
            asked.append(f"What does the paper on {name} do?")
    return tuple(asked[:3])


def _overlap(said: set[str], sentence: Sentence) -> int:
    return len(said & set(content_stems(readable(sentence.text))))


def _reference(n: int, evidence: Evidence, quote: Sentence) -> Reference:
    key = citation_key(evidence.paper)
    return Reference(n, evidence.paper, key, quote.text, quote.start, quote.end, evidence.scores)


def _from_hit(n: int, hit: Hit, quote: Sentence | None = None) -> Reference:
    """A paper that was considered but not used, quoted by a sentence, else the one its chunk begins with."""
    from index.sentences import split_sentences

    if quote is None:
        spans = split_sentences(hit.chunk.text)
        start, end = (at + hit.chunk.start for at in (spans[0] if spans else (0, len(hit.chunk.text))))
    else:
        start, end = quote.start, quote.end
    key = citation_key(hit.paper)
    return Reference(n, hit.paper, key, hit.paper.abstract[start:end], start, end, hit.scores)


def nearest(plan: Plan) -> tuple[Reference, ...]:
    """The papers that come closest, for a refusal, each with the sentence that does: where the question
    supposes what is not so, this is the one that says what is.
    """
    return tuple(
        _from_hit(n, hit, plan.closest.get(hit.paper.id))
        for n, hit in enumerate(plan.considered[:NEAREST], 1)
    )


def _with_number(evidence: Evidence, number: int) -> Evidence:
    return Evidence(number, evidence.paper, evidence.sentences, evidence.scores)


def _with_citations(statement: Statement, citations: tuple[int, ...]) -> Statement:
    return Statement(
        statement.text, citations, statement.verdict, statement.support, statement.origin, statement.heading
    )
