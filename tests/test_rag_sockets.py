"""A library in LlamaIndex's sockets: retriever, postprocessor, query engine, tool, embedding, reader."""

import json

import numpy as np
import pytest
from cli_fixtures import PAPERS

from index.encoders import HashEncoder
from index.nodes import EmbeddingEncoder, EncoderEmbedding, PaperReader
from rag.embedder import load_encoder
from rag.wiring import open_library


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    from index.build import add_paths

    folder = tmp_path_factory.mktemp("sockets")
    file = folder / "papers.jsonl"
    file.write_text("\n".join(map(json.dumps, PAPERS)), encoding="utf-8")
    add_paths(folder / "library", [file], load_encoder())
    return open_library(folder / "library", llm="none")


def test_the_retriever_gives_scored_nodes_with_offsets(library):
    nodes = library.as_retriever(k=2).retrieve("moss on wet walls")
    assert nodes[0].metadata["paper_id"] == "moss"
    assert len(nodes) == 2
    assert nodes[0].score > nodes[1].score
    abstract = library.papers.paper("moss").abstract
    assert abstract[nodes[0].node.start_char_idx : nodes[0].node.end_char_idx] == nodes[0].node.text


def test_the_postprocessor_puts_what_the_reader_finds_relevant_first(library):
    nodes = library.as_retriever(k=4).retrieve("moss on wet walls")
    question = "Do owls hunt at night?"
    read = library.as_postprocessor().postprocess_nodes(nodes[::-1], query_str=question)
    assert read[0].metadata["paper_id"] == "owls"
    assert [each.score for each in read] == sorted((each.score for each in read), reverse=True)
    assert len(read) == len(nodes)
    assert (
        library.as_postprocessor(top_n=1).postprocess_nodes(nodes, query_str=question)[0].node == read[0].node
    )
    assert library.as_postprocessor(top_n=2).postprocess_nodes(nodes) == nodes[:2]


def test_the_query_engine_answers_with_the_public_object_as_metadata(library):
    response = library.as_query_engine().query("How many walls did the study of moss measure?")
    assert "120 walls" in str(response)
    assert response.metadata["schema"] == "ibid.answer/1"
    assert response.source_nodes[0].metadata["paper_id"] == "moss"


def test_the_tool_says_how_many_papers_it_reads(library):
    tool = library.as_tool("abstracts")
    assert tool.metadata.name == "abstracts"
    assert "4 scientific abstracts" in tool.metadata.description


def test_an_encoder_and_llamaindex_embedding_are_one_through_both_adapters():
    encoder = HashEncoder(32)
    back = EmbeddingEncoder(EncoderEmbedding(encoder))
    texts = ["moss on walls", "owls at night"]
    assert back.id.width == 32
    assert np.allclose(back.encode(texts), encoder.encode(texts), atol=1e-6)
    assert np.allclose(back.encode_query(texts[0]), encoder.encode_query(texts[0]), atol=1e-6)


def test_the_reader_gives_one_document_a_paper(tmp_path):
    file = tmp_path / "papers.jsonl"
    file.write_text("\n".join(map(json.dumps, PAPERS)), encoding="utf-8")
    documents = PaperReader().load_data(file)
    assert [d.doc_id for d in documents] == ["moss", "tides", "owls", "undated"]
    assert documents[1].metadata["year"] == 2021
