"""Digests: one prompt a paper, in order, kept, and ended by a stop."""

from __future__ import annotations

import math
import threading
import time

import pytest
from fakes import PAPERS, ScriptedLLM

from index.errors import ModelError
from index.types import Paper, Scores
from rag.digest import Digester
from rag.types import Evidence, Sentence


def evidence(number: int, paper: Paper) -> Evidence:
    sentence = Sentence(paper.abstract, 0, len(paper.abstract), 1.0)
    return Evidence(number, paper, (sentence,), Scores())


FIVE = [evidence(n, paper) for n, paper in enumerate(PAPERS[:5], 1)]


def echo(prompt: str) -> str:
    return prompt.split("Paper: ")[1].split(":")[0] + " is here."


def drafts(llm, chosen=FIVE, stop=None, digester=None):
    digester = digester or Digester(llm)
    return list(digester.digest("What is here?", chosen, stop or threading.Event()))


def test_drafts_come_in_the_order_of_the_evidence():
    assert drafts(ScriptedLLM(echo)) == [
        "TideNet is here.", "WaveGAN is here.", "Tide tables from citizen photographs\nSentences is here.",
        "KelpFormer is here.", "BrineNet is here.",
    ]  # fmt: skip


def test_a_prompt_holds_the_question_the_title_and_readable_sentences():
    llm = ScriptedLLM("")
    drafts(llm, FIVE[:1])
    (prompt,) = llm.prompts
    assert "Question: What is here?" in prompt
    assert "Paper: TideNet: forecasting harbour tides with graph networks" in prompt
    assert "an accuracy of 69.68% and" in prompt
    assert prompt.endswith("Answer in one sentence:")


def test_long_sentences_and_own_reference_numbers_do_not_reach_the_prompt():
    long = Paper("long", "On tides [7]", "Tides rise [3] " * 200)
    llm = ScriptedLLM("")
    drafts(llm, [evidence(1, long)])
    assert len(llm.prompts[0]) < 1000
    assert "[" not in llm.prompts[0]


def test_a_draft_is_asked_for_once():
    llm = ScriptedLLM(echo)
    digester = Digester(llm)
    first = drafts(llm, digester=digester)
    assert drafts(llm, digester=digester) == first
    assert len(llm.prompts) == 5


def test_a_draft_is_cut_at_its_last_whole_sentence_and_bounded():
    assert drafts(ScriptedLLM("Tides rise. Tides fall and"), FIVE[:1]) == ["Tides rise."]
    (draft,) = drafts(ScriptedLLM("Tides rise. " * 5000), FIVE[:1])
    assert len(draft) <= 4000


def test_a_failure_gives_an_empty_draft_and_the_rest_goes_on():
    def fails_once(prompt: str) -> str:
        if "KelpFormer:" in prompt:
            raise ModelError("out of memory")
        return echo(prompt)

    made = drafts(ScriptedLLM(fails_once))
    assert [bool(draft) for draft in made] == [True, True, True, False, True]


def test_a_set_stop_asks_nothing():
    llm = ScriptedLLM(echo)
    stop = threading.Event()
    stop.set()
    assert drafts(llm, stop=stop) == [""] * 5
    assert llm.prompts == []


def test_closing_the_drafts_ends_the_model():
    llm = ScriptedLLM("tides " * 1000, pause=0.005)
    stop = threading.Event()
    running = Digester(llm).digest("What is here?", FIVE, stop)
    threading.Timer(0.2, stop.set).start()
    next(running)
    started = time.monotonic()
    running.close()
    assert time.monotonic() - started < 1
    words = llm.words
    time.sleep(0.1)
    assert llm.words == words


def test_other_errors_are_not_hidden():
    def broken(prompt: str) -> str:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        drafts(ScriptedLLM(broken), FIVE[:1])


def test_patience_ends_the_model_and_keeps_what_was_done():
    def slow_but_once(prompt: str) -> str:
        return "Tides rise." if "Paper: WaveGAN" in prompt else "tides " * 2000

    llm = ScriptedLLM(slow_but_once, pause=0.005)
    started = time.monotonic()
    made = drafts(llm, FIVE[:3], digester=Digester(llm, patience=0.4))
    assert time.monotonic() - started < 3
    assert made == ["", "Tides rise.", ""]
    words = llm.words
    time.sleep(0.1)
    assert llm.words == words


def test_unbounded_patience_waits():
    llm = ScriptedLLM("Tides rise and fall.", pause=0.05)
    assert drafts(llm, digester=Digester(llm, patience=math.inf)) == ["Tides rise and fall."] * 5
