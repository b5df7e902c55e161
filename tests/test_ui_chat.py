"""Streaming: snapshots come in order, stop and close reach the model, failures come through."""

import threading
import time

import pytest
from scripted_library import ScriptedLibrary

from index.errors import ModelError
from ui.chat import Chat, Streamer


def snapshots(library, question, stop=None):
    return Streamer(library).snapshots(question, [], None, stop or threading.Event())


def test_the_last_snapshot_is_done_and_statements_only_grow():
    seen = [a for a in snapshots(ScriptedLibrary(None), "How?") if a is not None]
    assert seen[-1].done and not any(a.done for a in seen[:-1])
    counts = [len(a.statements) for a in seen]
    assert counts == sorted(counts) and counts[-1] == 4


def test_fast_snapshots_are_thinned_out_but_the_last_is_never_lost():
    started = time.monotonic()
    seen = [a for a in snapshots(ScriptedLibrary(None, delay=0), "slow") if a is not None]
    assert len(seen) <= 3 + 10 * (time.monotonic() - started)
    assert seen[-1].done and len(seen[-1].statements) == 400


def test_closing_sets_the_stop_event_and_ends_the_model():
    library, stop = ScriptedLibrary(None, delay=0.02), threading.Event()
    running = snapshots(library, "slow", stop)
    next(running)
    running.close()
    assert stop.is_set()
    until = time.monotonic() + 2
    while not library.stopped and time.monotonic() < until:
        time.sleep(0.01)
    assert library.stopped == ["slow"]


def test_a_model_that_is_silent_leaves_a_beat_so_that_closing_is_prompt():
    library = ScriptedLibrary(None, delay=5)
    running = snapshots(library, "How?")
    started = time.monotonic()
    assert next(running) is None
    running.close()
    assert time.monotonic() - started < 1


def test_a_second_answer_waits_for_the_first_to_end():
    library = ScriptedLibrary(None, delay=0.02)
    streamer = Streamer(library)
    first = streamer.snapshots("slow", [], None, threading.Event())
    while next(first) is None:
        pass
    second = streamer.snapshots("How?", [], None, threading.Event())
    assert next(second) is None
    assert [a[0] for a in library.asked] == ["slow"]
    first.close()
    assert [a for a in second if a is not None][-1].done


def test_what_the_model_raises_is_raised():
    with pytest.raises(ModelError, match="is altered"):
        list(snapshots(ScriptedLibrary(None), "broken"))


def test_a_chat_numbers_its_exchanges_and_remembers_earlier_questions():
    chat = Chat().begin("One?").begin("Two?")
    assert [e.number for e in chat.exchanges] == [1, 2]
    assert chat.earlier_questions() == ["One?"]
    assert chat.without_last().begin("Again?").last.number == 2
