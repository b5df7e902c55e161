"""An opened library: search, ask, stream and add, without a language model."""

from __future__ import annotations

import json
import shutil
import sys

import pytest
from fakes import PAPERS, build_library, bundled_encoder

from index.encoders import HashEncoder
from index.errors import EmbedderMismatch, LibraryError, UsageError
from index.library import Library
from rag.config import Config
from rag.embedder import load_encoder
from rag.wiring import OpenedLibrary, open_library


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "library"
    build_library(folder, PAPERS, bundled_encoder()).close()
    return folder


@pytest.fixture(scope="module")
def opened(made):
    return open_library(made, llm="none")


def test_a_library_is_opened_searched_and_asked(opened, made):
    assert opened.path == made
    assert (opened.info().papers, opened.info().untitled) == (9, 1)
    assert opened.search("counting gulls", 1)[0].paper.id == "gulls"
    answer = opened.ask("How many drone images was KelpFormer trained on?")
    assert "12,400" in answer.text
    assert answer.model == {
        "embedder": "all-MiniLM-L6-v2", "llm": "none", "library_fingerprint": opened.info().fingerprint,
    }  # fmt: skip


def test_asking_loads_neither_torch_nor_a_model(opened):
    before = set(sys.modules)
    opened.ask("How are harbour tides forecast?")
    heavy = {"torch", "transformers", "xllamacpp", "gradio", "faiss"}
    assert not heavy & (set(sys.modules) - before)


def test_a_stream_ends_with_the_answer(opened):
    snapshots = list(opened.stream("How are harbour tides forecast?"))
    assert snapshots[-1].done
    assert snapshots[-1].text == opened.ask("How are harbour tides forecast?").text


def test_papers_that_are_added_are_found_at_once_and_change_the_fingerprint(made, tmp_path):
    shutil.copytree(made, tmp_path / "library")
    opened = open_library(tmp_path / "library", llm="none")
    question = "How many penguins nest on Skerry island?"
    assert opened.ask(question).references == ()
    before = opened.ask(question).model["library_fingerprint"]
    record = {
        "_id": "skerry",
        "title": "Penguins of Skerry island",
        "text": "On Skerry island 412 penguins nest.",
    }
    file = tmp_path / "more.jsonl"
    file.write_text(json.dumps(record), encoding="utf-8")
    assert opened.add_files([file]).new == 1
    answer = opened.ask(question)
    assert "412" in answer.text
    assert answer.model["library_fingerprint"] == opened.info().fingerprint != before


def test_the_engine_is_kept_while_the_papers_stay(opened):
    assert opened.engine is opened.engine


def test_a_missing_library_an_unknown_model_and_another_embedder_are_told(tmp_path):
    with pytest.raises(LibraryError):
        open_library(tmp_path / "nothing", llm="none")
    with pytest.raises(UsageError, match="smolm2"):
        open_library(tmp_path / "nothing", llm="smolm2")
    build_library(tmp_path / "hashed", PAPERS[:1], HashEncoder(16)).close()
    with pytest.raises(EmbedderMismatch, match="rebuild"):
        open_library(tmp_path / "hashed", llm="none")


def test_any_encoder_can_stand_behind_a_library(tmp_path):
    encoder = HashEncoder(32)
    build_library(tmp_path / "library", PAPERS, encoder).close()
    library = Library.open(tmp_path / "library", encoder.id)
    opened = OpenedLibrary(library, encoder, Config(tmp_path / "library", llm="none"))
    assert "gulls" in [h.paper.id for h in opened.search("telephone camera gull colonies", 3)]


def test_the_bundled_encoder_gives_unit_rows_of_384():
    encoder = load_encoder()
    row = encoder.encode_query("tides")
    assert row.shape == (384,)
    assert float(row @ row) == pytest.approx(1.0, abs=1e-5)
