"""The small trained models that read one library's papers, each loaded once, when it is first needed."""

from __future__ import annotations

import threading
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from rag.embedder import minilm

if TYPE_CHECKING:
    from rag.cross_encoder import CrossEncoder
    from rag.reader import Reader


class TrainedModels:
    """:param library: the folder beside which is kept what was read."""

    def __init__(self, library: Path) -> None:
        self._library = library
        self._loading = threading.Lock()

    def reader(self) -> Reader:
        """The reader with what it has read of this library."""
        with self._loading:
            return self._reader

    def cross_encoder(self) -> CrossEncoder:
        """The cross-encoder."""
        with self._loading:
            return self._cross_encoder

    @cached_property
    def _reader(self) -> Reader:
        from index.derived import DerivedCache
        from rag.reader import load_reader

        return load_reader(DerivedCache(self._library), minilm())

    @cached_property
    def _cross_encoder(self) -> CrossEncoder:
        from rag.cross_encoder import load_cross_encoder

        return load_cross_encoder(minilm())
