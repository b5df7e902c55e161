"""BibTeX entries that inherit: `crossref` and `xdata`, in either order, missing, or in a circle."""

from __future__ import annotations

import pytest

from index.readers.table import read_file


def read(folder, text: str):
    path = folder / "in.bib"
    path.write_text(text, encoding="utf-8")
    return read_file(path)


def by_key(reading):
    return {paper.key: paper for paper in reading.papers}


PROCEEDINGS = """@proceedings{snails18,
  title = {Proceedings of the Snail Conference}, subtitle = {Oslo}, year = 2018, editor = {Lane, Ivy},
  publisher = {Snail Press}, address = {Oslo}, doi = {10.1000/whole}, abstract = {All of it.},
  pages = {1--400}, keywords = {snails}, series = {Snail Notes},
}
"""
CHILD = """@inproceedings{shell, author = {Shell, Cara}, title = {Snails in wind}, pages = {10--19},
  crossref = {snails18}}
"""


@pytest.mark.parametrize("text", [PROCEEDINGS + CHILD, CHILD + PROCEEDINGS], ids=["before", "behind"])
def test_a_paper_takes_what_it_lacks_from_its_proceedings(tmp_path, text):
    reading = read(tmp_path, text)
    paper = by_key(reading)["shell"]
    assert reading.problems == () and reading.read == 2
    assert (paper.title, paper.venue) == ("Snails in wind", "Proceedings of the Snail Conference: Oslo")
    assert (paper.year, paper.publisher, paper.pages) == (2018, "Snail Press", "10-19")
    assert dict(paper.extra) == {"place": "Oslo", "editors": ["Lane, Ivy"], "series": "Snail Notes"}


def test_what_names_the_whole_is_not_inherited(tmp_path):
    paper = by_key(read(tmp_path, PROCEEDINGS + CHILD))["shell"]
    assert (paper.doi, paper.abstract, paper.keywords) == (None, "", ())
    assert paper.authors == ("Shell, Cara",)


def test_an_own_field_and_its_synonym_win(tmp_path):
    text = PROCEEDINGS + (
        "@inproceedings{own, title = {Own}, date = {2019-02-03}, location = {Rome}, crossref = {snails18},"
        " booktitle = {Our own name}}"
    )
    paper = by_key(read(tmp_path, text))["own"]
    assert (paper.date, paper.venue, paper.extra["place"]) == ("2019-02-03", "Our own name", "Rome")


KINDS = [
    ("@incollection{k, title = {Part}, crossref = {p}}", "@collection{p, title = {Whole}}", "Part", "Whole"),
    ("@inbook{k, title = {Part}, crossref = {p}}", "@book{p, title = {Whole}}", "Part", "Whole"),
    ("@inbook{k, chapter = {3}, crossref = {p}}", "@book{p, title = {Whole}}", "Whole", None),
    ("@article{k, title = {Part}, crossref = {p}}", "@periodical{p, title = {Whole}}", "Part", "Whole"),
    ("@inproceedings{k, title = {Part}, crossref = {P}}", "@book{p, booktitle = {In full}, title = {Whole}}",
     "Part", "In full"),
    ("@book{k, title = {Volume two}, crossref = {p}}", "@mvbook{p, title = {Whole}}", "Volume two", None),
]  # fmt: skip


@pytest.mark.parametrize(("child", "parent", "title", "venue"), KINDS, ids=[c[:40] for c, *_ in KINDS])
def test_the_title_of_the_whole_becomes_the_name_of_its_place(tmp_path, child, parent, title, venue):
    paper = by_key(read(tmp_path, f"{child}\n{parent}\n"))["k"]
    assert (paper.title, paper.venue) == (title, venue)


def test_an_author_of_the_whole_is_that_of_its_parts(tmp_path):
    text = "@inbook{k, title = {Part}, crossref = {p}}\n@book{p, title = {Whole}, author = {Reed, Hal}}\n"
    assert by_key(read(tmp_path, text))["k"].authors == ("Reed, Hal",)


def test_xdata_gives_every_field_and_is_no_record(tmp_path):
    reading = read(
        tmp_path,
        "@xdata{press, publisher = {North Press}, location = {Oslo}}\n"
        "@xdata{when, year = 2015, xdata = {press}}\n"
        "@book{walls, title = {Walls}, xdata = {when, gone}}\n",
    )
    assert (reading.read, [p.key for p in reading.papers]) == (1, ["walls"])
    paper = reading.papers[0]
    assert (paper.publisher, paper.year, paper.extra["place"]) == ("North Press", 2015, "Oslo")
    assert [(p.line, p.why) for p in reading.problems] == [
        (3, "xdata names gone, which is no entry of this file; nothing is inherited from it")
    ]


def test_inheritance_goes_on_through_several_entries(tmp_path):
    text = (
        "@inproceedings{a, title = {Part}, crossref = {b}}\n@proceedings{b, title = {Whole}, crossref = {c}}"
        "\n@mvproceedings{c, title = {All years}, publisher = {North Press}}\n"
    )
    paper = by_key(read(tmp_path, text))["a"]
    assert (paper.venue, paper.publisher) == ("Whole", "North Press")


def test_a_missing_parent_is_named_and_the_entry_kept(tmp_path):
    reading = read(tmp_path, "@book{x, title = {X}}\n@inbook{k,\n title = {Part}, crossref = {gone}}\n")
    assert [p.title for p in reading.papers] == ["X", "Part"]
    assert [(p.line, p.why) for p in reading.problems] == [
        (2, "crossref names gone, which is no entry of this file; nothing is inherited from it")
    ]
    assert by_key(reading)["k"].extra["crossref"] == "gone"


def test_a_circle_is_named_and_its_entries_kept(tmp_path):
    reading = read(
        tmp_path,
        "@inbook{a, title = {A}, crossref = {b}}\n@book{b, title = {B}, year = 2001, crossref = {a}}\n"
        "@book{self, title = {S}, crossref = {self}}\n",
    )
    assert [p.title for p in reading.papers] == ["A", "B", "S"]
    assert [(p.line, p.why) for p in reading.problems] == [
        (1, "crossref runs in a circle (a, b, a)"),
        (2, "crossref runs in a circle (b, a, b)"),
        (3, "crossref runs in a circle (self, self)"),
    ]
    assert (by_key(reading)["a"].venue, by_key(reading)["a"].year) == ("B", 2001)


def test_a_long_chain_ends_with_a_problem_and_in_good_time(tmp_path):
    links = "".join(f"@book{{k{n}, title = {{T{n}}}, crossref = {{k{n + 1}}}}}\n" for n in range(3000))
    reading = read(tmp_path, f"{links}@book{{k3000, title = {{T}}, year = 1999}}\n")
    assert len(reading.papers) == 3001 and reading.papers[-2].year == 1999
    assert reading.problems[0].why == "crossref goes through more than 10 entries; the rest is not followed"


def test_containers_that_name_one_another_in_great_number_are_bounded(tmp_path):
    names = [[f"x{level}-{n}" for n in range(12)] for level in range(9)]
    text = "".join(
        f"@xdata{{{name}, xdata = {{{','.join(names[level + 1] if level < 8 else [])}}}}}\n"
        for level, row in enumerate(names)
        for name in row
    )
    reading = read(tmp_path, f"{text}@book{{k, title = {{T}}, xdata = {{x0-0}}}}\n")
    assert reading.problems[-1].why == "xdata leads to more than 200 entries; the rest is not followed"


def test_bibtex_that_only_speaks_of_crossref_is_read_as_ever(tmp_path):
    reading = read(tmp_path, "@book{k, title = {Crossref = a registry}}\n")
    assert (reading.papers[0].title, reading.problems) == ("Crossref = a registry", ())
