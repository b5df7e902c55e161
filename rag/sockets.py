"""A library in the sockets of LlamaIndex: retriever, postprocessor, query engine, tool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import Response
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.postprocessor.types import BaseNodePostprocessor
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import MetadataMode, NodeWithScore, QueryBundle
from llama_index.core.tools import QueryEngineTool

from index.nodes import to_nodes
from index.types import Paper
from rag.reader import Reader

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


class ReaderPostprocessor(BaseNodePostprocessor):
    """The trained reader over any retriever's nodes: the most relevant to the query first, scored by it.

    A node is read as a paper: its text is the abstract, `title` of its metadata the title.
    """

    top_n: int | None = None
    _reader: Reader = PrivateAttr()

    def __init__(self, reader: Reader, top_n: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.top_n = top_n
        self._reader = reader

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex knows the class."""
        return "ibid_reader"

    def _postprocess_nodes(
        self, nodes: list[NodeWithScore], query_bundle: QueryBundle | None = None
    ) -> list[NodeWithScore]:
        if query_bundle is None or not nodes:
            return nodes[: self.top_n]
        papers = [
            Paper(
                id=each.node.node_id,
                title=str(each.node.metadata.get("title") or ""),
                abstract=each.node.get_content(MetadataMode.NONE),
            )
            for each in nodes
        ]
        readings = self._reader.read(query_bundle.query_str, papers)
        read = [
            NodeWithScore(node=each.node, score=reading.relevance)
            for each, reading in zip(nodes, readings, strict=True)
        ]
        return sorted(read, key=lambda each: -(each.score or 0.0))[: self.top_n]


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
