"""An opened library's way into LlamaIndex: each method imports it when it is called, not before."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from llama_index.core.tools import QueryEngineTool

    from rag.sockets import IbidQueryEngine, IbidRetriever, ReaderPostprocessor
    from rag.wiring import OpenedLibrary


class LlamaIndexSockets:
    """What `OpenedLibrary` offers to users of LlamaIndex."""

    def as_retriever(self, k: int = 10) -> IbidRetriever:
        """The library as a LlamaIndex retriever."""
        from rag.sockets import IbidRetriever

        return IbidRetriever(_opened(self), k)

    def as_postprocessor(self, top_n: int | None = None) -> ReaderPostprocessor:
        """The trained reader as a LlamaIndex postprocessor."""
        from rag.sockets import ReaderPostprocessor

        return ReaderPostprocessor(_opened(self).trained.reader(), top_n)

    def as_query_engine(self) -> IbidQueryEngine:
        """The library as a LlamaIndex query engine."""
        from rag.sockets import IbidQueryEngine

        return IbidQueryEngine(_opened(self))

    def as_tool(self, name: str = "library", description: str | None = None) -> QueryEngineTool:
        """The library as a LlamaIndex tool for agents."""
        from rag.sockets import as_tool

        return as_tool(_opened(self), name, description)


def _opened(sockets: LlamaIndexSockets) -> OpenedLibrary:
    return cast("OpenedLibrary", sockets)
