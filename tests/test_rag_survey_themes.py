"""Survey answers in themes: named by what all members share, each paper once; a list where none are clean."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from fakes import PAPERS, ScriptedLLM, build_library, bundled_encoder, make_engine
from test_rag_engine import promises
from test_rag_review_closing import LESS, candidate

from index.library import Library
from index.types import Chunk, Hit, Paper, Scores
from rag.commands.answer_view import AnswerView
from rag.engine import AskOptions
from rag.evidence import Candidate
from rag.history import answer_from_json, answer_to_json
from rag.plan import APART, LEFT_OPEN, _closing
from rag.relevance import Asked
from rag.survey_themes import REST, Theme, survey_themes
from rag.types import Answer
from ui.chat import Exchange
from ui.render import answer_markdown, exchange_html

SURVEY = "Which methods forecast harbour tides?"
ALTIMETERS = (
    Paper(
        "g1",
        "Harbour tides forecast by radar altimeters",
        "We forecast harbour tides with radar altimeters over 9 gauges. Radar altimeters on two coasts err "
        "by 7 cm. Forecasts of storm tides remain challenging.",
    ),
    Paper(
        "g2",
        "Forecasting harbour tides by radar altimeters with wind",
        "We forecast harbour tides by radar altimeters that take wind as input, and lower the error by 12%.",
    ),
    Paper(
        "g3",
        "Harbour tides at sea forecast by distant radar altimeters",
        "We show that harbour tides of 14 ports are forecast by distant radar altimeters with less data.",
    ),
)
PHOTOGRAPHS = (
    Paper(
        "c1",
        "Harbour tides forecast from citizen photographs",
        "Harbour tides are forecast from citizen photographs of walls with a median error of 11 cm.",
    ),
    Paper(
        "c2",
        "Forecasting harbour tides from citizen photographs at night",
        "Citizen photographs at night forecast harbour tides as well as those by day, within 2 cm.",
    ),
)


BUOYS = Paper(
    "o1", "Buoys for harbour tides", "Buoys with accelerometers tell harbour tides for a week ahead."
)


@cache
def library(name: str) -> Library:
    """A library of tide papers among others, in a folder that is removed at the end."""
    chosen = {
        "themes": ALTIMETERS + PHOTOGRAPHS,
        "few": ALTIMETERS[:2] + PHOTOGRAPHS,
        "alike": ALTIMETERS,
    }[name]
    folder = Path(tempfile.mkdtemp(prefix="ibid-themes-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    others = tuple(p for p in PAPERS if p.id not in ("tidenet", "wavegan", "tidetable"))
    return build_library(folder / "library", chosen + others, bundled_encoder())


def ask(name: str, llm: ScriptedLLM | None = None, **how) -> Answer:
    return make_engine(library(name), bundled_encoder(), llm, **how).ask(SURVEY)


def groups(answer: Answer) -> dict[str, list[str]]:
    """Headings with the papers cited under each."""
    by_number = {r.n: r.paper.id for r in answer.references}
    found: dict[str, list[str]] = {}
    heading = ""
    for statement in answer.statements[1:]:
        heading = statement.heading or heading
        found.setdefault(heading, []).extend(by_number[n] for n in statement.citations)
    return found


def test_a_survey_comes_in_themes_named_by_what_the_papers_share():
    answer = ask("themes")
    promises(answer)
    found = groups(answer)
    closing = found.pop(LEFT_OPEN)
    assert {name: sorted(ids) for name, ids in found.items()} == {
        "Radar altimeters": ["g1", "g2", "g3"], "Citizen photographs": ["c1", "c2"],
    }  # fmt: skip
    assert closing == ["g1"]
    assert answer.statements[-1].text.endswith("Forecasts of storm tides remain challenging.")


def test_the_most_relevant_paper_opens_the_first_theme():
    engine = make_engine(library("themes"), bundled_encoder())
    first = engine.ask(SURVEY, options=AskOptions(k=1)).references[0].paper.id
    assert engine.ask(SURVEY).references[0].paper.id == first


def test_fewer_than_five_papers_stay_a_list():
    answer = ask("few")
    promises(answer)
    assert len(answer.references) == 4
    assert not any(s.heading for s in answer.statements)


def test_papers_that_do_not_part_stay_a_list():
    answer = make_engine(library("alike"), bundled_encoder()).ask(SURVEY)
    promises(answer)
    assert not any(s.heading for s in answer.statements)


def test_no_papers_have_no_themes():
    assert survey_themes(SURVEY, [], lambda word: 0, 0) == ()


def test_themes_stand_in_text_json_page_markdown_and_history():
    answer = ask("themes")
    assert "\n\n**Radar altimeters**\n\n- " in answer.text and f"\n\n**{LEFT_OPEN}**\n\n- " in answer.text
    told = [s["heading"] for s in answer.to_dict()["statements"] if "heading" in s]
    assert told == list(groups(answer))
    assert "heading" not in answer.to_dict()["statements"][0]
    page = exchange_html(Exchange(1, SURVEY, answer))
    assert '<h3 class="group">Radar altimeters</h3><ul class="points"><li>' in page
    assert "**Radar altimeters**" in answer_markdown(answer)
    assert answer_from_json(answer_to_json(answer)).text == answer.text


def test_themes_are_printed_in_the_terminal(capsys):
    view = AnswerView()
    for answer in make_engine(library("themes"), bundled_encoder()).stream(SURVEY):
        view.update(answer)
    printed = capsys.readouterr().out
    at = [printed.index(f"\n\n{name}\n• ") for name in groups(view.last)]
    assert at == sorted(at) and len(at) == 3


def test_snapshots_show_the_headings_as_they_come_and_only_grow():
    snapshots = list(make_engine(library("themes"), bundled_encoder(), ScriptedLLM("")).stream(SURVEY))
    spoken = [[(s.heading, s.text) for s in snapshot.statements[1:]] for snapshot in snapshots]
    for before, after in zip(spoken, spoken[1:], strict=False):
        assert after[: len(before)] == before


def test_a_model_that_writes_the_whole_answer_orders_it_itself():
    answer = ask("themes", ScriptedLLM("Radar altimeters forecast harbour tides [1]."), whole=True)
    promises(answer)
    assert not any(s.heading for s in answer.statements)


def test_findings_that_point_apart_are_both_quoted_once_with_their_papers():
    more = "We found that shading increases bleaching of reef corals."
    papers = [candidate("a", LESS), candidate("b", more, (0.8, 0.6))]
    assert [(c.heading, c.number, c.sentence.text) for c in _closing(papers)] == [
        (APART, 1, LESS),
        (APART, 2, more),
    ]
    assert list(_closing([candidate("a", LESS), candidate("b", LESS, (0.8, 0.6))])) == []


def judged(*papers: Paper) -> list[Candidate]:
    """The papers judged for the question, in the given order."""
    finder = make_engine(library("themes"), bundled_encoder())._planner._finder
    asked = Asked.of(SURVEY, bundled_encoder().encode_query(SURVEY))
    hits = [Hit(Chunk(n, p.id, 0, 9, ""), p, Scores(0.5, 1.0, 0.5), n) for n, p in enumerate(papers, 1)]
    found = {c.paper.id: c for c in finder.for_survey(asked, hits)}
    return [found[p.id] for p in papers]


def test_a_paper_that_shares_no_phrase_comes_last_under_a_name_of_its_own():
    papers = judged(*PHOTOGRAPHS, BUOYS, *ALTIMETERS)
    assert survey_themes(SURVEY, papers, lambda word: 0, 100) == (
        Theme("Citizen photographs", (0, 1)), Theme("Radar altimeters", (3, 4, 5)), Theme(REST, (2,)),
    )  # fmt: skip


def test_there_are_no_themes_where_the_most_relevant_paper_has_none():
    assert survey_themes(SURVEY, judged(BUOYS, *PHOTOGRAPHS, *ALTIMETERS), lambda word: 0, 100) == ()


def test_a_phrase_that_all_the_library_uses_names_nothing():
    papers = judged(*PHOTOGRAPHS, *ALTIMETERS)
    assert survey_themes(SURVEY, papers, lambda word: 900, 1000) == ()
    assert survey_themes(SURVEY, papers, lambda word: 9, 1000) != ()


def test_the_words_of_the_question_name_nothing():
    asked = "What do citizen photographs tell about tides?"
    themes = survey_themes(asked, judged(*PHOTOGRAPHS, *ALTIMETERS), lambda word: 0, 100)
    assert "Citizen photographs" not in [theme.name for theme in themes]
