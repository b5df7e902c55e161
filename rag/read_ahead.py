"""Reading papers before anybody asks; it waits while somebody is being answered."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice

from index.library import Library
from rag.cross_encoder import CrossEncoder
from rag.evidence import READ_TOPIC
from rag.reader import KEPT_PAPERS, Reader
from rag.sentences import SentenceStore

AT_ONCE = 16  # papers read before a question is let in: a fifth of a second


class ReadAhead:
    """Knows how many answers are being made, and reads between them."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._answers = 0

    @contextmanager
    def held(self) -> Iterator[None]:
        """Held up while an answer is made."""
        with self._changed:
            self._answers += 1
        try:
            yield
        finally:
            with self._changed:
                self._answers -= 1
                self._changed.notify_all()

    def read(
        self,
        library: Library,
        sentences: SentenceStore,
        reader: Reader,
        cross: CrossEncoder,
        progress: Callable[[int, int, str], None] | None = None,
    ) -> None:
        """Read all papers, or of a library that memory cannot hold a few: what reads them is loaded then.

        The cross-encoder keeps nothing, but it loads what is fast once it reads as many as a survey has.
        """
        self._wait()
        cross.read("Which papers?", list(islice(library.papers(), READ_TOPIC)))
        count = len(library)
        wanted = count if count <= KEPT_PAPERS else AT_ONCE
        papers, done = islice(library.papers(), wanted), 0
        while batch := list(islice(papers, AT_ONCE)):
            for read in (sentences.get, reader.keep):
                self._wait()
                read(batch)
            done += len(batch)
            if progress:
                progress(done, wanted, "reading ahead")

    def _wait(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._answers)
