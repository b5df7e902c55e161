"""The Screen tab without a browser: what its handlers return, and that nothing of a paper is live."""

from __future__ import annotations

import csv
from pathlib import Path

import gradio as gr
import pytest
from scripted_library import HOSTILE, HOSTILE_TEXT, PAPERS, ScriptedLibrary

from rag.screening.desk import Card
from rag.screening.prisma import Flow
from ui.screen import LATER, RELEVANT, UNDO, ScreenTab, Shown
from ui.screen_view import card_html, done_html, flow_html, progress_html, why_html

QUESTION = "liver segmentation on scans"
IRRELEVANT = "irrelevant"


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    return ScriptedLibrary(tmp_path / "library")


@pytest.fixture
def tab(library):
    with gr.Blocks():
        return ScreenTab(library)


@pytest.fixture
def page(tab):
    """The page once a session has begun."""
    return tab._on_start(QUESTION, "review", Shown())


def do(tab, page, what, note=""):
    return page | tab._deciding(what)(page[tab.now], note)


def test_a_session_starts_with_the_likeliest_paper(tab, page):
    assert page[tab.now] == Shown(1, "review", "p1")
    assert 'id="paper-1"' in page[tab.card] and "Selective scanning for volumetric" in page[tab.card]
    assert "1st of 27 unread, ordered by your question. What speaks for it: <strong>liver" in page[tab.card]
    assert "<dt>Read</dt><dd>0 of 27</dd>" in page[tab.progress]
    assert "nothing can be said about what is left" in page[tab.progress]
    assert page[tab.sessions]["value"] == "review" and page[tab.name] == "review-2"


def test_decisions_are_kept_with_their_note_and_undone(tab, page, library):
    second = do(tab, page, RELEVANT, "  fits  ")
    assert second[tab.now].number == 2 and second[tab.now].paper_id != "p1"
    assert second[tab.note] == "" and "Relevant: Selective scanning" in second[tab.said]
    third = do(tab, second, IRRELEVANT)
    assert "<dd>2 of 27</dd>" in third[tab.progress]
    state = library.screening.open("review").screening.session.state
    assert state.decisions["p1"].note == "fits" and state.excluded == (second[tab.now].paper_id,)
    back = do(tab, third, UNDO)
    assert back[tab.now].paper_id == second[tab.now].paper_id and "Taken back" in back[tab.said]
    again = do(tab, do(tab, back, UNDO), UNDO)
    assert "nothing to undo" in again[tab.said]
    assert library.screening.open("review").screening.session.state.decisions == {}


def test_later_shows_another_and_keeps_no_decision(tab, page, library):
    after = do(tab, page, LATER)
    assert after[tab.now].paper_id != "p1" and "Put off" in after[tab.said]
    assert library.screening.open("review").screening.session.state.decisions == {}


def test_when_all_are_decided_it_says_so_and_undo_still_works(tab, page):
    for _ in range(27):
        page = do(tab, page, IRRELEVANT)
    assert "Every paper of this session has a decision." in page[tab.card]
    assert "Every paper is read." in page[tab.progress]
    assert "Every paper of this session is decided" in do(tab, page, RELEVANT)[tab.said]
    assert do(tab, page, UNDO)[tab.now].paper_id


def test_the_session_last_written_to_opens_again(tab, page, library):
    tab._on_start("moss on stones", "second", page[tab.now])
    first = tab._on_open("review", page[tab.now])
    do(tab, first, RELEVANT)
    with gr.Blocks():
        fresh = ScreenTab(ScriptedLibrary(library.path))  # as after a restart
    shown = fresh.load(Shown())
    assert shown[fresh.now].session == "review"
    assert "<dd>1 of 27</dd>" in shown[fresh.progress]
    assert shown[fresh.sessions]["choices"] == ["review", "second"]


def test_what_cannot_start_is_told_beside_the_form(tab, page):
    for question, name, why in (
        (" ", "x", "Write what the review asks first"),
        ("q", "review", "There is a session review already"),
        ("q", "../../x", "is no name for a session"),
    ):
        answer = tab._on_start(question, name, page[tab.now])
        assert list(answer) == [tab.refused] and why in answer[tab.refused]
    assert "no screening session gone" in tab._on_open("gone", Shown())[tab.said]


def test_an_unknown_paper_or_session_of_a_client_changes_nothing(tab, page, library):
    answer = tab._deciding(RELEVANT)(Shown(1, "review", "no-such"), "")
    assert "is no paper of the screening session" in answer[tab.said]
    assert "is no name for a session" in tab._deciding(RELEVANT)(Shown(1, "../x", "p1"), "")[tab.said]
    assert library.screening.open("review").screening.session.state.decisions == {}


def test_files_hold_the_labels(tab, page):
    page = do(tab, do(tab, page, RELEVANT), IRRELEVANT, "a note")
    update, line = tab.files._on_csv("review", "all")
    assert "27 papers as ibid-review.csv" in line
    with Path(update["value"]).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [rows[0]["asreview_label"], rows[-1]["asreview_label"]] == ["1", "0"]
    assert rows[-1]["asreview_note"] == "a note" and rows[0]["asreview_ranking"] == "1"
    update, line = tab.files._on_ris("review", "included")
    text = Path(update["value"]).read_text(encoding="utf-8")
    assert text.count("TY  - ") == 1 and "ASReview_relevant" in text and "1 paper as" in line


def test_the_flow_is_counted_and_bad_numbers_are_refused(tab, page):
    do(tab, do(tab, page, RELEVANT), IRRELEVANT)
    html = tab.files._on_count("review", "0", "", None)
    assert "<dt>Screened</dt><dd>2</dd>" in html and "<dt>Assessed</dt><dd>1</dd>" in html
    assert "<dt>Studies included</dt><dd>not told</dd>" in html
    for told in ("-1", "1.5", "x", "9" * 9, "²"):
        assert "is no number of reports" in tab.files._on_count("review", told, "", "")
    refused = tab.files._on_count("review", "2", "", "")
    assert "2 reports lost of 1 sought" in refused and "not-retrieved" not in refused
    svg = Path(tab.files._on_svg("review", "0", "", "1")[0]["value"])
    assert svg.name == "ibid-review-prisma.svg"
    assert "Studies included in review (n = 1)" in svg.read_text(encoding="utf-8")
    assert "is no name" in tab.files._on_svg("../x", "", "", "")[1]


def test_why_is_said_in_words():
    card = Card(PAPERS[1], 3, 1200, ("whole slides", "lung"), PAPERS[0], 4, 1000)
    assert why_html(card) == (
        '<p class="why">3rd of 1,200 unread, learnt from 4 relevant and 1,000 irrelevant. '
        "What speaks for it: <strong>whole slides</strong>, <strong>lung</strong>. "
        "Nearest of your relevant papers: Selective scanning for volumetric segmentation of the liver.</p>"
    )
    assert "No word of it stands out." in why_html(Card(PAPERS[1], None, 2, (), None, 0, 0))


def test_everything_of_a_paper_is_inert():
    card = Card(HOSTILE[0], 1, 2, (HOSTILE_TEXT,), HOSTILE[1], 0, 0)
    status = {"read": 1, "papers": 2, "included": 1, "excluded": 0, "unread": 1, "may_stop": False}
    html = card_html(card, 1) + done_html(HOSTILE[0], "Relevant") + progress_html(status, HOSTILE_TEXT)
    for live in ("<script", "<img", "<iframe", "<form", "<svg", "<style", "](http", "onerror=", 'href="http'):
        assert live not in html
    assert "\n" not in html


def test_the_counts_of_the_flow_stand_in_a_list():
    flow = Flow((("a.ris", 9),), 9, 2, 3, 4, 1, 3)
    html = flow_html(flow)
    assert "<dt>Records identified</dt><dd>9</dd>" in html and "<dt>Duplicates removed</dt><dd>2</dd>" in html
