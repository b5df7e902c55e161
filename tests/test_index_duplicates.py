# ruff: noqa: E501 -- records stand as they are written
"""Records of one work are found under the usual differences; doubts are listed, settled and remembered."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest
from cli_fixtures import run_command
from index_fixtures import ENCODER, reading

from index.audit import verify
from index.build import add_readings
from index.catalog import Catalog
from index.dedupe import fold, merge
from index.duplicates import doubtful_pairs, keep_apart, unite
from index.errors import LibraryError
from index.likeness import Likeness, compare
from index.types import Paper, Source

TEXT = " ".join(f"Sentence {n} speaks of river gauges and of how their readings drift." for n in range(12))
OTHER = " ".join(f"Line {n} tells about the cost of bread in towns without any mill." for n in range(12))
A = Paper(
    "a", "Drift of river gauges over the seasons in northern rivers: a systematic review", TEXT,
    authors=("Low, Ada", "Rud, Bo"), year=2019, venue="Journal of Rivers", volume="12", pages="152-160",
    doi="10.1000/a", sources=(Source("a", 1, "ris"),),
)  # fmt: skip
BARE = replace(A, id="b", doi=None, sources=(Source("b", 1, "csv"),))
PREPRINT = replace(
    BARE, title=A.title.upper(), year=2018, venue="arXiv", arxiv_id="1801.00001", type="article", volume=None, pages=None,
    abstract=TEXT + " More of it.",
)  # fmt: skip

SAME = {
    "names written otherwise, abstract missing": replace(BARE, authors=("A. Low", "B. Rud"), abstract=""),
    "and written as a sign, in capitals": replace(BARE, title=(A.title or "").upper().replace(" OF ", " & ")),
    "no subtitle, same place": replace(BARE, title="Drift of river gauges over the seasons in northern rivers", abstract=""),
    "a slip of the pen, same text": replace(BARE, title=(A.title or "").replace("seasons", "saesons")),
    "a slip and no subtitle, same place": replace(BARE, title="Drift of river guages over the seasons in northern rivers", abstract=""),
    "a year apart, only the first author": replace(BARE, year=2020, authors=("Low A",)),
    "preprint": PREPRINT,
}  # fmt: skip


@pytest.mark.parametrize("other", SAME.values(), ids=SAME)
def test_one_work_under_the_usual_differences(other):
    assert compare(A, other) is compare(other, A) is Likeness.SAME
    assert len(fold([A, other])[0]) == 1


APART = {
    "erratum": replace(BARE, title=f"Erratum: {A.title}", abstract="", pages="200"),
    "second part": replace(BARE, title=f"{A.title} 2", abstract="", pages="161-170"),
    "other authors": replace(BARE, authors=("Orr, Cy",)),
    "a pair of words": replace(
        BARE, title=(A.title or "").replace("northern", "southern"), abstract=OTHER, pages="1"
    ),
}


@pytest.mark.parametrize("other", APART.values(), ids=APART)
def test_works_that_look_alike_stay_two(other):
    assert compare(A, other) is compare(other, A) is Likeness.DIFFERENT


DOUBTFUL = {
    "a later edition": replace(A, id="b", doi="10.1000/b", year=2021, abstract=TEXT + " Updated.", pages="1"),
    "one DOI, two titles": replace(A, id="b", title="Bread and mills in towns", abstract=OTHER),
    "years apart, same text": replace(BARE, year=2024, volume=None),
}


@pytest.mark.parametrize("other", DOUBTFUL.values(), ids=DOUBTFUL)
def test_what_may_be_one_work_is_left_to_a_person(other):
    assert compare(A, other) is compare(other, A) is Likeness.DOUBTFUL
    assert len(fold([A, other])[0]) == 2


def test_of_a_preprint_and_its_article_the_article_is_shown_and_the_preprint_is_reachable(tmp_path):
    add_readings(tmp_path / "lib", [reading(replace(PREPRINT, id="arxiv:1801.00001")), reading(A)], ENCODER)
    with closing(Catalog.open(tmp_path / "lib")) as catalog:
        (paper,) = catalog.papers()
        assert (paper.venue, paper.year, paper.doi, paper.type) == (
            "Journal of Rivers",
            2019,
            "10.1000/a",
            None,
        )
        assert paper.extra["versions"] == ["arxiv:1801.00001 (arXiv, 2018)"]
        assert catalog.paper("arxiv:1801.00001") == catalog.paper("doi:10.1000/a") == paper


def test_merging_keeps_that_a_paper_is_retracted():
    assert merge(A, replace(BARE, retracted=True)).retracted


def pairs(library):
    with closing(Catalog.open(library)) as catalog:
        return [(a.id, b.id) for a, b in doubtful_pairs(catalog)]


EDITION = replace(DOUBTFUL["a later edition"], id="edition", sources=(Source("c", 1, "ris"),))


def test_a_pair_told_apart_is_not_listed_again(tmp_path):
    add_readings(tmp_path / "lib", [reading(A, EDITION)], ENCODER)
    assert pairs(tmp_path / "lib") == [("a", "edition")]
    keep_apart(tmp_path / "lib", "edition", "a")
    assert pairs(tmp_path / "lib") == []
    assert verify(tmp_path / "lib").ok


def test_a_pair_made_one_stays_one_when_its_records_come_again(tmp_path):
    add_readings(tmp_path / "lib", [reading(A, EDITION)], ENCODER)
    merged = unite(tmp_path / "lib", "a", "edition", ENCODER)
    assert (merged.id, len(merged.sources)) == ("a", 2)
    assert verify(tmp_path / "lib").ok and pairs(tmp_path / "lib") == []
    report = add_readings(tmp_path / "lib", [reading(A, EDITION)], ENCODER)
    assert (report.new, report.duplicates) == (0, 2)
    with closing(Catalog.open(tmp_path / "lib")) as catalog:
        assert [paper.id for paper in catalog.papers()] == ["a"]
    with pytest.raises(LibraryError, match="no paper 'edition'"):
        unite(tmp_path / "lib", "a", "edition", ENCODER)


def test_the_command_lists_and_settles(tmp_path, capsys):
    library = tmp_path / "lib"
    add_readings(library, [reading(A, EDITION)], ENCODER)
    done = run_command(capsys, "index", "duplicates", "-L", library)
    assert done.code == 0 and done.out.startswith("a\tDrift of river gauges") and "1 pairs" in done.err
    listed = run_command(capsys, "index", "duplicates", "-L", library, "--json").json
    assert [[p["id"] for p in pair] for pair in listed["pairs"]] == [["a", "edition"]]
    assert run_command(capsys, "index", "duplicates", "-L", library, "--different", "a", "edition").code == 0
    assert run_command(capsys, "index", "duplicates", "-L", library).out == ""
