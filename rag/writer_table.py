"""Which writer a model gets: sentences alone, one digest a paper, or a whole draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rag.digest import PATIENCE_S, Digester
from rag.llms.table import find_llm
from rag.statements import StatementMaker
from rag.vocabulary import grammar_of
from rag.writers import DigestWriter, ExtractiveWriter, ThemedWriter, Writer

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


def writer_of(llm: LLM | None, spec: str, maker: StatementMaker, patience: float | None = None) -> Writer:
    """The writer for a model by the row of its name. :param patience: see `Digester`; None for its own."""
    if llm is None:
        return ThemedWriter(ExtractiveWriter(maker), maker)
    row, _ = find_llm(spec)
    if row.wording == "whole":
        from rag.whole import WholeWriter

        return WholeWriter(maker, llm)
    grammar = (
        grammar_of if (row.backend or "").startswith("rag.llms.gguf:") else None
    )  # others would refuse it
    digester = Digester(llm, patience=PATIENCE_S if patience is None else patience, grammar=grammar)
    return ThemedWriter(DigestWriter(maker, digester), maker)
