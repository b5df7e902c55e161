"""Taking papers in: recognise, merge, chunk, embed what changed, commit batch by batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from enum import StrEnum

from index.catalog import Catalog
from index.chunking import chunk_abstract
from index.dedupe import identity_keys, merge
from index.edits import Span, editing, encode_vectors
from index.encoders import Encoder
from index.passages import embedded_text
from index.records import storable, text_hash, to_json
from index.types import Paper

BATCH = 256  # papers a commit


class Stage(StrEnum):
    """What is being done, for a progress bar. Counts are files, papers, and steps."""

    READING = "reading"
    EMBEDDING = "embedding"
    PUBLISHING = "publishing"


Stages = Callable[[int, int, str], None]  # (done, total, stage)


def spans_of(paper: Paper) -> dict[Span, str]:
    """The chunks a paper is cut into, each with the text to embed; (0, 0) for a title alone."""
    found = {}
    for start, end in chunk_abstract(paper.abstract) or [(0, 0)]:
        text = embedded_text(paper, start, end)
        found[Span(start, end, text_hash(text))] = text
    return found


@dataclass(slots=True)
class _Pending:
    """A paper of the running batch, with all keys it is known by; `stored` is what is on disk."""

    paper: Paper
    stored: Paper | None
    keys: dict[str, None] = field(default_factory=dict)


class Intake:
    """One add: papers go in by `take`, and are safe on disk after the `flush` that follows."""

    def __init__(
        self, catalog: Catalog, encoder: Encoder, total: int, progress: Stages | None = None
    ) -> None:
        self._catalog = catalog
        self._encoder = encoder
        self._total = total
        self._progress = progress
        self._done = 0
        self._taken = 0
        self._pending: dict[str, _Pending] = {}
        self._owners: dict[str, str] = {}

    def take(self, paper: Paper) -> bool:
        """Add a paper, or merge it into the one it is; returns whether it is new."""
        paper = storable(paper)
        keys = identity_keys(paper)
        owner = self._owner(keys)
        if owner is None:
            paper = replace(paper, id=self._free_id(paper.id))
            pending = _Pending(paper, None)
        else:
            pending = self._pending.get(owner) or self._recalled(owner)
            pending.paper = merge(pending.paper, paper, keep_id=owner)
        new = owner is None
        self._pending[pending.paper.id] = pending
        for key in (*keys, *identity_keys(pending.paper)):
            pending.keys[key] = None
            self._owners.setdefault(key, pending.paper.id)
        self._taken += 1
        if len(self._pending) >= BATCH:
            self.flush()
        return new

    def _owner(self, keys: Iterable[str]) -> str | None:
        """The paper that holds the first known key: keys come strongest first."""
        keys = list(keys)
        stored = self._catalog.owners(keys)
        return next((o for key in keys if (o := self._owners.get(key) or stored.get(key))), None)

    def _recalled(self, paper_id: str) -> _Pending:
        paper = self._catalog.paper(paper_id)
        return _Pending(paper, paper)

    def _free_id(self, wanted: str) -> str:
        """The id itself, or with a number where another paper has it."""
        candidate, n = wanted, 1
        while candidate in self._pending or self._catalog.papers_by_id([candidate]):
            n += 1
            candidate = f"{wanted}-{n}"
        return candidate

    def flush(self) -> None:
        """Embed what changed in the running batch and commit it."""
        changed = {
            p.paper.id: spans_of(p.paper)
            for p in self._pending.values()
            if p.stored is None or to_json(p.stored) != to_json(p.paper)
        }
        vectors = self._embedded(changed)
        with editing(self._catalog) as edit:
            for paper_id, pending in self._pending.items():
                if paper_id in changed:
                    edit.put(pending.paper, pending.keys, list(changed[paper_id]), vectors)
                else:
                    number = edit.number(paper_id)
                    edit.put_keys(number, pending.keys)
                    edit.put_sources(number, pending.paper.sources)
        self._pending.clear()
        self._owners.clear()
        self._done += self._taken
        self._taken = 0
        self._report(0, 1)

    def _embedded(self, changed: dict[str, dict[Span, str]]) -> dict[bytes, bytes]:
        """Vectors by text hash, for the texts that are not stored with their paper yet."""
        texts: dict[bytes, str] = {}
        for paper_id, spans in changed.items():
            known = {chunk.hash for chunk in self._catalog.chunks_of(paper_id)}
            texts |= {span.hash: text for span, text in spans.items() if span.hash not in known}
        if not texts:
            return {}
        rows = self._encoder.encode(list(texts.values()), self._report)
        return dict(zip(texts, encode_vectors(rows, self._encoder.id.width), strict=True))

    def _report(self, done: int, total: int) -> None:
        if self._progress:
            share = done / total if total else 1.0
            self._progress(
                min(self._total, self._done + int(share * self._taken)), self._total, Stage.EMBEDDING
            )
