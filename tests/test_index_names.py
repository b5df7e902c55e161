# ruff: noqa: E501 -- records stand as they are written
"""Names come apart as bibliographies write them, and dates as they mean them."""

from __future__ import annotations

import pytest

from index.dates import date_parts, iso_date
from index.kinds import find_kind
from index.names import Name, printed_name, split_name
from index.readers.markup import plain_text

NAMES = {
    "Low, Ada": Name("Low", "Ada"),
    "Ada Low": Name("Low", "Ada"),
    "Liu R.": Name("Liu", "R."),
    "Brinjikji WT": Name("Brinjikji", "WT"),
    "Ludwig van Beethoven": Name("van Beethoven", "Ludwig"),
    "van der Berg, Jan": Name("van der Berg", "Jan"),
    "Smith, Jr., John": Name("Smith", "John", "Jr."),
    "Smith, John, Jr.": Name("Smith", "John", "Jr."),
    "Claude E. Shannon": Name("Shannon", "Claude E."),
    "World Health Organization": Name("World Health Organization"),
    "Plato": Name("Plato"),
    "": Name(""),
}


@pytest.mark.parametrize(("text", "name"), NAMES.items(), ids=NAMES)
def test_names_come_apart(text, name):
    assert split_name(text) == name
    assert split_name(split_name(text).stored) == name


def test_an_organisation_is_whole_where_the_record_says_so():
    assert split_name("Doctors Without Borders", corporate=True) == Name("Doctors Without Borders")
    assert printed_name("van der Berg, Jan") == "Jan van der Berg"


DATES = {
    "2019-05-03": (2019, 5, 3), "2019/05/03/": (2019, 5, 3), "2019/05//": (2019, 5), "2019 May 3": (2019, 5, 3),
    "3 May 2019": (2019, 5, 3), "May 3, 2019": (2019, 5, 3), "May 2019": (2019, 5), "20190503": (2019, 5, 3),
    "2019": (2019,), "2019//": (2019,), "2019 Jul-Aug": (), "2019 Winter": (), "Aug 20": (), "2019-13-01": (), "": (),
}  # fmt: skip


@pytest.mark.parametrize(("text", "parts"), DATES.items(), ids=DATES)
def test_dates_tell_what_they_tell(text, parts):
    assert date_parts(text) == parts
    assert iso_date(text) == ("-".join(f"{p:02d}" for p in parts) if parts else text)


def test_kinds_of_all_sources_are_csl_types():
    words = {
        "JOUR": "article-journal",
        "Journal Article": "article-journal",
        "bookSection": "chapter",
        "C": "paper-conference",
    }
    words |= {
        "proceedings-article": "paper-conference",
        "posted-content": "article",
        "phdthesis": "thesis",
        "odd": None,
    }
    assert {word: find_kind(word) for word in words} == words


MARKUP = {
    "Drift <i>in vivo</i> of CO<sub>2</sub>": "Drift in vivo of CO2",
    "10<sup>-3</sup> m<sup>2</sup>": "10⁻³ m²",
    "p < 0.05 and n > 3": "p < 0.05 and n > 3",
    "a<b and c>d": "a<b and c>d",
    "R&amp;D &amp;lt; 5 &#945; AT&T": "R&D < 5 α AT&T",
    "<jats:title>Abstract</jats:title><jats:p>We see.</jats:p>": "We see.",
    "<jats:sec><jats:title>Methods</jats:title><jats:p>We read.</jats:p></jats:sec>": "Methods: We read.",
    "<mml:math><mml:msup><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:msup></mml:math> law": "x² law",
    "&lt;i&gt;E. coli&lt;/i&gt;": "E. coli",
}  # fmt: skip


@pytest.mark.parametrize(("text", "plain"), MARKUP.items(), ids=range(len(MARKUP)))
def test_markup_becomes_readable_text(text, plain):
    assert " ".join(plain_text(text).split()) == plain
