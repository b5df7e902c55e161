"""History: what is kept comes back whole, what is deleted is gone from the file."""

import json
import sqlite3
import stat

import pytest
from scripted_library import HOSTILE_TEXT, PAPERS, ScriptedLibrary

from index.errors import UsageError
from index.types import Source
from rag.history import History, HistoryError, answer_from_json, answer_to_json, default_path
from rag.types import Status


def answer(question, folder):
    return list(ScriptedLibrary(folder, delay=0).stream(question, options=None))[-1]


@pytest.fixture
def history(tmp_path):
    return History(tmp_path / "data" / "history.sqlite3")


@pytest.mark.parametrize("question", ["How?", "the cost", "the moon", "hostile"])
def test_an_answer_comes_back_equal(question, tmp_path):
    kept = answer(question, tmp_path)
    assert answer_from_json(answer_to_json(kept)) == kept


def test_a_paper_comes_back_with_its_sources(tmp_path):
    kept = answer("How?", tmp_path)
    object.__setattr__(kept.references[0].paper, "sources", (Source("a.ris", 3, "ris"),))
    try:
        assert answer_from_json(answer_to_json(kept)).references[0].paper == PAPERS[0]
    finally:
        object.__setattr__(PAPERS[0], "sources", ())


def test_turns_are_kept_in_order_and_survive_reopening(history, tmp_path):
    first = history.add_turn(None, "How?", answer("How?", tmp_path))
    assert history.add_turn(first, "And the moon?", answer("the moon", tmp_path)) == first
    again = History(history.path)
    assert [c.title for c in again.conversations()] == ["How?"]
    assert [(c.turns, c.id) for c in again.conversations()] == [(2, first)]
    turns = again.turns(first)
    assert [t.question for t in turns] == ["How?", "And the moon?"]
    assert [t.answer.status for t in turns] == [Status.ANSWERED, Status.INSUFFICIENT]


def test_a_question_asked_again_replaces_its_turn(history, tmp_path):
    one = history.add_turn(None, "How?", answer("How?", tmp_path))
    history.add_turn(one, "Cost?", answer("moon", tmp_path))
    history.add_turn(one, "Cost?", answer("the cost", tmp_path), replace_last=True)
    assert [(t.question, t.answer.status) for t in history.turns(one)] == [
        ("How?", Status.ANSWERED),
        ("Cost?", Status.PARTIAL),
    ]


def test_a_conversation_deleted_elsewhere_is_begun_anew(history, tmp_path):
    old = history.add_turn(None, "How?", answer("How?", tmp_path))
    history.delete(old)
    new = history.add_turn(old, "Why?", answer("Why?", tmp_path))
    assert new != old
    assert [c.title for c in history.conversations()] == ["Why?"]


def test_the_latest_conversation_comes_first(history, tmp_path):
    one = history.add_turn(None, "One?", answer("One?", tmp_path))
    history.add_turn(None, "Two?", answer("Two?", tmp_path))
    history.add_turn(one, "Three?", answer("Three?", tmp_path))
    assert [c.title for c in history.conversations()] == ["One?", "Two?"]


def test_titles_are_one_short_line(history, tmp_path):
    history.add_turn(None, "why\n\n" + "so " * 60, answer("x", tmp_path))
    title = history.conversations()[0].title
    assert len(title) == 79 and title.startswith("why so so") and title.endswith("…")


def test_renaming_needs_a_title_and_a_conversation(history, tmp_path):
    one = history.add_turn(None, "How?", answer("How?", tmp_path))
    history.rename(one, " Scans ")
    assert history.conversations()[0].title == "Scans"
    with pytest.raises(UsageError, match="needs a title"):
        history.rename(one, "  ")
    with pytest.raises(UsageError, match="no longer in the history"):
        history.rename("gone", "x")


def test_switched_off_it_keeps_nothing_and_stays_off(history, tmp_path):
    history.set_enabled(False)
    assert history.add_turn(None, "How?", answer("How?", tmp_path)) is None
    assert History(history.path).enabled is False
    assert history.conversations() == []


def test_deleted_words_are_gone_from_the_file(history, tmp_path):
    secret = "quokkas under anaesthesia"
    one = history.add_turn(None, secret, answer(secret, tmp_path))
    history.add_turn(None, "kept question", answer("x", tmp_path))
    assert secret.encode() in history.path.read_bytes()
    history.delete(one)
    assert secret.encode() not in history.path.read_bytes()
    assert b"kept question" in history.path.read_bytes()
    history.delete_all()
    assert b"kept question" not in history.path.read_bytes()
    assert sorted(p.name for p in history.path.parent.iterdir()) == ["history.sqlite3"]


def test_only_the_user_can_read_the_file(history):
    assert stat.S_IMODE(history.path.stat().st_mode) == 0o600


def test_a_file_that_is_no_database_is_named_with_what_to_do(tmp_path):
    path = tmp_path / "history.sqlite3"
    path.write_bytes(b"not a database at all " * 100)
    with pytest.raises(HistoryError, match=r"history\.sqlite3 cannot be used .* Move it away"):
        History(path)


def test_a_turn_that_no_longer_parses_is_left_out(history, tmp_path):
    one = history.add_turn(None, "How?", answer("How?", tmp_path))
    history.add_turn(one, "Why?", answer("Why?", tmp_path))
    with sqlite3.connect(history.path) as db:
        db.execute("UPDATE turn SET answer = ? WHERE number = 1", (json.dumps({"status": "odd"}),))
    assert [t.question for t in history.turns(one)] == ["Why?"]


def test_hostile_text_is_stored_as_it_is(history, tmp_path):
    one = history.add_turn(None, HOSTILE_TEXT, answer("hostile", tmp_path))
    assert history.turns(one)[0].question == HOSTILE_TEXT


def test_it_lies_in_the_users_data_folder(tmp_path):
    assert default_path() == tmp_path / "ibid-home" / "history.sqlite3"
