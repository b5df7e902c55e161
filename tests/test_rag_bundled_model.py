"""The real bundled model on the bundled papers: what is shown is cited, checked, and partly its own words."""

import threading
import time
from importlib.resources import files

import pytest

from index.build import add_paths
from index.errors import ModelError
from prompts.templates import render
from rag.embedder import load_encoder
from rag.models import bundled_llm_path
from rag.terms import content_stems
from rag.types import Status, Verdict
from rag.wiring import open_library

pytestmark = pytest.mark.model

SURVEY = "How is self-supervised pretraining used for medical images?"
FACT = "By how much did PanDerm outperform clinicians in detecting early-stage melanoma?"


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    try:
        bundled_llm_path()
    except ModelError as error:
        pytest.skip(f"the bundled language model cannot be used: {error}")
    folder = tmp_path_factory.mktemp("bundled")
    lines = (files("index") / "demo" / "papers.jsonl").read_text(encoding="utf-8").splitlines()
    kept = [line for n, line in enumerate(lines) if n < 60 or "PanDerm" in line]
    (folder / "papers.jsonl").write_text("\n".join(kept), encoding="utf-8")
    add_paths(folder / "library", [folder / "papers.jsonl"], load_encoder())
    return open_library(folder / "library", llm="smollm2")


def check(answer):
    served = {r.n for r in answer.references}
    assert sorted(served) == list(range(1, len(served) + 1))
    for reference in answer.references:
        assert reference.paper.abstract[reference.start : reference.end] == reference.quote
    for statement in answer.statements:
        assert statement.citations
        assert set(statement.citations) <= served
        assert statement.verdict is not Verdict.UNSUPPORTED


def test_a_survey_answer_is_cited_throughout_and_only_grows(library):
    snapshots = list(library.stream(SURVEY))
    answer = snapshots[-1]
    check(answer)
    assert answer.done
    assert answer.status is Status.ANSWERED
    assert len(answer.references) >= 3
    assert [len(s.statements) for s in snapshots] == sorted(len(s.statements) for s in snapshots)


def test_the_model_words_given_sentences_with_their_own_words(library):
    prompt = render(
        "digest",
        question="Which foundation models are there for dermatology?",
        title="A multimodal vision foundation model for clinical dermatology",
        sentences="- We introduce PanDerm, a dermatology model pretrained on over 2 million skin images.",
    ).rstrip()
    draft = library.llm.complete(prompt, formatted=True, max_tokens=60).text
    words = content_stems(draft)
    assert "PanDerm" in draft
    assert sum(word in content_stems(prompt) for word in words) >= 0.7 * len(words)


def test_a_fact_is_answered_with_its_figure(library):
    answer = library.ask(FACT)
    check(answer)
    assert "10.2" in answer.text


@pytest.mark.parametrize("question", ["What is the capital of Mongolia?", "How many eggs does a hen lay?"])
def test_what_the_library_does_not_state_is_refused_without_a_claim(library, question):
    answer = library.ask(question)
    assert answer.status is Status.INSUFFICIENT
    assert answer.statements == ()
    assert 1 <= len(answer.nearest) <= 3


def test_a_stop_ends_the_model_and_keeps_what_was_checked(library):
    library.llm.load()
    stop = threading.Event()
    snapshots = []
    for answer in library.stream("What has been done on segmentation of medical images?", stop=stop):
        snapshots.append(answer)
        if any(len(s.citations) == 1 for s in answer.statements):
            stop.set()
    check(snapshots[-1])
    assert snapshots[-1].done
    started = time.monotonic()
    while library.llm.busy and time.monotonic() - started < 10:
        time.sleep(0.05)
    assert library.llm.busy == 0
