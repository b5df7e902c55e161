"""A review from the made-up library, end to end: collected, placed, checked, revised, brought up to date."""

import json

import pytest
from cli_fixtures import run_command, write_lines
from fakes import PAPERS, ScriptedLLM, build_library, bundled_encoder
from review_fixtures import BY_ID, make_reviewer

from index.errors import IbidError, UsageError
from rag.review.collect import Wanted, holds
from rag.review.document import Part
from rag.review.draft import Run
from rag.review.instruction import read_instruction
from rag.review.outline import Heading, Outline
from rag.review.reviewer import WORDED_FIRST
from rag.review.revise import Reviser

TIDES = "forecasting harbour tides"


def written(reviewer, topic=TIDES):
    collection = reviewer.collect(Wanted(topic))
    *_, review = reviewer.draft(reviewer.outline(collection), collection)
    return collection, review


def test_what_belongs_is_taken_and_every_other_paper_has_a_reason():
    collection = make_reviewer().collect(Wanted(TIDES))
    assert {c.paper.id for c in collection.taken} == {"tidenet", "wavegan", "tidetable"}
    coverage = collection.coverage.to_dict()
    assert (coverage["library_papers"], coverage["considered"], coverage["taken"]) == (9, 9, 3)
    assert coverage["left_out"] == {"too far from the topic": 5, "has no abstract": 1}
    assert sum(q["found"] for q in coverage["queries"]) == 9 and coverage["queries"][0]["taken"] == 3


def test_words_years_and_ids_decide():
    reviewer = make_reviewer()

    def taken(**wanted):
        return {c.paper.id for c in reviewer.collect(Wanted(TIDES, **wanted)).taken}

    assert taken(exclude=("photograph",)) == {"tidenet", "wavegan"}
    assert taken(include=("storm",)) == {"wavegan"}
    assert taken(year_from=2020) == {"tidenet", "wavegan"}
    assert taken(with_ids=("gulls",), without_ids=("wavegan",)) == {"tidenet", "tidetable", "gulls"}
    with pytest.raises(UsageError, match="not in the library: nope"):
        taken(with_ids=("nope",))
    with pytest.raises(
        IbidError, match="no paper on .* is left, so nothing was written: .*holds an excluded word"
    ):
        taken(exclude=("tide",))


def test_words_count_in_any_inflection_and_side_by_side():
    assert holds(BY_ID["tidetable"], "photograph") and holds(BY_ID["tidetable"], "citizen photographs")
    assert not holds(BY_ID["tidetable"], "photographs citizen")


def test_what_a_topic_leaves_out_is_not_taken_and_a_demand_nothing_meets_is_dropped():
    coverage = make_reviewer().collect(Wanted("forecasting harbour tides other than WaveGAN")).coverage
    assert {c.paper_id for c in coverage.considered if c.taken} == {"tidenet", "tidetable"}
    assert coverage.reasons["is on WaveGAN"] == 1
    reviews = make_reviewer().collect(Wanted("reviews on forecasting harbour tides")).coverage
    assert "is no review" not in reviews.reasons


def test_a_topic_the_library_does_not_hold_is_refused_with_what_is_near():
    with pytest.raises(
        IbidError, match="holds nothing on “sourdough bread”, so nothing was written; nearest are “"
    ):
        make_reviewer().collect(Wanted("sourdough bread"))


def test_every_sentence_on_a_paper_cites_it_with_offsets_that_hold():
    _, review = written(make_reviewer())
    assert {i for s in review.sections for i in s.placed} == {"tidenet", "wavegan", "tidetable"}
    assert set(review.order) == set(review.papers)
    for statement in review.statements:
        assert statement.counted or len(statement.cited) == 1
        for p in statement.passages:
            assert review.papers[p.paper_id].abstract[p.start : p.end] == p.quote
    assert review.sections[-1].part is Part.GAPS
    assert review.made["model"]["llm"] == "none" and set(review.made["prompts"]) >= {"digest"}


def test_the_scope_counts_what_was_searched():
    _, review = written(make_reviewer())
    (scope,) = review.scope
    assert "The library held 9 papers; " in scope.text
    assert (
        "brought up 9 of them, of which 6 were left out. The review rests on three papers from 2018–2022."
        in scope.text
    )


def test_what_a_model_invents_never_stands_in_a_review():
    llm = ScriptedLLM("TideNet cures cancer in 99% of harbours with an accuracy of 12.5% on Harbor-7 [7].")
    _, review = written(make_reviewer(llm=llm))
    text = " ".join(s.text for s in review.statements)
    assert llm.prompts and "cancer" not in text and "12.5" not in text
    assert {i for s in review.statements for i in s.cited} == {"tidenet", "wavegan", "tidetable"}


def test_the_model_words_few_papers_of_the_first_section_and_every_paper_is_told():
    ids = ("tidenet", "wavegan", "tidetable", "gulls", "kelpformer")
    llm, told = ScriptedLLM("Nothing that holds."), []
    outline = Outline("T", TIDES, (Heading("A", ids), Heading("B", ids)))
    drafts = make_reviewer(llm=llm).draft(outline, run=Run(told=lambda: told.append(len(llm.prompts))))
    first = next(drafts).sections[0]
    asked, heard = len(llm.prompts), len(told)
    next(drafts)
    assert first.placed == ids and {i for s in first.statements for i in s.cited} == set(ids)
    assert asked == WORDED_FIRST - 1  # the first is quoted at once
    assert len(llm.prompts) - asked == len(ids) - 1
    assert (heard, len(told)) == (len(ids), 2 * len(ids))


def test_a_paper_removed_between_outline_and_draft_is_told():
    reviewer = make_reviewer()
    outline = Outline("T", TIDES, (Heading("A", ("tidenet", "lost")),))
    with pytest.raises(
        IbidError, match="no longer in the library: lost; delete these lines from the outline"
    ):
        next(reviewer.draft(outline))


def test_sections_below_a_section_are_drafted_too():
    outline = Outline(
        "T", TIDES, (Heading("A", (), None, (Heading("B", ("tidenet",)), Heading("C", ("gulls",)))),)
    )
    *_, review = make_reviewer().draft(outline)
    first = review.sections[0]
    assert [c.heading for c in first.children] == ["B", "C"] and first.placed == ("tidenet", "gulls")
    assert "chosen by an outline" in review.scope[0].text


def revised(instruction):
    reviewer = make_reviewer()
    outline = Outline(
        "T", TIDES, (Heading("Networks", ("tidenet", "wavegan")), Heading("People", ("tidetable",)))
    )
    *_, review = reviewer.draft(outline)
    return review, Reviser(reviewer, review, lambda n: n if n in BY_ID else None).carry_out(
        read_instruction(instruction)
    )


def test_orders_change_their_sections_and_leave_the_others_word_for_word():
    review, done = revised("shorten section 1; add a section on kelp forests")
    assert [s.heading for s in done.review.sections[:3]] == ["Networks", "People", "Kelp forests"]
    assert done.review.sections[1] == review.sections[1]
    assert len([s for s in done.review.sections[0].statements if not s.counted]) == 2
    assert {"kelpformer", "brinenet"} <= set(done.review.sections[2].placed)
    assert done.doubtful == () and done.done[0] == "shortened: Networks"


def test_a_dropped_paper_is_nowhere_in_the_review():
    _, done = revised("drop paper wavegan; rename section 2 to Citizens")
    assert "wavegan" not in done.review.papers and "wavegan" not in done.review.order
    assert [r.paper_id for r in done.review.table.rows] == ["tidenet", "tidetable"]
    assert done.review.sections[1].heading == "Citizens"


def test_orders_on_what_is_not_there_change_nothing():
    for order, why in (
        ("drop paper gulls", "paper 'gulls' is not in this review"),
        ("shorten section 9", "there is no section '9'; the sections are: 1 Networks; 2 People"),
        ("delete section 1; expand section 1", "is deleted by the same instruction"),
        ("delete section 1; delete section 2", "nothing would be left"),
    ):
        with pytest.raises(UsageError, match=why):
            revised(order)


@pytest.fixture
def library(tmp_path):
    path = tmp_path / "lib"
    build_library(path, tuple(p for p in PAPERS if p.id != "wavegan"), bundled_encoder()).close()
    return path


def test_the_command_writes_an_outline_a_review_and_its_revision(tmp_path, capsys, library):
    outline, out = tmp_path / "o.md", tmp_path / "r.md"
    done = run_command(capsys, "review", TIDES, "-L", library, "--outline-only", "-o", outline)
    assert done.code == 0 and "[@holm_tidenet_2022]" in outline.read_text()
    more = ("--pictures", tmp_path / "pictures")
    done = run_command(
        capsys, "review", "--outline", outline, "-L", library, "--llm", "none", "-o", out, *more
    )
    drawn = {
        p.name for p in (tmp_path / "pictures").iterdir()
    }  # an outline knows no queries, two papers need no map
    assert drawn == {"timeline.svg", "timeline.png"}
    assert done.code == 0 and {p.suffix for p in tmp_path.glob("r.*")} == {".md", ".bib", ".json"}
    before = out.read_text()
    done = run_command(capsys, "review", "revise", out, "sing", "-L", library)
    assert done.code == 2 and "not understood: 'sing'" in done.one_line and out.read_text() == before
    done = run_command(capsys, "review", "revise", out, "keep section 1", "-L", library, "--llm", "none")
    assert done.code == 0 and "kept: " in done.err
    assert out.read_text().partition("## ")[2] == before.partition("## ")[2]


def test_the_command_tells_what_new_papers_would_change(tmp_path, capsys, library):
    out = tmp_path / "r.md"
    assert run_command(capsys, "review", TIDES, "-L", library, "--llm", "none", "-o", out).code == 0
    assert run_command(capsys, "review", "update", out, "-L", library).out == "nothing would change\n"
    wave = BY_ID["wavegan"]
    new = write_lines(tmp_path / "n.jsonl", [{"_id": "wavegan", "title": wave.title, "text": wave.abstract}])
    assert run_command(capsys, "index", "add", new, "-L", library).code == 0
    assert run_command(capsys, "index", "remove", "tidetable", "-L", library).code == 0
    found = run_command(capsys, "review", "update", out, "-L", library, "--json").json
    assert [a["paper_id"] for a in found["new"]] == ["wavegan"] and found["gone"] == ["adeyemi_tide_2018"]
    assert wave.abstract[found["new"][0]["start"] : found["new"][0]["end"]] == found["new"][0]["quote"]


def test_bad_input_is_one_line_and_writes_nothing(tmp_path, capsys, library):
    out = tmp_path / "r.md"
    for arguments, code, why in (
        (("sourdough bread", "-o", out), 1, "holds nothing on"),
        ((TIDES, "-o", tmp_path / "r.pdf"), 2, "a review is written as"),
        ((TIDES, "--length", "endless"), 2, "--length 'endless' does not exist"),
        (("--outline", tmp_path / "none.md"), 1, "none.md: No such file"),
        (("update", out), 1, "r.json: not there"),
        ((), 2, "give a topic"),
    ):
        done = run_command(
            capsys,
            "review",
            *arguments,
            "-L",
            library,
            *(() if arguments[:1] == ("update",) else ("--llm", "none")),
        )
        assert done.code == code and why in done.err.splitlines()[-1], done.err
        assert "Traceback" not in done.err and not out.exists()


def test_the_record_can_be_printed(capsys, library):
    done = run_command(capsys, "review", TIDES, "-L", library, "--llm", "none", "--json")
    record = json.loads(done.out)
    assert record["schema"] == "ibid.review/1" and record["made"]["settings"]["wanted"]["topic"] == TIDES
