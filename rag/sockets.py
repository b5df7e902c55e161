"""A library in LlamaIndex's sockets: retriever, query engine, tool. For users of LlamaIndex."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle
from llama_index.core.tools import QueryEngineTool

from index.nodes import to_nodes

if TYPE_CHECKING:
    from rag.wiring import OpenedLibrary


class IbidRetriever(BaseRetriever):
    """Hybrid retrieval; node metadata carries paper id, title, year and the named scores."""

    def __init__(self, library: OpenedLibrary, k: int = 10, **kwargs: Any) -> None:
        self._library = library
        self._k = k
        super().__init__(**kwargs)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return to_nodes(self._library.search(query_bundle.query_str, self._k))


class IbidQueryEngine(BaseQueryEngine):
    """Checked answers; `Response.metadata` is the whole `ibid.answer/1` object."""

    def __init__(self, library: OpenedLibrary) -> None:
        self._library = library
        super().__init__(callback_manager=None)

    def _query(self, query_bundle: QueryBundle) -> Response:
        answer = self._library.ask(query_bundle.query_str)
        nodes = to_nodes(self._library.search(query_bundle.query_str, max(1, len(answer.references))))
        return Response(answer.text, source_nodes=nodes, metadata=answer.to_dict())

    async def _aquery(self, query_bundle: QueryBundle) -> Response:
        return self._query(query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def as_tool(library: OpenedLibrary, name: str = "library", description: str | None = None) -> QueryEngineTool:
    """The query engine as a tool for agents."""
    count = library.info().papers
    told = description or f"Answers questions from {count} scientific abstracts, with checked citations."
    return QueryEngineTool.from_defaults(IbidQueryEngine(library), name=name, description=told)
