"""The recipe of a review, and nothing else: collect, outline, draft section by section, count, list.

`Reviewer.draft` yields growing reviews, each fit to be written; the last one is whole. Setting `stop`
ends the model and the drafting after the section at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.encoders import Encoder
from index.errors import IbidError
from index.library import Library
from index.types import Paper
from prompts.templates import PLACEHOLDERS, fingerprint
from rag.evidence import Candidate
from rag.pictures.layout import paper_places
from rag.review.aspects import COLUMNS, row_of
from rag.review.closing import agreements, gaps
from rag.review.collect import Collection, Collector, Coverage, Wanted
from rag.review.counting import years_of
from rag.review.document import Review, ReviewStatement, Section, Table
from rag.review.draft import LENGTHS, Drafter, Run
from rag.review.outline import Heading, Outline, outline_of
from rag.review.ticked import with_ticks
from rag.terms import number_word
from rag.themes import find_themes
from rag.verify import Check

WORDED_FIRST = 3  # papers of a first section that the model words: nobody waits for more before reading

Key = Callable[[Paper], str]


@dataclass(frozen=True, slots=True)
class Drafting:
    """How to draft: the length ("short", "medium", "long"); the first sections, where they stand already."""

    length: str = "medium"
    done: tuple[Section, ...] = ()


class Reviewer:
    """Reviews of one library. `model` names what made the text, for the record."""

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        collector: Collector,
        drafter: Drafter,
        key: Key,
        model: Mapping[str, str],
    ) -> None:
        self._library = library
        self._encoder = encoder
        self._collector = collector
        self._drafter = drafter
        self.key = key
        self._model = model

    @property
    def library(self) -> Library:
        """The library that is reviewed."""
        return self._library

    def collect(self, wanted: Wanted) -> Collection:
        """See `Collector.collect`."""
        return self._collector.collect(wanted)

    def outline(self, collection: Collection) -> Outline:
        """Themes of the papers as an outline; every paper has its place."""
        topic = collection.wanted.topic
        return outline_of(topic, find_themes(topic, collection.taken, self._encoder.encode))

    def chosen(self, wanted: Wanted, coverage: Coverage, ids: Sequence[str]) -> Collection:
        """What was collected with a person's choice of papers; those without an abstract stay out."""
        papers = list(self._library.papers_by_id(ids).values())
        judged = self.judged(wanted.topic, papers)
        taken = tuple(sorted(judged.values(), key=lambda c: -c.standing))
        standings = {c.paper.id: c.standing for c in taken}
        return Collection(wanted, taken, with_ticks(coverage, standings, standings))

    def draft(
        self,
        outline: Outline,
        collection: Collection | None = None,
        drafting: Drafting | None = None,
        run: Run | None = None,
    ) -> Iterator[Review]:
        """Growing reviews from an outline. :raises IbidError: a paper of it has been removed meanwhile."""
        drafting, run = drafting or Drafting(), run or Run()
        papers = self._papers(outline.placed)
        judged = self.judged(outline.topic, list(papers.values()), collection)
        review = self._empty(outline, papers, collection, drafting)
        sections = list(drafting.done)
        for heading in outline.headings[len(sections) :]:
            worded = run if sections else replace(run, worded=WORDED_FIRST)
            sections.append(
                self._drafter.section(outline.topic, heading, judged, LENGTHS[drafting.length], worded)
            )
            yield replace(review, sections=tuple(sections))
            if run.stop.is_set():
                return
        yield self.closed(replace(review, sections=tuple(sections)), judged)

    def section(self, topic: str, heading: Heading, most: int) -> Section:
        """One section drafted anew with at most so many sentences a paper."""
        papers = list(self._papers(heading.placed).values())
        judged = self.judged(topic, papers)
        return self._drafter.section(topic, heading, judged, most, Run())

    def check(self, text: str, papers: Sequence[Paper]) -> Check:
        """What verification says of a sentence that cites these papers."""
        return self._drafter.check(text, papers)

    def judged(
        self, topic: str, papers: Sequence[Paper], collection: Collection | None = None
    ) -> dict[str, Candidate]:
        """Papers judged for the topic, those that collecting judged already taken over."""
        known = {c.paper.id: c for c in collection.taken} if collection else {}
        lacking = [p for p in papers if p.id not in known]
        if lacking:
            known |= self._collector.judged(self._collector.asked(topic), lacking)
        return known

    def closed(self, review: Review, judged: Mapping[str, Candidate]) -> Review:
        """The review with its table, agreements, gaps, and the places of its papers on a map."""
        placed = [i for s in review.sections for i in s.placed]
        papers = [judged[i] for i in dict.fromkeys(placed) if i in judged]
        table = Table(COLUMNS, tuple(row_of(review.papers[i]) for i in dict.fromkeys(placed)))
        last = [
            s
            for s in (
                agreements(papers, self._drafter.quote),
                gaps(papers, table, review.sections, self._drafter.quote),
            )
            if s is not None
        ]
        places = paper_places(self._library, list(dict.fromkeys(placed)))
        return replace(review, sections=(*review.sections, *last), table=table, places=places)

    def _papers(self, ids: Sequence[str]) -> dict[str, Paper]:
        found = self._library.papers_by_id(ids)
        missing = [i for i in ids if i not in found]
        if missing:
            raise IbidError(
                f"no longer in the library: {', '.join(missing[:5])}; "
                "delete these lines from the outline, or add the papers again with `ibid index add`"
            )
        return {i: found[i] for i in ids}

    def _empty(
        self, outline: Outline, papers: Mapping[str, Paper], collection: Collection | None, drafting: Drafting
    ) -> Review:
        keys = {i: self.key(p) for i, p in papers.items()}
        coverage = collection.coverage.to_dict() if collection else {}
        scope = (scope_of(outline.topic, list(papers.values()), coverage, len(self._library)),)
        made: dict[str, Any] = {
            "model": dict(self._model),
            "library_fingerprint": self._library.fingerprint,
            "prompts": {name: fingerprint(name) for name in sorted(PLACEHOLDERS)},
            "settings": {
                "length": drafting.length,
                "sentences_a_paper": LENGTHS[drafting.length],
                **({"wanted": collection.wanted.to_dict()} if collection else {}),
            },
        }
        return Review(outline.topic, outline.title, scope, (), Table(), papers, keys, coverage, made)


def scope_of(topic: str, papers: Sequence[Paper], coverage: Mapping[str, Any], held: int) -> ReviewStatement:
    """What was searched and how, counted. :param coverage: as `Coverage.to_dict`, empty without a search."""
    count, years = len(papers), years_of(papers)
    which = f"{number_word(count)} paper{'' if count == 1 else 's'}{f' from {years}' if years else ''}"
    if not coverage:
        how = f"It rests on {which}, chosen by an outline, of the {held:,} in the library."
    else:
        considered, taken = coverage["considered"], coverage["taken"]
        queries = len(coverage["queries"])
        how = (
            f"The library held {coverage['library_papers']:,} papers; {number_word(queries)} "
            f"{'query' if queries == 1 else 'queries'} brought up {considered} of them, of which "
            f"{considered - taken} were left out. "
            f"The review rests on {which}."
        )
    text = (
        f"This review asks what the abstracts of one library say on “{topic}”. {how} Only abstracts "
        "were read, not whole papers. Every sentence on a paper was held against its abstract."
    )
    return ReviewStatement(text, (), counted=True)
