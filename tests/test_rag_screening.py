"""Screening sessions: what survives, undo, the stopping bound by counting, PRISMA, exports, the desk."""

import csv
import io
import json
import subprocess
import sys
from itertools import combinations

import numpy as np
import pytest
from index_fixtures import ENCODER, paper, reading

from index.build import add_readings
from index.errors import LibraryError, UsageError
from index.library import Library
from index.types import Paper
from rag.screening.desk import Desk, Desks
from rag.screening.labelled import choose, labelled, write_labelled
from rag.screening.prisma import FullTexts, flow_of, flow_svg
from rag.screening.ranker import Asked, ScreeningRanker
from rag.screening.running import Screening
from rag.screening.session import Decision, Identified, State, open_session, session_path, start_session
from rag.screening.stopping import chance_of_so_few, expected_left, outlook, upper_bound

IDS = ("a", "b", "c", "d")


@pytest.fixture
def session(tmp_path):
    made = start_session(tmp_path, "review", "Does it help?")
    made.extend(IDS)
    return made


def test_a_decision_is_on_disk_when_it_is_made(session, tmp_path):
    session.decide(["a"], included=True, note="fits")
    session.decide(["b", "c"], included=False)
    state = open_session(tmp_path, "review").state
    assert (state.included, state.excluded, state.unread) == (("a",), ("b", "c"), ("d",))
    assert state.question == "Does it help?" and state.decisions["a"].note == "fits"
    assert state.reading == (True, False, False)


def test_undo_takes_back_one_and_lets_an_earlier_one_hold_again(session, tmp_path):
    session.decide(["a"], included=True)
    session.decide(["a"], included=False)
    assert session.state.excluded == ("a",)
    assert session.undo().included is False
    assert session.state.included == ("a",)
    assert session.undo().paper_id == "a"
    with pytest.raises(UsageError, match="nothing to undo"):
        session.undo()
    assert open_session(tmp_path, "review").state.decisions == {}
    assert session.path.read_text().count('"undo"') == 2  # nothing is ever taken out of the log


def test_a_line_cut_by_a_kill_costs_that_line_alone(session, tmp_path):
    session.decide(["a"], included=True)
    whole = session.path.read_bytes()
    session.path.write_bytes(whole + b'{"event": "include", "pap')
    again = open_session(tmp_path, "review")
    assert again.state.included == ("a",)
    again.decide(["b"], included=False)
    assert open_session(tmp_path, "review").state.excluded == ("b",)


def test_a_killed_process_has_kept_what_it_acknowledged(session, tmp_path):
    code = (
        "import sys; from pathlib import Path; from rag.screening.session import open_session\n"
        "s = open_session(Path(sys.argv[1]), 'review')\n"
        "for i in 'abcd':\n    s.decide([i], included=i < 'c'); print(i, flush=True)\n"
        "    if i == 'c': import os; os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == -9 and done.stdout.split() == ["a", "b", "c"]
    state = open_session(tmp_path, "review").state
    assert (state.included, state.excluded, state.unread) == (("a", "b"), ("c",), ("d",))


def test_what_is_no_paper_of_the_session_or_no_name_is_refused(session, tmp_path):
    with pytest.raises(UsageError, match=r"'z' is no paper of the screening session review"):
        session.decide(["a", "z"], included=True)
    assert session.state.decisions == {}
    with pytest.raises(UsageError, match="is there already"):
        start_session(tmp_path, "review")
    for name in ("../x", "", "a/b", "x" * 65):
        with pytest.raises(UsageError, match="is no name for a session"):
            session_path(tmp_path, name)
    with pytest.raises(UsageError, match="there are review"):
        open_session(tmp_path, "other")


def test_the_chance_of_so_few_is_that_of_counted_draws():
    # 7 records, 3 of them relevant, 4 drawn: count the draws by hand.
    draws = list(combinations([True] * 3 + [False] * 4, 4))
    for found in range(4):
        counted = sum(sum(draw) <= found for draw in draws) / len(draws)
        assert chance_of_so_few(7, 3, 4, found) == pytest.approx(counted)


def test_the_bound_is_the_largest_number_not_ruled_out():
    # 19 of 20 read, none relevant: one left has a chance of 1/20 not to be met, just not ruled out at 95 %.
    assert upper_bound([False] * 19, 1) == 0
    assert upper_bound([False] * 18, 2) == 1
    assert upper_bound([], 10) == 10
    assert upper_bound([True] * 5, 0) == 0
    bounds = [upper_bound([True] * 5 + [False] * n, 200 - n) for n in (10, 50, 100, 150)]
    # by hand for the last: C(50,2)/C(200,2) = 0.062 is not ruled out, C(50,3)/C(200,3) = 0.015 is
    assert bounds == [50, 10, 4, 2]


def test_the_bound_holds_where_order_is_chance():
    """Of random orders, few end with more left than the bound says: the bound errs on the safe side."""
    rng = np.random.default_rng(5)
    labels = np.array([True] * 12 + [False] * 188)
    wrong = 0
    for _ in range(200):
        order = rng.permutation(labels)
        reading, rest = order[:120].tolist(), order[120:]
        wrong += int(rest.sum() > upper_bound(reading, len(rest), 0.95))
    # The smallest bound of many samples counts, so a little more than one in twenty may be wrong.
    assert wrong / 200 < 0.2


def test_nothing_is_expected_without_a_find_and_never_more_than_is_unread():
    assert expected_left([False] * 5, 10) == 0
    assert expected_left([True] * 5, 3) == 3
    seen = outlook([True, True, False, False], 0, known=1)
    assert (seen.at_most, seen.recall, seen.irrelevant_run) == (0, 1.0, 2)
    assert seen.reached(0.95)
    assert not outlook([True, False], 100).reached(0.95)


def state_of(**fields):
    now = "2026-01-02T03:04:05Z"
    decisions = {"a": Decision("a", True, now), "b": Decision("b", False, now, True, "an animal study")}
    return State("review", papers=IDS, decisions=decisions, **fields)


def test_the_flow_counts_what_happened():
    files = (Identified("/x/scopus.ris", 5, 3), Identified("/y/pubmed.nbib", 2, 1))
    flow = flow_of(state_of(identified=files), FullTexts(0, 1, 0))
    assert (flow.identified, flow.duplicates, flow.not_screened) == (7, 3, 2)
    assert (flow.screened, flow.excluded, flow.sought, flow.assessed) == (2, 1, 1, 1)
    assert flow.by_source == (("scopus.ris", 5), ("pubmed.nbib", 2))
    assert flow_of(state_of()).by_source == (("library", 4),)
    assert flow_of(state_of()).assessed is None
    with pytest.raises(UsageError, match="2 reports lost of 1 sought"):
        flow_of(state_of(), FullTexts(1, 1))


def test_the_diagram_has_the_counts_and_no_markup_of_a_file():
    files = (Identified("/x/<script>.ris", 4, 4),)
    svg = flow_svg(flow_of(state_of(identified=files)))
    for text in ("Records screened (n = 2)", "Records excluded (n = 1)", "Reports not retrieved (n =    )"):
        assert text in svg
    assert "<script" not in svg and "&lt;script&gt;.ris (n = 4)" in svg


PAPERS = {i: Paper(i, f"On {i}", f"Text {i}.", extra={"note": "mine"} if i == "a" else {}) for i in IDS}


def test_exports_are_labelled_as_asreview_does():
    papers = labelled(PAPERS, state_of().decisions, ["d", "c"])
    rows = list(csv.DictReader(io.StringIO("".join(write_labelled(papers, {i: i for i in IDS}, "csv")))))
    named = [(r["asreview_label"], r["included"], r["asreview_ranking"], r["asreview_prior"]) for r in rows]
    assert named == [("1", "1", "1", "0"), ("", "", "2", ""), ("", "", "3", ""), ("0", "0", "4", "1")]
    assert [r["title"] for r in rows] == ["On a", "On d", "On c", "On b"]
    assert rows[3]["asreview_note"] == "an animal study" and rows[0]["asreview_time"] == "2026-01-02 03:04:05"
    ris = "".join(write_labelled(papers, {i: i for i in IDS}, "ris"))
    assert "N1  - mine. ASReview_relevant" in ris
    assert "N1  - ASReview_irrelevant. ASReview_prior. an animal study" in ris
    assert ris.count("ASReview_not_seen") == 2
    assert [p.id for p in choose(papers, "unread")] == ["d", "c"]
    with pytest.raises(UsageError, match="carries no labels"):
        write_labelled(papers, {}, "bibtex")


@pytest.fixture
def library(tmp_path):
    add_readings(tmp_path / "library", [reading(*(paper(n) for n in range(40)))], ENCODER)
    with Library.open(tmp_path / "library") as opened:
        yield opened


def topic(paper_id):
    return int(paper_id.removeprefix("paper-")) % 8


def test_the_desk_learns_which_topic_is_wanted(library):
    desk = Desks(library, ENCODER).start("review", "glaciers")
    desk._patience = 30  # every lesson is waited for, also on a busy machine
    seen = []
    for _ in range(8):
        card = desk.card()
        seen.append(topic(card.paper.id))
        desk.decide(card.paper.id, included=seen[-1] == 0)
    assert seen[:4] == [0] * 4 and seen.count(0) == 5  # all five on glaciers among the first eight of forty
    assert open_session(library.path, "review").state.included == desk.screening.session.state.included


def test_a_card_says_why(library):
    desk = Desks(library, ENCODER).start("review", "glaciers")
    first = desk.card()
    assert (first.rank, first.unread, first.words[0], first.nearest) == (1, 40, "glaciers", None)
    desk.decide(first.paper.id, included=True)
    second = desk.card()
    desk.decide(second.paper.id, included=True)
    other = next(i for i in desk.screening.papers if topic(i) == 3)
    desk.decide(other, included=False)
    card = desk.card()
    assert "glaciers" in card.words and (card.relevant, card.irrelevant) == (2, 1)
    assert card.nearest.id in (first.paper.id, second.paper.id)


def test_undo_brings_the_paper_back_and_later_puts_it_off(library):
    desk = Desks(library, ENCODER).start("review", "glaciers")
    first = desk.card().paper.id
    desk.later(first)
    second = desk.card().paper.id
    assert second != first
    assert desk.undo() == first == desk.card().paper.id
    desk.decide(first, included=True)
    assert desk.undo() == first == desk.card().paper.id
    with pytest.raises(UsageError, match="nothing to undo"):
        desk.undo()
    for paper_id in list(desk.screening.papers):
        if paper_id != first:
            desk.decide(paper_id, included=False)
    desk.later(first)
    assert desk.card().paper.id == first  # the last one left comes although it was put off
    desk.decide(first, included=True)
    assert desk.card() is None and desk.unread() == []


def test_the_next_paper_does_not_wait_for_a_long_lesson(library, monkeypatch):
    import threading

    session = start_session(library.path, "slow", "glaciers")
    session.extend([p.id for p in library.papers()])
    desk = Desk(Screening(library, ENCODER, session), patience=0.01)
    order = [one.paper.id for one in desk._lesson.order]
    goes_on, learn = threading.Event(), desk._learn
    monkeypatch.setattr(desk, "_learn", lambda: (goes_on.wait(10), learn())[1])
    desk.decide(order[0], included=True)
    assert desk.card().paper.id == order[1]  # from the order before
    desk.decide(order[1], included=True)
    assert desk.card().paper.id == order[2]
    goes_on.set()
    desk._running.result(10)
    desk.card()
    assert set(desk._lesson.learnt_from) >= {order[0]} and desk._lesson.order[0].paper.id not in order[:1]


def test_a_desk_sees_what_a_command_decided_and_new_papers(library):
    desks = Desks(library, ENCODER)
    desk = desks.start("review", "glaciers")
    shown = desk.card().paper.id
    open_session(library.path, "review").decide([shown], included=True)
    assert desks.open("review") is desk and desk.card().paper.id != shown
    add_readings(library.path, [reading(paper(90))], ENCODER)
    assert desks.extend("review") == 1
    again = desks.open("review")
    assert again is not desk and len(again.screening.papers) == 41
    assert desks.names() == ["review"]


def test_an_empty_library_cannot_be_screened(tmp_path):
    add_readings(tmp_path / "none", [], ENCODER)
    with Library.open(tmp_path / "none") as opened, pytest.raises((UsageError, LibraryError)):
        Desks(opened, ENCODER).start("review", "x")


def test_a_record_without_text_stands_where_an_average_one_does_and_teaches_nothing():
    texts = ["moss on stone", "wet moss", "barn owls", "", "old owls", "owls at night"]
    records = [Paper(str(n), text, "") for n, text in enumerate(texts)]
    vectors = np.random.default_rng(1).normal(size=(6, 8)).astype(np.float32)
    ranker = ScreeningRanker(records, vectors)
    ranker.fit({0: True, 2: False})
    scores = ranker.score(range(6))
    assert scores[3] == 0 and scores[0] > 0 > scores[2] and scores[1] > scores[4]
    assert np.delete(scores, 3).mean() == pytest.approx(0, abs=1e-6)
    ranker.fit({0: True, 2: False, 3: False})
    assert ranker.score(range(6)) == pytest.approx(scores)
    ranker.fit({3: True, 2: False})  # of one kind, as far as there is text
    assert ranker.score([3])[0] == 0 and np.isfinite(ranker.score(range(6))).all()


def test_records_without_any_text_are_ordered_all_the_same():
    ranker = ScreeningRanker([Paper("a", "", ""), Paper("b", "", "")], np.zeros((2, 4), np.float32))
    ranker.fit({0: True})
    assert ranker.score([0, 1]).tolist() == [0, 0]


def test_reasons_leave_out_words_that_say_nothing():
    records = [Paper("x", "The moss of 1999", "It is moss on stone and moss."), Paper("y", "An owl", "Owls.")]
    vectors = np.eye(2, dtype=np.float32)
    ranker = ScreeningRanker(records, vectors, Asked("the moss of 1999", vectors[0]))
    explainer = ranker.explainer()
    assert explainer.reasons(0).words == ("moss",)
    assert explainer.reasons(1).words == () and explainer.reasons(1).nearest is None
    ranker.fit({0: True, 1: False})
    assert explainer.reasons(0).nearest is None  # what was explained before stays
    assert ranker.explainer().reasons(0).nearest == 0


def test_the_log_is_lines_of_json(session):
    session.decide(["a"], included=True)
    events = [json.loads(line)["event"] for line in session.path.read_text().splitlines()]
    assert events == ["start", "papers", "include"]
