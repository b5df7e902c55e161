"""Example questions: made of what the library holds, and answerable by it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fakes import PAPERS, build_library, bundled_encoder, make_engine, shared_library

from index.encoders import HashEncoder
from rag.examples import example_questions
from rag.types import Status


def test_examples_can_be_answered():
    engine = make_engine(shared_library(), bundled_encoder())
    questions = example_questions(shared_library())
    assert 1 <= len(questions) <= 4
    assert len(set(questions)) == len(questions)
    for question in questions:
        assert engine.ask(question).status is not Status.INSUFFICIENT, question


def test_phrases_that_titles_share_and_named_papers_become_questions(tmp_path):
    papers = [
        replace(
            p,
            id=f"{p.id}{n}",
            title=f"{p.title} for harbour tides",
            abstract=p.abstract + f" Copy {n}. " * 40,
        )
        for n, p in enumerate(PAPERS[:4])
    ]
    with build_library(tmp_path / "library", tuple(papers), HashEncoder(16)) as library:
        questions = example_questions(library)
    assert questions[0] == "What has been done on harbour tides?"
    assert "How do TideNet and WaveGAN differ?" in questions


@pytest.mark.parametrize("count", [0, 1])
def test_a_library_of_next_to_nothing_is_no_error(tmp_path, count):
    with build_library(tmp_path / "library", (PAPERS[5], PAPERS[7])[:count], HashEncoder(16)) as library:
        questions = example_questions(library)
    assert len(questions) == count
    if count:
        assert questions == ["What is known about Shading slows coral bleaching during heat waves?"]
