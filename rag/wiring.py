"""Puts the parts together: a folder and a model name become a library that can be asked.

The only module that knows which class stands behind which name. Everything heavy is imported when
it is first needed: opening a library and searching it load neither LlamaIndex nor torch.

    from rag.wiring import open_library
    library = open_library("path")
    print(library.ask("How are state space models used in medical imaging?").text)
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.build import AddReport, add_paths
from index.catalog import Catalog
from index.derived import DerivedCache
from index.encoders import Encoder
from index.library import Filter, Library, LibraryInfo
from index.shelf import Shelf
from index.types import Hit, Paper
from rag.bibliography import citation_key, citation_keys
from rag.config import Config
from rag.embedder import load_encoder
from rag.engine import AskOptions, Engine
from rag.llms.table import find_llm, load_llm
from rag.read_ahead import ReadAhead
from rag.retrieval import Mode, Retriever
from rag.screening.desk import Desks
from rag.socket_methods import LlamaIndexSockets
from rag.trained import TrainedModels
from rag.types import Answer

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from rag.audit.draft import Draft
    from rag.audit.report import Audit
    from rag.claims import CiteReport, ClaimFinder
    from rag.compare.table import Comparison
    from rag.evidence import EvidenceFinder
    from rag.partial_reference import ReferenceFinder, ReferenceMatch
    from rag.pictures.pictured import Pictured
    from rag.rarity import Rarity
    from rag.review.reviewer import Reviewer
    from rag.sentences import SentenceStore
    from rag.statements import StatementMaker
    from rag.verify import Verifier
    from rag.writers import Writer

Progress = Callable[[int, int, str], None]

# Of 26 drafts read against their abstracts, two did not hold and five held in part; all but one of these
# seven stand above this line or bring words of their own.
SMALL_MODEL_JUMPS = 0.065
_KNOWING = (  # what knows rarities, spellings or keys
    "_rarity", "_finder", "_verifier", "_engine", "_reviewer", "_claims", "_references", "_keys",
)  # fmt: skip


class OpenedLibrary(LlamaIndexSockets):
    """A library with everything that answers from it. Safe to use from several threads."""

    def __init__(
        self, library: Library, encoder: Encoder, config: Config, patience: float | None = None
    ) -> None:
        self._patience = patience
        self._library = library
        self._encoder = encoder
        self._config = config
        self.screening = Desks(library, encoder)
        self._making = threading.RLock()
        self._ahead = ReadAhead()
        self.trained = TrainedModels(library.path)
        self._pictured: tuple[str, Pictured] | None = None
        self._made_for = ""  # the fingerprint of the papers that the engine knows

    @property
    def path(self) -> Path:
        """The folder."""
        return self._library.path

    @property
    def papers(self) -> Library:
        """The library below: look up papers, chunks and counts."""
        return self._library

    def info(self) -> LibraryInfo:
        """Counts; `to_dict` gives `ibid.library/1`."""
        return self._library.info()

    def search(
        self, query: str, k: int = 10, mode: str = "hybrid", keep: Filter | None = None, per_paper: int = 1
    ) -> list[Hit]:
        """The best hits for a query, one a paper unless asked otherwise. French and German queries are put
        into English words (see `rag.glossary`).
        """
        self._library.refresh()
        from rag.glossary import Glossary
        from rag.rerank import ALIKE, READ, rank_alike, rerank, rerank_topic

        query = Glossary(self._library.document_frequency).english(query)
        chosen = Mode(mode)
        if chosen is Mode.HYBRID and per_paper == 1:
            hits = self._retriever.search(query, max(k, ALIKE), chosen, keep)
            return rank_alike(self._library, hits)[:k]
        if chosen is not Mode.RERANKED:
            return self._retriever.search(query, k, chosen, keep, per_paper)

        with self._ahead.held():
            hits = self._retriever.search(query, max(k, READ), chosen, keep, per_paper)
            read = rerank(self.trained.reader(), query, hits)
            return rerank_topic(self.trained.cross_encoder(), self._library, query, read)[:k]

    def ask(self, question: str, turns: Sequence[str] = (), options: AskOptions | None = None) -> Answer:
        """A checked, cited answer. :param turns: earlier questions of the conversation, oldest first."""
        self._library.refresh()
        with self._ahead.held():
            return self.engine.ask(question, turns, options)

    def stream(
        self,
        question: str,
        turns: Sequence[str] = (),
        *,
        options: AskOptions | None = None,
        stop: threading.Event | None = None,
    ) -> Iterator[Answer]:
        """Growing snapshots of the answer; the last has `done`. Closing the iterator stops the model."""
        self._library.refresh()
        with self._ahead.held():
            yield from self.engine.stream(question, turns, options, stop)

    def cite(self, claim: str, k: int = 5) -> CiteReport:
        """Which papers support a sentence, refute it, or only touch it; at most `k`."""
        self._library.refresh()
        with self._making:
            self._forget_old()
            finder = self._claims
        with self._ahead.held():
            return finder.find(claim, k)

    def find_reference(self, reference: str, k: int = 5) -> list[ReferenceMatch]:
        """The papers that a partial reference may mean, best first, with why."""
        self._library.refresh()
        with self._making:
            self._forget_old()
            finder = self._references
        return finder.find(reference, k)

    def check(
        self, draft: Path, bibliographies: Sequence[Path] = (), progress: Progress | None = None
    ) -> tuple[Draft, Audit]:
        """A manuscript as it was read, and what its citations and claims are worth by this library."""
        from rag.audit.auditor import make_auditor

        self._library.refresh()
        with self._making:
            self._forget_old()
            auditor = make_auditor(self._library, self._verifier, self._claims, self._rarity, self.key)
        return auditor.check(draft, bibliographies, progress)

    def compare(self, ids: Sequence[str] = (), aspects: Sequence[str] = (), **wanted: Any) -> Comparison:
        """Papers side by side by the usual aspects or those asked for; `ids` may be citation keys.

        :param wanted: without ids, of `Wanted`: topic, most, … :raises IbidError: nothing there.
        """
        from rag.compare.choosing import compare_chosen

        return compare_chosen(self, self.trained.reader, ids, aspects, wanted)

    def add_files(self, paths: Sequence[Path], progress: Progress | None = None) -> AddReport:
        """Read files into the library; later questions see them."""
        report = add_paths(self.path, paths, self._encoder, progress=progress)
        self._library.refresh()
        return report

    def shelf(self) -> Shelf:
        """All papers as short rows, to look through."""
        return self._library.shelf()

    def pictured(self) -> Pictured:
        """The papers in groups, with their places on a map; drawn anew when the papers change."""
        from rag.pictures.of_library import pictured_library

        self._library.refresh()
        known = self._library.fingerprint
        if self._pictured is None or self._pictured[0] != known:
            self._pictured = known, pictured_library(self._library)
        return self._pictured[1]

    def keyed(self, ids: Iterable[str]) -> list[tuple[Paper, str]]:
        """The papers that exist among `ids`, in that order, each with its citation key."""
        wanted = list(ids)
        found = self._library.papers_by_id(wanted)
        with self._making:
            self._forget_old()
            return [(found[i], self.key(found[i])) for i in dict.fromkeys(wanted) if i in found]

    def doubtful_pairs(self, most: int = 200) -> list[tuple[Paper, Paper]]:
        """Pairs of papers that may be one work and have not been decided."""
        from index.duplicates import doubtful_pairs

        with closing(Catalog.open(self.path)) as catalog:
            return list(islice(doubtful_pairs(catalog), most))

    def unite(self, a_id: str, b_id: str) -> Paper:
        """Make two papers one; later questions see it. :raises LibraryError: for an unknown id."""
        from index.duplicates import unite

        merged = unite(self.path, a_id, b_id, self._encoder)
        self._library.refresh()
        return merged

    def keep_apart(self, a_id: str, b_id: str) -> None:
        """Note that two papers are two works. :raises LibraryError: for an unknown id."""
        from index.duplicates import keep_apart

        keep_apart(self.path, a_id, b_id)

    def example_questions(self) -> list[str]:
        """Questions that this library can answer, for a first click."""
        from rag.examples import example_questions

        return example_questions(self._library)

    def warm_up(self) -> None:
        """Load the model and read papers ahead, so that no question waits for it."""
        with self._making:  # a first question at the same time must not load the model twice
            llm = self.llm
        if llm is not None:
            llm.complete("Question:", formatted=True, max_tokens=1)
        self.read_ahead()

    def read_ahead(self, progress: Progress | None = None) -> None:
        """Read papers while nobody is being answered; what is read is kept beside the library as well."""
        with self._making:
            sentences, trained = self._sentences, self.trained
            reader, cross = trained.reader(), trained.cross_encoder()
        self._ahead.read(self._library, sentences, reader, cross, progress)

    @cached_property
    def _sentences(self) -> SentenceStore:
        from rag.sentences import SentenceStore

        return SentenceStore(self._encoder, DerivedCache(self.path))

    @cached_property
    def _retriever(self) -> Retriever:
        return Retriever(self._library, self._encoder)

    @property
    def engine(self) -> Engine:
        """The engine; made, with its model, at the first question, and anew when the papers change."""
        with self._making:
            self._forget_old()
            return self._engine

    def _forget_old(self) -> None:
        """Drop what knows rarities and spellings when the papers have changed."""
        if self._made_for != self._library.fingerprint:
            for made in _KNOWING:
                self.__dict__.pop(made, None)
            self._made_for = self._library.fingerprint

    def key(self, paper: Paper) -> str:
        """The citation key of a paper of this library; no two papers share one."""
        return self._keys.get(paper.id) or citation_key(paper)

    @cached_property
    def _keys(self) -> dict[str, str]:
        return citation_keys(self._library.papers())

    @cached_property
    def _claims(self) -> ClaimFinder:
        from rag.claims import ClaimFinder
        from rag.cross_stance import CrossStance
        from rag.rarity import Rarity
        from rag.spelling import Speller
        from rag.stance_features import Features
        from rag.stance_model import FeatureStance

        model = CrossStance(self.trained.cross_encoder, FeatureStance(Features(Rarity(self._library))))
        speller, reader = Speller(self._library), self.trained.reader
        return ClaimFinder(self._retriever, self._sentences, model, speller, self.key, reader)

    @cached_property
    def _references(self) -> ReferenceFinder:
        from rag.partial_reference import ReferenceFinder
        from rag.rarity import Rarity
        from rag.spelling import Speller

        rarity, speller = Rarity(self._library), Speller(self._library)
        return ReferenceFinder(self._library, self._retriever, speller, rarity, self.key)

    @cached_property
    def _engine(self) -> Engine:
        from rag.plan import Planner
        from rag.spelling import Speller

        planner = Planner(self._retriever, self._finder, Speller(self._library))
        return Engine(planner, self._writer(self._maker()), self._model())

    @property
    def reviewer(self) -> Reviewer:
        """Drafts literature reviews; made, with its model, when first asked for."""
        self._library.refresh()
        with self._making:
            self._forget_old()
            return self._reviewer

    @contextmanager
    def reviewing(self) -> Iterator[Reviewer]:
        """The reviewer for work that takes a while; reading ahead waits meanwhile."""
        with self._ahead.held():
            yield self.reviewer

    @cached_property
    def _reviewer(self) -> Reviewer:
        from rag.review.collect import Collector
        from rag.review.draft import Drafter
        from rag.review.reviewer import Reviewer
        from rag.spelling import Speller

        maker = self._maker()
        collector = Collector(self._retriever, self._finder, Speller(self._library))
        drafter = Drafter(self._writer(maker), maker, self._verifier, self._encoder, self._rarity)
        return Reviewer(self._library, self._encoder, collector, drafter, self.key, self._model())

    @cached_property
    def _finder(self) -> EvidenceFinder:
        from rag.evidence import EvidenceFinder
        from rag.relevance import Judge

        judge, cross = Judge(self._rarity), self.trained.cross_encoder
        return EvidenceFinder(self._sentences, judge, self._rarity, self.trained.reader, cross)

    @cached_property
    def _verifier(self) -> Verifier:
        from rag.verify import Verifier

        return Verifier(self._rarity)

    @cached_property
    def _rarity(self) -> Rarity:
        from rag.rarity import Rarity

        return Rarity(self._library)

    def _maker(self) -> StatementMaker:
        from rag.statements import StatementMaker

        small = find_llm(self._config.llm)[0].wording == "digest"
        return StatementMaker(self._verifier, SMALL_MODEL_JUMPS if small else 1.0)

    def _model(self) -> dict[str, str]:
        return {
            "embedder": self._encoder.id.name,
            "llm": self._config.llm,
            "library_fingerprint": self._library.fingerprint,
        }

    def _writer(self, maker: StatementMaker) -> Writer:
        from rag.writer_table import writer_of

        return writer_of(self.llm, self._config.llm, maker, self._patience)

    @cached_property
    def llm(self) -> LLM | None:
        """The language model, or None for "none"."""
        return load_llm(self._config.llm, api_base=self._config.api_base)


def open_library(
    path: Path | str | None = None,
    *,
    llm: str | None = None,
    api_base: str | None = None,
    patience: float | None = None,
) -> OpenedLibrary:
    """Open a library; without a path, the default one.

    :param llm: a name of `rag.llms.table` ("smollm2", "transformers:…", "openai:…", "none").
    :param patience: seconds a small model may take to word one answer, `math.inf` for a batch whose results
        shall not depend on the machine; None for what a reader bears.
    :raises LibraryError: there is none, or it was made with another embedder.
    """
    config = Config.load(library=path, llm=llm, api_base=api_base)
    find_llm(config.llm)
    encoder = load_encoder(config.embedder)
    return OpenedLibrary(Library.open(config.library, encoder.id), encoder, config, patience)
