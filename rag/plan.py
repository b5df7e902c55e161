"""What an answer will rest on: the papers and sentences chosen for a question of a given kind.

A plan is made by retrieval and judgement alone, before any model runs, so the sources can be shown
at once and a question the library does not answer is refused without waking a model.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from index.cleaning import readable
from index.library import Filter, Library
from index.types import Hit, Scores
from rag import balance
from rag.addressed import known_words
from rag.decision import Leaning
from rag.evidence import AHEAD, Candidate, EvidenceFinder, question_names, subject_names
from rag.facets import Facets
from rag.findings import find_pairs, open_places
from rag.question import Kind, asks_whether, foreign, parts
from rag.relevance import Asked, new_numbers
from rag.retrieval import Mode, Retriever
from rag.spelling import Speller
from rag.sureness import survey_sureness, wholeness
from rag.survey_themes import survey_themes
from rag.terms import REPORTING_STEMS, content_stems
from rag.types import Evidence, Sentence
from rag.wording import short_name

CONSIDERED_FACT = 15
NEAREST = 3  # papers shown with a refusal
FURTHER = 10  # hits that each further query may add
# How far a survey's paper bears on the question, a part of its distance from the best counted; on development
# surveys recall and precision of core papers are level here.
BELONGS, DISTANCE = -7.5, 0.5
# How far below the best a survey's paper still speaks to the question; of those kept on development surveys
# 86 % above it belong, 57 % below.
SPEAKS = 3.5
LEAST = -3.0  # how far a paper that only comes near bears on the question at least
FEWEST = 3  # papers of a survey, as far as they are close at all
NEAR = 0.42  # the same cosine, below which a paper does not fill a survey up to the fewest
CLOSE = 0.5  # cosine of question and closest sentence, below which nothing speaks to the question
TITLED = 0.75  # the same of a title, from which the paper speaks to it whatever its sentences say
_ABOUT_PAPERS = REPORTING_STEMS | set(content_stems("figures explain tell summarize summary"))
APART, LEFT_OPEN = "Findings that point apart", "Left open, in the papers' own words"
_INTRODUCES = r"\b(?:presents?|propos\w+|introduc\w+|called|named|termed|dubbed)\b"
_SHORT = 4  # letters of an acronym that many abstracts use ("SAM")
_MOST_APART, _MOST_OPEN = 1, 2  # pairs of findings, sentences on what is left
UNRELATED = 0.02  # probability that the library answers, below which nothing is said
ANSWERED = 0.23  # a fact's judged answerability


@dataclass(frozen=True, slots=True)
class Reach:
    """How many papers of a survey are judged, and the bounds on their standing."""

    considered: int
    spread: float  # how far below the best paper's standing a survey paper may stand
    alone: float  # a best paper so far ahead of the next is what was looked for


JUDGED = Reach(30, 2.5, 2.6)
READ = Reach(40, 5.0, 4.7)  # the reader adds to the standing, and widens it
READ_TOGETHER = Reach(40, 5.0, AHEAD)  # and so does the cross-encoder


@dataclass(frozen=True, slots=True)
class Closing:
    """A sentence that ends a survey: a finding that another one is at odds with, or what is left open."""

    heading: str
    number: int  # of the evidence whose paper says it
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Plan:
    """The evidence chosen, how sure it is that it answers (0 to 1), and everything considered."""

    kind: Kind
    evidence: tuple[Evidence, ...]
    sureness: float
    considered: tuple[Hit, ...]
    headings: Mapping[int, str] = field(default_factory=dict)  # of a survey in themes, by evidence number
    closing: tuple[Closing, ...] = ()
    closest: Mapping[str, Sentence] = field(default_factory=dict)  # of the nearest papers, by id
    near: frozenset[int] = frozenset()  # numbers of evidence that comes near the question and no more
    leanings: Mapping[int, Leaning] = field(default_factory=dict)  # of a question of yes or no, by number

    @property
    def sufficient(self) -> bool:
        """Whether there is anything to answer from."""
        return bool(self.evidence)


class Planner:
    """Chooses evidence for a question."""

    def __init__(self, retriever: Retriever, finder: EvidenceFinder, speller: Speller) -> None:
        self._retriever = retriever
        self._finder = finder
        self._speller = speller

    @property
    def library(self) -> Library:
        """The library that is asked."""
        return self._retriever.library

    def in_english(self, question: str) -> str:
        """A French or German question in English words (see `rag.glossary`); others as they are."""
        return self._speller.correct(question) if foreign(question) else question

    def knows(self, question: str) -> bool:
        """Whether the question is in words that anybody here knows (see `rag.addressed`)."""
        return known_words(self._speller.correct(question), self.library.document_frequency)

    def plan(
        self,
        question: str,
        kind: Kind,
        k: int,
        mode: Mode = Mode.HYBRID,
        keep: Filter | None = None,
        also: Sequence[str] = (),
    ) -> Plan:
        """The plan for a standalone question; `k` bounds the papers of a survey.

        :param also: further queries; what they find is judged for the question too.
        """
        question = self._speller.correct(question)
        facets = Facets.of(question) if kind is Kind.SURVEY else Facets(question)
        question = facets.text
        vector = self._retriever.encoder.encode_query(question)
        asked = Asked.of(question, vector)
        read = self._reads(mode)
        hits = self._retriever.search(question, (READ if read else JUDGED).considered, mode, keep)
        further: list[Hit] = []
        if also:
            further = self._further(asked, hits, also, mode, keep)
            twice = {hit.paper.id for hit in further}
            rest = [hit for hit in hits[CONSIDERED_FACT:] if hit.paper.id not in twice]
            hits = [*hits[:CONSIDERED_FACT], *further, *rest]
        if kind is Kind.FACT:
            return self._fact(asked, hits[: CONSIDERED_FACT + len(further)], hits, read)
        if kind is Kind.COMPARE:
            return self._compare(asked, hits, mode, keep)
        if kind is Kind.ITEM:
            return self._item(asked, hits, self._finder.for_survey(asked, hits))
        return self._survey(asked, hits, k, read, facets)

    def weigh(self, claim: str, k: int, mode: Mode = Mode.HYBRID, keep: Filter | None = None) -> Plan:
        """The plan of at most `k` papers that say whether a claim or a question of yes or no holds; not
        sufficient where none does, or where no cross-encoder can read them.
        """
        claim = self._speller.correct(claim)
        asked = Asked.of(claim, self._retriever.encoder.encode_query(claim))
        hits = self._retriever.search(claim, READ.considered, mode, keep)
        if not self._reads(mode) or foreign(claim):
            return Plan(Kind.SURVEY, (), 0.0, tuple(hits))
        found = self._finder.for_survey(asked, hits, read=True)
        sure = survey_sureness(found, _close(asked, found))
        told = self._finder.saying_whether(asked, found) if sure >= UNRELATED else []
        return _weighed(told[:k], sure, _reordered(hits, told or found))

    def _further(
        self, asked: Asked, hits: Sequence[Hit], queries: Sequence[str], mode: Mode, keep: Filter | None
    ) -> list[Hit]:
        """What other queries find beside the hits, with scores for the question that was asked."""
        known = {hit.paper.id for hit in hits[:CONSIDERED_FACT]}
        scores = {hit.paper.id: hit for hit in hits}
        least = min((hit.scores.fused or 0.0 for hit in hits), default=0.0)
        found = []
        for query in queries:
            for hit in self._retriever.search(query, FURTHER, mode, keep):
                if hit.paper.id not in known:
                    known.add(hit.paper.id)
                    found.append(scores.get(hit.paper.id) or self._rescored(asked, hit, least))
        return found

    def _rescored(self, asked: Asked, hit: Hit, fused: float) -> Hit:
        dense = float((self.library.vectors([hit.chunk.id]) @ asked.vector)[0])
        return replace(hit, scores=Scores(dense=dense, fused=fused))

    def _reads(self, mode: Mode) -> bool:
        return mode is Mode.RERANKED and self._finder.reads

    def _fact(self, asked: Asked, first: Sequence[Hit], hits: Sequence[Hit], read: bool) -> Plan:
        found = self._finder.for_fact(asked, first, read and not foreign(asked.text))
        if not found:
            return Plan(Kind.FACT, (), 0.0, tuple(hits))
        best = found[0]
        sureness = best.judged.answered
        named = self._finder.named(asked.text, best.paper)
        if question_names(asked.text) and not named:
            sureness *= 0.6  # nothing in the library bears the name that was asked about
        if named and foreign(asked.text):
            sureness = max(sureness, ANSWERED)  # shared words say little across languages
        evidence = (self._fact_evidence(asked, best),) if sureness >= ANSWERED else ()
        return Plan(Kind.FACT, evidence, sureness, _reordered(hits, found), closest=_closest(found))

    def _fact_evidence(self, asked: Asked, best: Candidate) -> Evidence:
        """The sentence that answers each part of the question."""
        evidence = best.evidence(1, most=1)
        sentences = {s.start: s for s in evidence.sentences}
        for part in parts(asked.text):
            wanted = Asked.of(part, self._retriever.encoder.encode_query(part))
            if any(_covers(readable(s.text), wanted) for s in sentences.values()):
                continue  # a sentence at hand answers this part too
            part_best = self._finder.rejudge(wanted, best).evidence(1, most=1)
            sentences.setdefault(part_best.best.start, part_best.best)
        return replace(evidence, sentences=tuple(sentences[at] for at in sorted(sentences)))

    def _survey(
        self, asked: Asked, hits: Sequence[Hit], k: int, read: bool, facets: Facets | None = None
    ) -> Plan:
        found = self._finder.for_survey(asked, facets.fitting(hits) if facets else hits, read)
        if len(found) < len(hits) and not any(c.judged.best >= CLOSE for c in found):
            found = self._finder.for_survey(asked, hits, read)  # what meets the demands is far from the topic
        close = _close(asked, found)
        if _asked_for(asked, found):
            return self._item(asked, hits, found)
        sure = survey_sureness(found, close)
        if close < CLOSE or sure < UNRELATED:
            unsure = min(sure, UNRELATED)
            return Plan(Kind.SURVEY, (), unsure, _reordered(hits, found), closest=_closest(found))
        if read and asks_whether(asked.text) and (told := self._finder.saying_whether(asked, found)):
            return _weighed(told[:k], sure, _reordered(hits, told))
        reach = _reach(found[0], read)
        if len(found) == 1 or found[0].standing - found[1].standing >= reach.alone:
            return self._item(asked, hits, found)
        few = sum(c.judged.best >= NEAR for c in found[:FEWEST])
        best = found[0].standing
        kept = [c for n, c in enumerate(found) if n < few or _belongs(c, best, reach.spread)][:k]
        themes = survey_themes(asked.text, kept, self.library.document_frequency, len(self.library))
        if themes:
            kept = [kept[at] for theme in themes for at in theme.papers]
        evidence = tuple(c.evidence(n, most=2) for n, c in enumerate(kept, 1))
        names = [theme.name for theme in themes for _ in theme.papers]
        ending = tuple(_closing(kept)) if themes else ()
        headings = dict(enumerate(names, 1))
        sure = wholeness(found, sure)
        order = _reordered(hits, found)
        near = frozenset(
            n for n, c in enumerate(kept, 1) if c.bears is not None and c.standing < best - SPEAKS
        )
        return Plan(Kind.SURVEY, evidence, sure, order, headings, ending, _closest(found), near)

    def _item(self, asked: Asked, hits: Sequence[Hit], found: list[Candidate]) -> Plan:
        close = max((c.judged.best for c in found), default=0.0)
        named = _asked_for(asked, found)
        if named is not None:
            found, close = [named, *(c for c in found if c is not named)], max(close, CLOSE)
        kept = found[:1] if close >= CLOSE else []
        evidence = tuple(c.evidence(n, most=2) for n, c in enumerate(kept, 1))
        sure = survey_sureness(found[:1], close) if named is None else close
        return Plan(Kind.ITEM, evidence, sure, _reordered(hits, found), closest=_closest(found))

    def _compare(self, asked: Asked, hits: Sequence[Hit], mode: Mode, keep: Filter | None) -> Plan:
        """The paper that each name of the question stands for, then their best sentences."""
        chosen: dict[str, Hit] = {}
        for name in sorted(sorted(subject_names(asked.text)), key=asked.text.lower().find):
            more = self._retriever.search(f"{name} {asked.text}", 10, mode, keep)
            bearer = _bearer(name, [*more, *hits])
            if bearer is not None:
                chosen.setdefault(bearer.paper.id, bearer)
        if len(chosen) < 2:
            return self._survey(asked, hits, 4, self._reads(mode))
        found = {c.paper.id: c for c in self._finder.for_survey(asked, list(chosen.values()))}
        kept = [found[i] for i in chosen if i in found]
        evidence = tuple(c.evidence(n, most=2) for n, c in enumerate(kept, 1))
        close = max((c.judged.best for c in kept), default=0.0)
        sure = (1 + close) / 2  # the papers bear the names that were asked about
        return Plan(Kind.COMPARE, evidence, sure, _reordered(hits, kept))


def _weighed(told: Sequence[Candidate], sure: float, considered: tuple[Hit, ...]) -> Plan:
    """What answers a question of yes or no: the papers by what they say."""
    papers = balance.grouped([(c, c.leaning) for c in told if c.leaning is not None])
    evidence = tuple(c.evidence(n, most=2, floor=0.1) for n, (c, _) in enumerate(papers, 1))
    leanings = {n: leaning for n, (_, leaning) in enumerate(papers, 1)}
    sides = balance.headings(leanings)
    return Plan(Kind.SURVEY, evidence, sure, considered, sides, leanings=leanings)


def _closing(papers: Sequence[Candidate]) -> Iterator[Closing]:
    """Findings that point apart, two and two, then what papers leave open; only what can be quoted."""
    numbers = {c.paper.id: n for n, c in enumerate(papers, 1)}
    told: set[str] = set()
    apart = sorted((p for p in find_pairs(papers) if not p.same), key=lambda p: -p.cosine)
    for pair in apart[:_MOST_APART]:
        for candidate, place in (pair.first, pair.second):
            told.add(candidate.paper.id)
            yield Closing(APART, numbers[candidate.paper.id], _sentence(candidate, place))
    left = ((c, place) for c, place in open_places(papers) if c.paper.id not in told)
    for candidate, place in islice(left, _MOST_OPEN):
        yield Closing(LEFT_OPEN, numbers[candidate.paper.id], _sentence(candidate, place))


def _close(asked: Asked, found: Sequence[Candidate]) -> float:
    """The cosine of the question and the sentence, or the title that says much the same, closest to it."""
    titles = (float(c.sentences.title @ asked.vector) for c in found)
    return max((*(c.judged.best for c in found), *(t for t in titles if t >= TITLED)), default=0.0)


def _closest(found: Sequence[Candidate]) -> dict[str, Sentence]:
    """What each of the nearest papers says that comes closest to the question."""
    return {c.paper.id: c.evidence(1, most=1).best for c in found[:NEAREST]}


def _sentence(candidate: Candidate, place: int) -> Sentence:
    start, end = candidate.sentences.spans[place]
    return Sentence(candidate.paper.abstract[start:end], start, end, candidate.judged.sentences[place])


def _reach(candidate: Candidate, read: bool) -> Reach:
    if candidate.bears is not None:
        return READ_TOGETHER
    return READ if read else JUDGED


def _belongs(candidate: Candidate, best: float, spread: float) -> bool:
    """Whether a paper is kept, by how far it bears on the question; or, where that was not read, by how far
    it stands below the best.
    """
    below = candidate.standing - best
    if candidate.bears is None:
        return below >= -spread
    if below < -SPEAKS and candidate.bears < LEAST:
        return False
    return candidate.bears + DISTANCE * below >= BELONGS


def _asked_for(asked: Asked, found: Sequence[Candidate]) -> Candidate | None:
    """The paper whose short name is all that the question has: "What does WaveGAN do?"."""
    for candidate in found:
        name = short_name(candidate.paper)
        if name and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", asked.text, re.IGNORECASE):
            rest = asked.stems - set(content_stems(name)) - _ABOUT_PAPERS
            return candidate if not rest else None
    return None


def _covers(text: str, wanted: Asked) -> bool:
    """Whether a sentence speaks of at least half of what a part asks for, with a number if it counts."""
    held = set(content_stems(text)) & set(wanted.target)
    return 2 * len(held) >= len(wanted.target) > 0 and (not wanted.counted or new_numbers(wanted, text))


def _bearer(name: str, hits: Sequence[Hit]) -> Hit | None:
    """The first hit whose title begins with the name, else whose abstract introduces it, else whose title
    holds it; else the one whose abstract has it most often.
    """
    bears = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    given = re.compile(rf"{_INTRODUCES}.{{0,60}}?{bears}", re.IGNORECASE)
    introduced = [] if len(name) <= _SHORT else [lambda hit: " ".join(given.findall(hit.paper.abstract))]
    for text in (_titled, *introduced, _whole_title):
        for hit in hits:
            if re.search(bears, text(hit), re.IGNORECASE):
                return hit
    bearing = [h for h in hits if name in h.paper.abstract.lower()]
    return max(bearing, key=lambda h: h.paper.abstract.lower().count(name), default=None)


def _whole_title(hit: Hit) -> str:
    return hit.paper.title or ""


def _titled(hit: Hit) -> str:
    """The first word of the title, where the name of what is presented stands."""
    return _whole_title(hit).partition(" ")[0]


def _reordered(hits: Sequence[Hit], found: Sequence[Candidate]) -> tuple[Hit, ...]:
    """Judged hits in their judged order, then the rest as retrieved."""
    judged = [c.hit for c in found]
    ids = {h.paper.id for h in judged}
    return tuple([*judged, *(h for h in hits if h.paper.id not in ids)])
