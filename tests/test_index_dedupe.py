"""One paper met twice is one paper; two papers that look alike stay two."""

from dataclasses import replace

import pytest

from index.dedupe import fold, identity_keys, merge, same_paper
from index.types import Paper, Source

LONG = " ".join(f"Sentence {n} speaks of river gauges and of how their readings drift." for n in range(12))
OTHER = " ".join(f"Line {n} tells about the cost of bread in towns without any mill." for n in range(12))


def paper(n: int, title: str | None = None, abstract: str = "", **fields: object) -> Paper:
    return Paper(f"p-{n:012x}", title, abstract, sources=(Source("in", n, "text"),), **fields)


def test_keys_name_their_kind_and_skip_what_identifies_nothing():
    full = replace(
        paper(1, "Drift of River Gauges", LONG, doi="10.1/X", pmid="7", arxiv_id="2101.1"), id="own"
    )
    keys = identity_keys(full)
    assert keys[:5] == ("id:own", "doi:10.1/x", "arxiv:2101.1", "pmid:7", "t:driftofrivergauges")
    assert [key[:2] for key in keys[5:]] == ["a:", "x:"]
    assert identity_keys(paper(2, "Editorial", "Short.")) == ()


SAME = {
    "same DOI, other case": (paper(1, "Gauges", doi="10.1/A"), paper(2, "Gauges, revisited", doi="10.1/a")),
    "same title and text": (paper(1, "Drift of Gauges", LONG), paper(2, "DRIFT OF GAUGES.", LONG)),
    "untitled and titled": (paper(1, None, LONG), paper(2, "Drift of Gauges", LONG)),
    "untitled and cut": (paper(1, None, LONG[:500], truncated=True), paper(2, "Drift of Gauges", LONG)),
    "title alone and with text": (
        paper(1, "Drift of Gauges in Rivers of the North"),
        paper(2, "Drift of gauges in rivers of the North", LONG),
    ),
    "preprint a year ahead, no text": (
        paper(1, "Drift of Gauges in Rivers of the North and the South", year=2020),
        paper(2, "Drift of Gauges in Rivers of the North and the South", year=2021),
    ),
    "revised abstract": (
        paper(1, "Drift of Gauges", LONG),
        paper(2, "Drift of Gauges", LONG + " One sentence more at its end."),
    ),
    "rewritten abstract, same authors": (
        paper(1, "Drift of Gauges", LONG, authors=("A Low", "B Rud")),
        paper(2, "Drift of Gauges", OTHER, authors=("A Low", "B Rud", "C Orr")),
    ),
}


@pytest.mark.parametrize(("a", "b"), SAME.values(), ids=SAME.keys())
def test_records_of_one_paper_are_merged_in_either_order(a, b):
    assert same_paper(a, b) and same_paper(b, a)
    for batch in ([a, b], [b, a]):
        papers, duplicates = fold(batch)
        assert (len(papers), duplicates) == (1, 1)
        assert papers[0].sources == tuple(p.sources[0] for p in batch)
        assert papers[0].id == batch[0].id


DIFFERENT = {
    "generic title, other text": (
        paper(1, "Introduction to it", LONG),
        paper(2, "Introduction to it", OTHER),
    ),
    "generic short title, no text": (paper(1, "Books Received"), paper(2, "Books Received")),
    "same title, no text, other authors": (
        paper(1, "Commentary on the Drift of Gauges", authors=("A Low",)),
        paper(2, "Commentary on the Drift of Gauges", authors=("C Orr",)),
    ),
    "yearly report": (
        paper(1, "Research in River Gauges", authors=("A Low",), year=1989),
        paper(2, "Research in River Gauges", authors=("A Low",), year=1990),
    ),
    "same title, other DOI": (
        paper(1, "Drift of Gauges: a Reply to Low", doi="10.1/a"),
        paper(2, "Drift of Gauges: a Reply to Low", doi="10.1/b"),
    ),
    "copied abstract under another title": (
        paper(1, "Drift of Gauges", LONG),
        paper(2, "Bread and Mills", LONG),
    ),
    "same number of two files": (
        replace(paper(1, "Drift of Gauges", LONG), id="1"),
        replace(paper(2, "Bread and Mills", OTHER), id="1"),
    ),
    "same opening, not cut": (paper(1, None, LONG[:500]), paper(2, "Drift of Gauges", LONG)),
}


@pytest.mark.parametrize(("a", "b"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_papers_that_only_look_alike_stay_two(a, b):
    assert not same_paper(a, b) and not same_paper(b, a)
    papers, duplicates = fold([a, b])
    assert (len(papers), duplicates) == (2, 0)
    assert papers[0].id != papers[1].id


def test_the_fuller_record_wins_and_gaps_are_filled():
    cut = paper(1, None, LONG[:400], truncated=True, year=2020, extra={"a": 1, "b": 1})
    full = paper(2, "Drift", LONG, authors=("A Low",), extra={"b": 2})
    merged = merge(cut, full, keep_id=cut.id)
    assert (merged.id, merged.title, merged.abstract, merged.truncated) == (cut.id, "Drift", LONG, False)
    assert (merged.authors, merged.year, dict(merged.extra)) == (("A Low",), 2020, {"a": 1, "b": 2})
    assert merged.sources == (*cut.sources, *full.sources)
    assert merge(full, cut).id == full.id
    assert merge(merged, full, keep_id=cut.id) == merged


def test_a_date_that_contradicts_the_year_is_not_taken_over():
    a, b = (
        paper(1, "Drift of Gauges", LONG, year=2021),
        paper(2, "Drift of Gauges", "", year=2020, date="May 2020"),
    )
    assert (merge(a, b).year, merge(a, b).date) == (2021, None)


def test_a_record_may_bridge_two_that_looked_different():
    a = paper(1, "Drift of Gauges in Rivers of the North")
    b = paper(2, None, LONG)
    bridge = paper(3, "Drift of Gauges in Rivers of the North", LONG)
    papers, duplicates = fold([a, b, bridge])
    assert (len(papers), duplicates) == (1, 2)
    assert (papers[0].id, papers[0].title, papers[0].abstract) == (a.id, a.title and bridge.title, LONG)
    assert {s.line for s in papers[0].sources} == {1, 2, 3}


def test_folding_twice_changes_nothing():
    batch = [pair for pairs in (*SAME.values(), *DIFFERENT.values()) for pair in pairs]
    once, _ = fold(batch)
    again, duplicates = fold(once)
    assert (again, duplicates) == (once, 0)


def test_a_record_too_short_for_any_key_is_known_by_its_id():
    short = replace(paper(1, "On moss", "Moss grows on stones."), id="p-0123456789ab")
    papers, duplicates = fold([short, short])
    assert (papers, duplicates) == ([short], 1)
