"""The report: one page that loads nothing, shows every figure, and runs nothing that a text holds."""

import re
from html.parser import HTMLParser

import pytest

from rag.evaluate.outcome import Bars, Case, Curve, Outcome
from rag.evaluate.plots import bars_svg, curve_svg
from rag.evaluate.report import figure, html_report

HOSTILE = (
    '<script>window.ran=1</script><img src=x onerror=ran()> "quoted" &amp; \u202egnp.exe \x1b[31m {{x}} ]]>'
)
OUTCOME = Outcome(
    "retrieval",
    f"data {HOSTILE}",
    {"lexical": {"ndcg@10": 0.5, "ms_p50": 14.0}, "hybrid": {"ndcg@10": 0.75, "ms_p50": 1234.0}},
    1.25,
    {"split": HOSTILE},
    {"hybrid": {"ndcg@10": (0.7, 0.8)}},
    {"hybrid": {"ndcg@10": 0.0004}},
    compared={"other": {"mean": {"wss@95": 0.3}}},
    problems=tuple(f"file:{n}: {HOSTILE}" for n in range(60)),
    notes=(HOSTILE,),
    curves=(Curve(HOSTILE, HOSTILE, HOSTILE, {HOSTILE: ((0.0, 0.0), (1.0, 1.0))}),),
    bars=(Bars(HOSTILE, {HOSTILE: 0.25}, {HOSTILE: (0.2, 0.3)}),),
    cases=(Case(HOSTILE, HOSTILE * 9, HOSTILE, {HOSTILE: HOSTILE}),),
)


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text, self.open = set(), set(), "", []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def page():
    return html_report(OUTCOME)


@pytest.fixture(scope="module")
def elements(page):
    parser = Elements()
    parser.feed(page)
    assert parser.open == []
    return parser


def test_it_loads_and_runs_nothing(page, elements):
    assert elements.tags.isdisjoint(
        {"script", "img", "link", "iframe", "object", "a", "form", "image", "use"}
    )
    assert elements.attributes.isdisjoint({"src", "href", "onerror", "onload", "style", "action"})
    assert "default-src 'none'" in page and "url(" not in page and "@import" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_texts_stand_there_as_they_are_without_controls(page, elements):
    assert (
        '<script>window.ran=1</script><img src=x onerror=ran()> "quoted" &amp; gnp.exe [31m' in elements.text
    )
    assert "\x1b" not in page and "\u202e" not in page


def test_every_figure_is_shown_with_its_interval_and_test(elements):
    for shown in ("0.7500", "0.700–0.800", "p < 0.001", "1,234", "Compared: other", "0.3000", "and 10 more"):
        assert shown in elements.text


def test_a_curve_goes_from_corner_to_corner():
    drawn = curve_svg(Curve("t", "x", "y", {"a": ((0.0, 0.0), (0.5, 2.0), (1.0, 1.0))}))
    assert 'points="52.0,274.0 299.0,14.0 546.0,14.0"' in drawn  # what is above 1 is drawn at 1


def test_a_bar_is_as_long_as_its_value():
    drawn = bars_svg(Bars("t", {"a": 0.25, "negative": -0.1}, {"a": (0.2, 0.3)}))
    assert re.findall(r'class="bar"[^>]* width="([\d.]+)"', drawn) == ["80.0", "0.0"]  # of 320
    assert 'x1="284.0" x2="316.0"' in drawn and ">-0.100<" in drawn


@pytest.mark.parametrize("value, shown", [(0.5, "0.5000"), (7, "7"), (-0.05, "-0.0500"), (17424.0, "17,424")])
def test_shares_have_four_places_and_times_none(value, shown):
    assert figure(value) == shown


def test_groups_of_other_measures_have_a_table_each():
    page = html_report(Outcome("answers", "x", {"answers": {"a": 0.1}, "timing": {"b": 2}}, 0, {}))
    assert page.count("<table>") == 2 and "<h2>Timing</h2>" in page


def test_the_public_shape_is_rounded_and_leaves_empty_parts_out():
    shape = Outcome(
        "claims", "x", {"a": {"m": 1 / 3}}, 1.239, {"n": 2}, intervals={"a": {"m": (0.1, 2 / 3)}}
    ).to_dict()
    assert shape == {
        "schema": "ibid.eval/1", "kind": "claims", "data": "x",
        "measures": {"a": {"m": 0.3333}}, "seconds": 1.24, "settings": {"n": 2},
        "intervals": {"a": {"m": [0.1, 0.6667]}},
    }  # fmt: skip
