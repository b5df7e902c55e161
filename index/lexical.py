"""Keyword search (BM25, English stems) over titles and chunk texts, on tantivy.

Titles have a field of their own with a higher weight. A question is taken as plain words: no
character in it is an operator, so no question can be a syntax error, and one made of symbols
finds nothing. The index stores chunk ids alone; the text stays in the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import tantivy

from index.errors import LibraryError
from index.stores import Ids, Scored

LEXICAL_VERSION = "1"  # raise when fields or analysis change: indexes are then rebuilt
TITLE_BOOST = 2.0
QUERY_WORDS = 256  # words of a query that count
_ANALYZER = "en_stem"  # splits at non-alphanumerics, lower case, Snowball English
_HEAP = 32_000_000  # tantivy's minimum is 15 MB a thread
_WORD = re.compile(r"[^\W_]+")
_TERM_SET_LIMIT = 20_000  # above it, walking down the ranking is cheaper than a set of terms

_STEMS = (  # what the analyzer of that name does, to make the terms of a query
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.remove_long(40))
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.stemmer("english"))
    .build()
)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is indexed of one chunk: its id, its paper's title ("" if none), its text."""

    chunk: int
    title: str
    body: str


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("chunk", stored=False, indexed=True, fast=True)
    builder.add_text_field("title", stored=False, tokenizer_name=_ANALYZER)
    builder.add_text_field("body", stored=False, tokenizer_name=_ANALYZER)
    return builder.build()


def _document(passage: Passage) -> tantivy.Document:
    document = tantivy.Document()
    document.add_integer("chunk", passage.chunk)
    document.add_text("title", passage.title)
    document.add_text("body", passage.body)
    return document


class LexicalIndex:
    """A tantivy index in a folder, or in memory. Searching is safe from several threads."""

    def __init__(self, index: tantivy.Index) -> None:
        self._index = index
        self._schema = _schema()
        # No watcher thread: a generation does not change once it is published.
        index.config_reader(reload_policy="manual")
        index.reload()
        self._searcher = index.searcher()

    @classmethod
    def create(cls, folder: Path | None = None) -> LexicalIndex:
        """A new empty index; without a folder, in memory."""
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        return cls(tantivy.Index(_schema(), path=None if folder is None else str(folder)))

    @classmethod
    def open(cls, folder: Path) -> LexicalIndex:
        """Open an index on disk. :raises LibraryError: when it is none."""
        try:
            return cls(tantivy.Index.open(str(folder)))
        except (ValueError, OSError) as error:
            raise LibraryError(f"{folder} is no keyword index; run `ibid index rebuild`") from error

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def update(self, added: Iterable[Passage], removed: Iterable[int] = ()) -> None:
        """Remove, then add, in one commit; returns when segments are merged and files closed.

        :raises OSError: when the files cannot be written.
        """
        try:
            writer = self._index.writer(_HEAP, 1)
            for chunk in removed:
                writer.delete_documents_by_term("chunk", int(chunk))
            for passage in added:
                writer.add_document(_document(passage))
            writer.commit()
            writer.garbage_collect_files()
            writer.wait_merging_threads()
        except ValueError as error:  # tantivy reports every failed write this way
            raise OSError(f"the keyword index cannot be written: {error}") from error
        self._index.reload()
        self._searcher = self._index.searcher()

    def ids(self) -> Ids:
        """All chunk ids, ascending."""
        if not len(self):
            return np.zeros(0, dtype=np.int64)
        hits = self._searcher.search(tantivy.Query.all_query(), len(self), count=False).hits
        values = self._searcher.fast_field_values("chunk", [address for _, address in hits])
        return np.sort(np.array(values, dtype=np.int64))

    def search(self, text: str, k: int, allowed: Ids | None = None) -> Scored:
        """The k best chunks for the words of `text`, among `allowed` if it is given."""
        query = self._parse(text)
        if query is None or k <= 0 or not len(self):
            return []
        if allowed is None:
            return self._top(query, k)
        if len(allowed) == 0:
            return []
        if len(allowed) > _TERM_SET_LIMIT:
            return self._top_among(query, k, allowed)
        chosen = tantivy.Query.term_set_query(self._schema, "chunk", [int(i) for i in allowed])
        free = tantivy.Query.const_score_query(chosen, 0.0)  # narrows, adds nothing to the score
        must = tantivy.Occur.Must
        return self._top(tantivy.Query.boolean_query([(must, query), (must, free)]), k)

    def frequency(self, word: str) -> int:
        """In how many chunks a word, in any form with its stem, stands in the title or the text."""
        query = self._parse(word)
        if query is None:
            return 0
        return int(cast(Any, self._searcher.search(query, 1, count=True)).count)  # not in its type stub

    def _parse(self, text: str) -> tantivy.Query | None:
        words = dict.fromkeys(_WORD.findall(text.lower())[:QUERY_WORDS])
        if not words:
            return None
        # One flat list of terms, not one of two fields a word: tantivy then skips what cannot reach the top.
        should = tantivy.Occur.Should
        clauses = []
        for stem in _STEMS.analyze(" ".join(words)):
            title, body = (
                tantivy.Query.term_query(self._schema, field, stem, "freq") for field in ("title", "body")
            )
            clauses += [(should, tantivy.Query.boost_query(title, TITLE_BOOST)), (should, body)]
        return tantivy.Query.boolean_query(clauses)

    def _top(self, query: tantivy.Query, k: int) -> Scored:
        hits = self._searcher.search(query, min(k, len(self)), count=False).hits
        ids = self._searcher.fast_field_values("chunk", [address for _, address in hits])
        found = [(int(i or 0), float(score)) for i, (score, _) in zip(ids, hits, strict=True)]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))

    def _top_among(self, query: tantivy.Query, k: int, allowed: Ids) -> Scored:
        """Walk down the whole ranking: a filter does not change BM25 scores, only who may stay."""
        depth = 4 * k
        while True:
            found = self._top(query, depth)
            kept = np.isin(np.array([i for i, _ in found], dtype=np.int64), allowed)
            hits = [pair for pair, keep in zip(found, kept, strict=True) if keep]
            if len(hits) >= k or len(found) < depth:
                return hits[:k]
            depth *= 4
