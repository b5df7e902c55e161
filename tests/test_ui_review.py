"""The Review tab without a browser: its steps as functions, what they keep, that nothing of it is live."""

from __future__ import annotations

import json
import threading
import zipfile
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import pytest
from review_fixtures import small_review
from scripted_library import HOSTILE_TEXT, PAPERS, ScriptedLibrary

from index.errors import UsageError
from rag.review.collect import Considered, Coverage, Wanted
from rag.review.desk import Desk, Progress, finished, themes
from rag.review.kept import KeptError, KeptReviews
from rag.review.outline import Heading, Outline
from rag.review.record import from_dict
from rag.review.ticked import with_ticks
from rag.review.work import Work, from_json, to_json
from ui import review_view as view
from ui.review import FORMS, ReviewTab, wanted_of
from ui.review_layout import FORMS as SHOWN_FORMS

REQUEST = SimpleNamespace(session_hash="s")
TOPIC = "forecasting harbour tides"


@pytest.fixture
def library(tmp_path):
    return ScriptedLibrary(tmp_path / "library")


@pytest.fixture
def kept(tmp_path, library):
    return KeptReviews(tmp_path / "reviews.sqlite3", library.path)


@pytest.fixture
def tab(library, kept, tmp_path, monkeypatch):
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    with gr.Blocks():
        return ReviewTab(library, kept)


def collected(tab, topic=TOPIC, work=None):
    return list(tab._on_collect(topic, "", "", "", 40, work))[-1]


def outlined(tab):
    return list(tab._on_outline(collected(tab)[tab.work]))[-1]


def drafted(tab):
    shown = outlined(tab)
    return list(tab._on_draft(REQUEST, shown[tab.at.outline]["value"], "short", shown[tab.work]))


def test_a_topic_brings_papers_with_reasons_the_fitting_ones_ticked(tab, kept):
    shown = collected(tab)
    work = shown[tab.work]
    by_id = {c.paper_id: c for c in work.coverage.considered}
    assert "tidenet" in work.ticked and set(work.ticked) == {i for i, c in by_id.items() if c.taken}
    page = shown[tab.at.collected]
    assert page.count('class="pick on"') == len(work.ticked)
    assert "fits the topic, query 1" in page and "papers considered" in page
    assert shown[tab.at.papers_step]["visible"] and not shown[tab.at.outline_step]["visible"]
    assert kept.latest() == work


def test_a_topic_that_is_not_held_is_told_with_what_is_near_and_nothing_is_kept(tab, kept):
    shown = collected(tab, "kinase inhibitors against melanoma")
    assert "Not in this library" in shown[tab.at.said] and "Nearest are" in shown[tab.at.said]
    assert tab.work not in shown and kept.entries() == []
    assert shown[tab.at.topic]["submit_btn"] == "Collect"


def test_ticks_are_kept_and_become_the_outline(tab, kept):
    work = collected(tab)[tab.work]
    place = [c.paper_id for c in work.coverage.considered].index("tidenet")
    work = tab._on_picks(f"{place},999,x", work)
    assert work.ticked == ("tidenet",) and kept.latest().ticked == ("tidenet",)
    assert isinstance(tab._on_picks(str(place), work), type(gr.skip()))
    shown = list(tab._on_outline(work))[-1]
    assert shown[tab.at.outline]["value"].count("\n- [@") == 1
    assert "ibid review --outline" not in shown[tab.at.outline]["value"]


def test_without_ticks_no_outline_is_made(tab):
    work = replace(collected(tab)[tab.work], ticked=())
    assert "tick a paper first" in list(tab._on_outline(work))[-1][tab.at.said]
    assert "name a topic first" in list(tab._on_outline(None))[-1][tab.at.said]


def test_an_edited_outline_is_kept_and_read_back(tab, kept):
    shown = outlined(tab)
    text = shown[tab.at.outline]["value"].replace("## ", "## Renamed ", 1)
    work, said = tab._on_edited(text, shown[tab.work])
    assert "Reads as" in said and kept.latest().outline == text == work.outline
    _, said = tab._on_edited(text + "\n- [@nobody] x", work)
    assert "no paper of the library has the key or id" in said and "nobody" in said


def test_the_draft_comes_section_by_section_with_progress(tab, kept):
    shown = drafted(tab)
    assert "Writing section 1 of" in shown[0][tab.at.progress]
    assert any("left" in s[tab.at.progress] or "moment" in s[tab.at.progress] for s in shown[1:-1])
    last = shown[-1]
    work = last[tab.work]
    assert work.whole and work.length == "short" and kept.latest() == work
    record = json.loads(work.record)
    assert record["coverage"]["considered"] == len(work.coverage.considered)
    assert last[tab.at.draft].count('<a class="cite"') >= len(record["references"])
    for n in range(1, last[tab.at.passages].count("<article") + 1):
        assert f'id="src-r-{n}"' in last[tab.at.passages] and f'href="#src-r-{n}"' in last[tab.at.draft]
    assert last[tab.at.progress] == "" and last[tab.at.changing]["visible"]
    assert not last[tab.at.go_on]["visible"] and not last[tab.at.stop]["visible"]


def test_an_outline_that_does_not_read_leaves_the_draft_as_it_was(tab, kept):
    work = drafted(tab)[-1][tab.work]
    said = list(tab._on_draft(REQUEST, "# No papers", "short", work))[-1]
    assert "no paper stands in this outline" in said[tab.at.said]
    assert kept.latest().record == work.record


def test_a_stopped_draft_is_finished_later(tab, library, kept):
    work = outlined(tab)[tab.work]
    keys = [line for line in work.outline.splitlines() if line.startswith("- ")]
    two = f"# T\ntopic: {TOPIC}\n## One\n{keys[0]}\n## Two\n" + "\n".join(keys[1:])
    desk, stop = Desk(library, kept), threading.Event()
    for step in desk.draft(replace(work, outline=two), stop):
        if step.review is not None and len(themes(step.review)) == 1:
            stop.set()
    partial = kept.latest()
    assert not partial.whole and [s["heading"] for s in json.loads(partial.record)["sections"]] == ["One"]
    shown = tab.load()
    assert "not whole" in shown[tab.at.progress] and shown[tab.at.go_on]["visible"]
    first = json.loads(partial.record)["sections"][0]
    *_, last = desk.draft(partial, threading.Event(), go_on=True)
    whole = json.loads(last.work.record)
    assert last.work.whole and whole["sections"][0] == first
    assert [s["heading"] for s in whole["sections"][:2]] == ["One", "Two"]


def test_a_draft_stopped_before_its_first_section_leaves_the_old_one(tab, kept):
    work = drafted(tab)[-1][tab.work]
    steps = tab._on_draft(REQUEST, work.outline, "long", work)
    next(steps)
    tab._on_stop(REQUEST)
    last = list(steps)[-1]
    assert "No section was written" in last[tab.at.progress] and not last[tab.at.go_on]["visible"]
    assert last[tab.work].record == work.record == kept.latest().record
    assert tab._stops == {}


def test_a_page_that_is_closed_stops_the_writing(tab):
    shown = outlined(tab)
    steps = tab._on_draft(REQUEST, shown[tab.at.outline]["value"], "short", shown[tab.work])
    next(steps)
    stop = tab._stops["s"]
    steps.close()
    assert stop.is_set() and tab._stops == {}


def test_sections_that_the_outline_changed_are_not_finished():
    review = small_review()
    kelp, tides, _ = review.sections
    as_was = [Heading(s.heading, s.papers) for s in (kelp, tides)]
    renamed = [as_was[0], replace(as_was[1], title="Tides")]
    moved = [replace(as_was[0], papers=("kelpformer",)), as_was[1]]
    for headings, done in ((as_was, (kelp, tides)), (renamed, (kelp,)), (moved, ())):
        assert finished(Outline("T", "kelp", tuple(headings)), review) == done
    assert finished(Outline("T", "kelp", tuple(as_was)), None) == ()


def test_an_instruction_changes_the_draft_and_can_be_undone(tab, kept):
    work = drafted(tab)[-1][tab.work]
    shown = list(tab._on_revise("rename section 1 to Water and wind", work))[-1]
    assert "renamed&#58;" in shown[tab.at.revised] and shown[tab.at.undo]["visible"]
    assert "Water and wind" in shown[tab.at.draft] and shown[tab.at.instruction]["value"] == ""
    assert "Water and wind" in kept.latest().record
    back = tab._on_undo(shown[tab.work])
    assert "Water and wind" not in back[tab.at.draft] and kept.latest().record == work.record


@pytest.mark.parametrize("instruction", ["dance", "", "shorten section 99"])
def test_what_is_not_understood_changes_nothing(tab, kept, instruction):
    work = drafted(tab)[-1][tab.work]
    shown = list(tab._on_revise(instruction, work))[-1]
    assert 'class="notice"' in shown[tab.at.revised] and tab.work not in shown
    assert kept.latest() == work


def test_every_form_can_be_saved(tab, library):
    work = drafted(tab)[-1][tab.work]
    assert tuple(FORMS) == SHOWN_FORMS
    for form, ending in FORMS.items():
        button, said = tab._on_save(form, work)
        path = Path(button["value"])
        assert path.name == f"review-forecasting-harbour-tides{ending}" and "Saved" in said
        assert path.stat().st_size > 200
        if form == "Pictures, zipped":
            pictures = set(zipfile.ZipFile(path).namelist())
    stem = "review-forecasting-harbour-tides"
    assert pictures == {f"{stem}-{n}{e}" for n in ("timeline", "map", "coverage") for e in (".svg", ".png")}
    with zipfile.ZipFile(path) as archive:
        forms = {stem + ending for ending in FORMS.values() if not ending.endswith(".zip")}
        assert set(archive.namelist()) == forms | pictures
        record = json.loads(archive.read("review-forecasting-harbour-tides.json"))
    papers = library.reviewer.library.papers_by_id(record["papers"])
    assert from_dict(record, papers, "x").topic == TOPIC
    assert "name a topic first" in tab._on_save("Word", None)[1]


def test_it_goes_on_after_a_restart(tab, library, tmp_path):
    work = drafted(tab)[-1][tab.work]
    with gr.Blocks():
        again = ReviewTab(library, KeptReviews(tmp_path / "reviews.sqlite3", library.path))
    shown = again.load()
    assert shown[again.work] == work and shown[again.at.outline]["value"] == work.outline
    assert shown[again.at.choice]["value"] == work.id
    assert 'class="answer review"' in shown[again.at.draft]
    fresh = again._on_fresh()
    assert fresh[again.work] is None and fresh[again.at.said] == view.WELCOME
    assert again._on_open(work.id)[again.work] == work
    assert again._on_delete(work)[again.work] is None and again._kept.entries() == []


def test_another_topic_leaves_a_written_review_alone(tab, kept):
    work = drafted(tab)[-1][tab.work]
    other = collected(tab, "giant kelp in drone images", work)[tab.work]
    assert other.id != work.id and [e.id for e in kept.entries()] == [other.id, work.id]


def test_work_survives_the_file_and_damage_is_left_out(kept, tmp_path, library):
    coverage = Coverage(("q",), (Considered("a", True, "fits the topic", 1, 0.5),), 9)
    work = Work(
        Wanted("t", ("x",), (), 2020, None), coverage=coverage, ticked=("a",), outline="# o", record="{}"
    )
    assert from_json(to_json(work)) == work
    kept.put(work)
    assert KeptReviews(kept.path, tmp_path / "another library").latest() is None
    assert kept.path.stat().st_mode & 0o077 == 0
    kept.path.write_bytes(b"no database at all" * 100)
    with pytest.raises(KeptError, match="Move it away"):
        kept.latest()


def test_ticks_put_the_report_right():
    coverage = Coverage(
        ("q",), (Considered("a", True, "fits", 1, 1.0), Considered("b", False, "too far", 1, 0.1)), 9
    )
    after = with_ticks(coverage, ["b", "c"], {"c": 0.7})
    assert [(c.paper_id, c.taken, c.why) for c in after.considered] == [
        ("a", False, "left out by hand"), ("b", True, "asked for"), ("c", True, "asked for"),
    ]  # fmt: skip
    assert with_ticks(coverage, ["a"]) == coverage


def test_what_a_client_sends_is_checked():
    wanted = wanted_of("t", "2020-2022", "MRI, , X-ray", "", 999)
    assert (wanted.year_from, wanted.year_to, wanted.include, wanted.most) == (
        2020,
        2022,
        ("MRI", "X-ray"),
        40,
    )
    with pytest.raises(UsageError):
        wanted_of("t", "soon", "", "", 5)


def test_everything_shown_is_inert():
    review = replace(small_review(), title=HOSTILE_TEXT)
    draft = view.DraftView(review)
    considered = (Considered("p1", True, HOSTILE_TEXT, 1, 1.0),)
    work = Work(Wanted(HOSTILE_TEXT), coverage=Coverage((HOSTILE_TEXT,), considered, 3), ticked=("p1",))
    paper = replace(PAPERS[0], title=HOSTILE_TEXT, abstract=HOSTILE_TEXT, venue=HOSTILE_TEXT)
    shown = [draft.html, draft.passages, view.collected_html(work, {"p1": paper})]
    shown += [view.notice_html(HOSTILE_TEXT), view.not_held_html(HOSTILE_TEXT, [paper])]
    html = "".join([*shown, view.revised_html([HOSTILE_TEXT], [HOSTILE_TEXT])])
    assert "<script" not in html and "<img" not in html and "<iframe" not in html and "](http" not in html
    assert "<b>" not in html and "{{" not in html


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.2, "done in a moment"), (40.4, "about 40 s left"), (130, "about 2 min left")],
)
def test_time_left_in_words(seconds, words):
    assert view.time_left(seconds) == words
    assert words in view.progress_html(Progress(1, 3, 4, 9, seconds))


def test_the_pictures_of_a_draft_lead_to_its_passages(tab):
    shown = drafted(tab)[-1]
    at = tab.at
    marks = [i for trace in shown[at.map]["value"].data for i in trace.customdata]
    assert marks and all(f'id="{i}"' in shown[at.passages] for i in marks)
    assert shown[at.pictures]["visible"] and shown[at.timeline]["visible"] and shown[at.coverage]["visible"]
    empty = tab._on_fresh()
    assert not empty[at.pictures]["visible"] and empty[at.map]["value"] is None
