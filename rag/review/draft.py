"""Sections drafted from their papers: what they share, each in checked sentences, figures, what is open.

Sentences come from the same writers, and through the same verification, as those of an answer; what is
said of the set is counted. A paper whose every sentence fails is spoken of by its own words.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from index.cleaning import readable
from index.encoders import Encoder
from index.types import Paper
from rag import compose
from rag.evidence import Candidate
from rag.findings import open_places
from rag.plan import Plan
from rag.question import Kind
from rag.relevance import BACKGROUND, DID, FOUND
from rag.review.counting import commonalities
from rag.review.document import Paragraph, Passage, ReviewStatement, Section
from rag.review.measures import side_by_side
from rag.review.outline import Heading
from rag.review.voice import Rarity, Voice
from rag.statements import StatementMaker
from rag.terms import content_stems, numbers
from rag.themes import paper_vectors
from rag.types import Evidence, Sentence, Statement
from rag.verify import Check, Verifier
from rag.wording import clumsy, third_person
from rag.writers import Writer

LENGTHS = {"short": 1, "medium": 2, "long": 3}  # sentences a paper
PER_PARAGRAPH = 4  # papers
_LEANS = re.compile(  # a sentence that cannot be understood without the one before it
    r"^(?:(?:to|for|with|by|through|in|unlike|despite|beyond|based on|given|using) )?(?:\w+ing )?"
    r"(?:this|these|those|such|it|its|they|their|both|each|another|the (?:resulting|proposed|former|latter|"
    r"model|method|framework|dataset|benchmark|approach|system|review))\b|\b(?:then|also|further(?:more)?)\b|"
    r"\b(?:this|these) (?:gaps?|issues?|challenges?|limitations?|problems?)\b|"
    r"\b(?:our|their|the) (?:dataset|model|method|framework|approach)'s\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Spoken:
    """A checked statement of one paper with the passage it rests on."""

    statement: Statement
    passage: Passage
    paper: Candidate


@dataclass(frozen=True, slots=True)
class Run:
    """One drafting under way: `stop` ends the model, `told` hears of each paper that has been written.

    `worded` is how many papers of a section the model words at most; the others speak in their own sentences.
    """

    stop: threading.Event = field(default_factory=threading.Event)
    told: Callable[[], None] = lambda: None
    worded: int | None = None


class Drafter:
    """Drafts sections. `writer` words the first sentence of each paper."""

    def __init__(
        self, writer: Writer, maker: StatementMaker, verifier: Verifier, encoder: Encoder, rarity: Rarity
    ) -> None:
        self._writer = writer
        self._maker = maker
        self._verifier = verifier
        self._encoder = encoder
        self._rarity = rarity

    def check(self, text: str, papers: Sequence[Paper]) -> Check:
        """What verification says of a sentence that cites these papers."""
        return self._verifier.check(text, papers)

    def quote(self, paper: Candidate, place: int) -> ReviewStatement:
        """A sentence of an abstract, by its place, in the third person and under its authors' names."""
        span = paper.sentences.spans[place]
        text = paper.paper.abstract[slice(*span)]
        sentence = Sentence(text, *span, paper.judged.sentences[place])
        statement = self._maker.from_sentence(sentence, paper.evidence(1, most=1))
        spoken = Spoken(statement, Passage(paper.paper.id, *span, text), paper)
        return _stated(spoken, Voice(self._rarity).say(statement.text, paper.paper))

    def section(
        self, topic: str, heading: Heading, judged: dict[str, Candidate], most: int, run: Run
    ) -> Section:
        """A section with those below it; papers without an abstract are listed, not spoken of.

        :param most: sentences a paper.
        """
        papers = [judged[i] for i in heading.papers if i in judged]
        question = heading.question or f"{topic.rstrip('?!. ')}: {heading.title}"
        paragraphs = self._paragraphs(topic, heading, question, papers, most, run) if papers else ()
        children = tuple(self.section(topic, child, judged, most, run) for child in heading.children)
        return Section(heading.title, paragraphs, heading.papers, heading.question, children)

    def _paragraphs(
        self,
        topic: str,
        heading: Heading,
        question: str,
        papers: Sequence[Candidate],
        most: int,
        run: Run,
    ) -> tuple[Paragraph, ...]:
        ordered = chained(papers)
        spoken = list(self._spoken(question, ordered, most, run))
        voice = Voice(self._rarity)
        shared = commonalities([c.paper for c in ordered], f"{topic} {heading.title}")
        figures = side_by_side([c.paper for c in ordered])
        open_ = self._open([s.passage for group in spoken for s in group], ordered)
        groups = [spoken[at : at + PER_PARAGRAPH] for at in range(0, len(spoken), PER_PARAGRAPH)]
        if len(groups) > 1 and len(groups[-1]) == 1:  # no paragraph of one paper
            groups[-2:] = [groups[-2] + groups[-1]]
        told = [self._told(voice, [s for group in part for s in group]) for part in groups]
        if shared and told:
            told[0] = (shared, *told[0])
        last = (*figures, *open_)
        return tuple([*told, last] if last else told)

    def _told(self, voice: Voice, spoken: Sequence[Spoken]) -> Paragraph:
        """One paragraph: statements in their order, each related to the last where that is true."""
        voice.first()
        vectors = self._encoder.encode([s.statement.text for s in spoken])
        lines = []
        for n, one in enumerate(spoken):
            alike = float(vectors[n] @ vectors[n - 1]) if n else 0.0
            text = voice.say(one.statement.text, one.paper.paper, alike)
            lines.append(_stated(one, text))
        return tuple(lines)

    def _spoken(
        self, question: str, papers: Sequence[Candidate], most: int, run: Run
    ) -> Iterator[list[Spoken]]:
        """What is said of each paper, at least one sentence and at most `most`."""
        evidence = tuple(_evidence(c, n) for n, c in enumerate(papers, 1))
        leads = tuple(replace(e, sentences=(e.best,)) for e in evidence)  # a model mixes up two sentences
        plan = Plan(Kind.SURVEY, leads[: run.worded], 1.0, tuple(c.hit for c in papers))
        by_number: dict[int, list[Spoken]] = {n: [] for n in range(1, len(papers) + 1)}
        for made in self._writer.write(question, plan, run.stop):
            for statement in made:
                n = statement.citations[0]
                if len(by_number[n]) < most:
                    passage = _passage(evidence[n - 1], statement)
                    by_number[n].append(Spoken(statement, passage, papers[n - 1]))
            run.told()
            if run.stop.is_set():
                return
        for n, candidate in enumerate(papers, 1):
            if n > len(plan.evidence):
                run.told()
            yield self._more(by_number[n], candidate, evidence[n - 1], most)

    def _more(self, said: list[Spoken], paper: Candidate, evidence: Evidence, most: int) -> list[Spoken]:
        """Sentences of the abstract added: the best, then a result with its figure, then the next."""
        scores = paper.judged.sentences
        spans, texts = paper.sentences.spans, paper.sentences.texts
        order = sorted(range(len(texts)), key=lambda i: -(scores[i] + _tells(texts[i])))
        for i in order:
            if len(said) >= most:
                break
            sentence = Sentence(paper.paper.abstract[slice(*spans[i])], *spans[i], scores[i])
            if clumsy(texts[i]) or _said_already(texts[i], said, spans[i]) or i == 0 and len(texts) > 2:
                continue
            statement = self._maker.from_sentence(sentence, evidence)
            said.append(Spoken(statement, Passage(paper.paper.id, *spans[i], sentence.text), paper))
        if not said:
            said.append(Spoken(self._maker.from_sentence(evidence.best, evidence),
                               _passage(evidence, None), paper))  # fmt: skip
        return said

    def _open(self, used: Sequence[Passage], papers: Sequence[Candidate]) -> list[ReviewStatement]:
        """What the papers of a section leave open in their own words, one sentence a section."""
        taken = {(p.paper_id, p.start) for p in used}
        for one in open_questions(papers):
            if (one.paper.paper.id, one.passage.start) not in taken:
                return [self.quote(one.paper, one.place)]
        return []


@dataclass(frozen=True, slots=True)
class Opened:
    """A sentence in which a paper says what it leaves open."""

    place: int  # of the sentence in the abstract
    passage: Passage
    paper: Candidate


def open_questions(papers: Sequence[Candidate]) -> Iterator[Opened]:
    """Sentences of the papers' later parts that name a limit of their own or work to be done."""
    for paper, place in open_places(papers):
        span = paper.sentences.spans[place]
        yield Opened(place, Passage(paper.paper.id, *span, paper.paper.abstract[slice(*span)]), paper)


def chained(papers: Sequence[Candidate]) -> list[Candidate]:
    """The papers so that each stands beside the one most like it, from the most relevant on."""
    if len(papers) < 3:
        return list(papers)
    vectors = paper_vectors(papers)
    order, left = [0], set(range(1, len(papers)))
    while left:
        near = max(left, key=lambda i: (float(np.dot(vectors[order[-1]], vectors[i])), -i))
        order.append(near)
        left.remove(near)
    return [papers[i] for i in order]


def _evidence(paper: Candidate, number: int) -> Evidence:
    """What a paper did, in a sentence that stands alone, and what it found; the first leads."""
    texts, spans, scores = paper.sentences.texts, paper.sentences.spans, paper.judged.sentences
    leads = [s + _introduces(t, i, len(texts)) for i, (s, t) in enumerate(zip(scores, texts, strict=True))]
    lead = max(range(len(texts)), key=leads.__getitem__)
    others = [i for i in range(len(texts)) if i != lead and not (i == 0 and len(texts) > 2)]
    found = max(others, key=lambda i: scores[i] + _tells(texts[i]), default=lead)
    top = max(scores) + 0.01
    chosen = {lead: top, found: top if found == lead else scores[found]}
    sentences = tuple(
        Sentence(paper.paper.abstract[slice(*spans[i])], *spans[i], chosen[i]) for i in sorted(chosen)
    )
    return Evidence(number, paper.paper, sentences, paper.hit.scores)


def _introduces(text: str, place: int, count: int) -> float:
    """How well a sentence brings a paper in: it says what was done, and leans on nothing before it."""
    worth = 0.6 * bool(DID.search(text)) - 0.8 * bool(_LEANS.search(third_person(text)))
    return worth - 0.5 * (place == 0 and count > 2 and not DID.search(text)) - 0.3 * clumsy(text)


def _stated(spoken: Spoken, text: str) -> ReviewStatement:
    s = spoken.statement
    return ReviewStatement(text, (spoken.passage,), s.verdict, s.support, s.origin)


def _passage(evidence: Evidence, statement: Statement | None) -> Passage:
    """The evidence sentence that a statement rests on."""
    told = [replace(statement, citations=(evidence.number,))] if statement else []
    found = compose.reference(evidence, told)
    return Passage(evidence.paper.id, found.start, found.end, found.quote)


def _tells(text: str) -> float:
    """A result counts more for a second sentence, one with a figure most."""
    found = bool(FOUND.search(text))
    return (
        0.25 * found
        + 0.25 * (found and bool(numbers(text)))
        - 0.3 * (not found and bool(BACKGROUND.search(text)))
    )


def _said_already(text: str, said: Sequence[Spoken], span: tuple[int, int]) -> bool:
    stems = set(content_stems(readable(text)))
    for one in said:
        held = set(content_stems(one.statement.text))
        if (one.passage.start, one.passage.end) == span or len(stems & held) > 0.6 * min(
            len(stems), len(held)
        ):
            return True
    return False
