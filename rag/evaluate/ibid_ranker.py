"""Ibid's ranker as the simulation of screening makes it: from records alone, embedded once and kept."""

from __future__ import annotations

from collections.abc import Sequence

from rag.config import Config, cache_folder
from rag.embedder import load_encoder
from rag.evaluate.screening import Record
from rag.screening.ranker import ScreeningRanker
from rag.vector_cache import CachingEncoder


def ibid_ranker(records: Sequence[Record]) -> ScreeningRanker:
    """A ranker that knows the records and no question."""
    encoder = CachingEncoder(load_encoder(Config.load().embedder), cache_folder() / "screening.sqlite")
    return ScreeningRanker(records, encoder.encode([f"{r.title}. {r.abstract}" for r in records]))
