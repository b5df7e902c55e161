"""Pictures of papers: what is counted, where papers stand, and what each form of a drawing holds."""

import io
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from review_fixtures import small_review

from rag.pictures.draw import COVERAGE, drawings, tick_step
from rag.pictures.drawing import Bar, Curve, Mark, Words
from rag.pictures.files import picture_files
from rag.pictures.layout import places_of
from rag.pictures.of_review import pictured
from rag.pictures.pictured import (
    COLOURS,
    NO_THEME,
    Pictured,
    Query,
    Shown,
    colour_of,
    queries_of,
    shape_of,
    themed,
)
from rag.pictures.png import write_png
from rag.pictures.svg import write_svg
from rag.review.document import Review

EVIL = '<script>"&\x07</script>'
SHOWN = Pictured(
    "Reefs",
    ("Kelp", EVIL),
    (
        Shown("a", "Kelp in bays", 2020, 0, (0.0, 0.0)),
        Shown("b", "Kelp by drone", 2022, 0, (0.1, 0.2)),
        Shown("c", EVIL, 2022, 1, (1.0, 1.0)),
        Shown("d", "Undated", None, 1),
    ),
    (Query("kelp", 5, 2), Query(EVIL, 4, 1), Query("more kelp", 3, 0)),
    given=1,
)
SPACE = "{http://www.w3.org/2000/svg}"


def of(drawing, kind):
    return [shape for shape in drawing.shapes if isinstance(shape, kind)]


def test_years_and_kept_papers_are_counted_gaps_and_undated_ones_included():
    assert SHOWN.years == {2020: [1, 0], 2021: [0, 0], 2022: [1, 1]}
    assert SHOWN.undated == 1 and SHOWN.sizes() == [2, 2]
    assert SHOWN.kept_so_far == [1, 3, 4, 4]
    assert Pictured("", (), ()).years == {}


def test_a_paper_of_no_theme_has_one_of_its_own_and_the_first_theme_counts():
    assert themed(["A", "B"], [["x"], ["x", "y"]], ["x", "y", "z"]) == (
        ("A", "B", NO_THEME),
        {"x": 0, "y": 1, "z": 2},
    )
    assert themed(["A"], [["x"]], ["x"]) == (("A",), {"x": 0})
    looks = [(colour_of(n), shape_of(n)) for n in range(24)]
    assert len(set(looks)) == 24


def test_the_report_of_a_search_gives_queries_and_given_papers():
    coverage = {
        "queries": [{"query": "kelp", "found": 3, "taken": 2}],
        "papers": [{"taken": True, "query": 0}, {"taken": True, "query": 1}, {"taken": False, "query": 0}],
    }
    assert queries_of(coverage) == ((Query("kelp", 3, 2),), 1)
    assert queries_of({}) == ((), 0)


def test_bars_are_as_high_as_their_counts_and_the_line_is_their_sum():
    made = drawings(SHOWN)
    assert list(made) == ["timeline", "map", "coverage"]
    first, kelp, other = of(made["timeline"], Bar)
    assert first.high == kelp.high == other.high and other.top + other.high == pytest.approx(kelp.top)
    bars, (line,) = of(made["coverage"], Bar), of(made["coverage"], Curve)
    assert [b.high for b in bars] == pytest.approx([110.0, 55.0, 0.0])  # 2, 1 and 0 of 4 in 220 pixels
    assert [round(y) for _, y in line.points] == [205, 95, 40, 40]
    said = [w.text for w in of(made["coverage"], Words)]
    assert "1. kelp: 2 kept of 5 new" in said and made["coverage"].title == COVERAGE
    assert "and 1 without a year" in [w.text for w in of(made["timeline"], Words)]


def test_only_what_is_known_is_drawn():
    bare = Pictured("", ("A",), (Shown("a", "A", None, 0),))
    assert drawings(bare) == {}
    assert [tick_step(n) for n in (1, 6, 7, 13, 61)] == [1, 1, 2, 5, 20]


def test_marks_keep_within_the_map_and_stand_for_papers_of_their_theme():
    marks = [m for m in of(drawings(SHOWN)["map"], Mark) if m.paper_id]
    assert [m.paper_id for m in marks] == ["a", "b", "c"]
    assert all(14 <= m.x <= 706 and 40 <= m.y <= 480 for m in marks)
    assert [m.colour for m in marks] == [COLOURS[0], COLOURS[0], COLOURS[1]]


def test_svg_is_whole_escaped_and_leads_where_it_is_told():
    text = write_svg(drawings(SHOWN)["map"], {"a": "https://doi.org/10.1/x", "c": "#p3"}.get)
    root = ElementTree.fromstring(text)
    links = [a.get("href") for a in root.iter(f"{SPACE}a")]
    assert links == ["https://doi.org/10.1/x", "#p3"]
    told = [t.text for t in root.iter(f"{SPACE}title")]
    assert told[:2] == ["Kelp in bays (2020)", "Kelp by drone (2022)"] and "<script>" in told[2]
    assert "<script" not in text and "\x07" not in text
    inline = write_svg(drawings(SHOWN)["map"], inline=True)
    assert "http" not in inline and "white" not in inline.replace('stroke="white"', "")


def test_png_needs_no_browser():
    from PIL import Image

    drawing = drawings(SHOWN)["coverage"]
    picture = Image.open(io.BytesIO(write_png(drawing)))
    assert picture.size == (drawing.wide * 2, drawing.high * 2)
    colours = {c for _, c in picture.getcolors(1 << 24)}
    assert {(255, 255, 255), (0, 0, 0), (213, 94, 0), (86, 180, 233)} <= colours


def test_files_are_named_by_what_they_show_and_trust_no_address_of_a_record():
    papers = {p.id: replace(p, doi='10.1/"><x', url="javascript:1") for p in small_review().papers.values()}
    shown = replace(SHOWN, papers=tuple(replace(p, paper_id="evil") for p in SHOWN.papers))
    made = picture_files(shown, papers, Path("out"), "kelp-")
    assert sorted(p.name for p in made) == [
        f"kelp-{n}.{e}" for n in ("coverage", "map", "timeline") for e in ("png", "svg")
    ]
    svg = made[Path("out/kelp-map.svg")].decode()
    assert "https://doi.org/10.1/%22%3E%3Cx" in svg and "javascript" not in svg
    ElementTree.fromstring(svg)


@pytest.mark.parametrize("size", [3, 6, 20])
def test_papers_that_say_the_same_stand_together_and_always_in_the_same_place(size):
    rng = np.random.default_rng(1)
    centres = np.eye(2, 40) * 4
    vectors = (np.repeat(centres, size, axis=0) + rng.normal(0, 0.1, (2 * size, 40))).astype(np.float32)
    places = places_of(vectors)
    assert places == places_of(vectors)
    points = np.array(places)
    assert points.min() == 0.0 and points.max() == 1.0
    far = np.linalg.norm(points[:, None] - points[None], axis=2)
    own = np.kron(np.eye(2), np.ones((size, size))).astype(bool)
    assert far[own].mean() < 0.7 * far[~own].mean()


def test_two_equal_papers_have_a_place():
    assert places_of(np.ones((4, 8), dtype=np.float32)) == [(0.0, 0.0)] * 4


def test_the_sections_of_a_review_are_the_themes():
    review = mapped_review()
    shown = pictured(review)
    assert shown.themes == ("Kelp maps", "<b>Tides_") and [p.theme for p in shown.papers] == [0, 0, 1]
    assert [p.place for p in shown.papers] == [(0.0, 0.5), (1.0, 0.5), None]
    assert shown.queries == (Query("kelp", 4, 3),)


def mapped_review() -> Review:
    coverage = {"queries": [{"query": "kelp", "found": 4, "taken": 3}], "papers": []}
    places = {"kelpformer": (0.0, 0.5), "brinenet": (1.0, 0.5)}
    return replace(small_review(), coverage=coverage, places=places)


def test_the_page_of_a_review_holds_its_pictures_and_a_mark_opens_the_passage():
    from rag.review.html import write_html

    page = write_html(mapped_review())
    assert page.count("<figure><svg") == 3 and "xmlns" not in page
    first = page.split('aria-label="Map of topics"')[1]
    place = first.split('<a href="#')[1].split('"')[0]
    assert f'<aside id="{place}">' in page


def test_places_are_kept_in_the_record():
    from rag.review.record import from_dict, to_dict

    review, record = mapped_review(), to_dict(mapped_review())
    assert record["map"] == {"kelpformer": [0.0, 0.5], "brinenet": [1.0, 0.5]}
    assert from_dict(record, review.papers, "r.json").places == review.places
    del record["map"]
    assert from_dict(record, review.papers, "r.json").places == {}


def test_figures_of_the_page_say_what_the_files_say():
    from ui import plots

    timeline, curve = plots.timeline(SHOWN), plots.coverage(SHOWN)
    assert [list(bar.y) for bar in timeline.data] == [[1, 0, 1], [0, 0, 1]]
    assert list(curve.data[1].y) == SHOWN.kept_so_far
    spots = plots.topic_map(SHOWN, lambda i: f"src-r-{ord(i):d}")
    assert [list(s.customdata) for s in spots.data] == [["src-r-97", "src-r-98"], ["src-r-99"]]
    assert "<script" not in spots.to_json() + curve.to_json()
    nothing = Pictured("", (), ())
    assert plots.timeline(nothing) is plots.coverage(nothing) is plots.topic_map(nothing, str) is None
