"""The parts of the audit: numbers, contradictions, names left out, stretches, entries matched to papers."""

from __future__ import annotations

from dataclasses import replace

import pytest
from index_fixtures import ENCODER

from index.build import add_paths
from index.library import Library
from index.types import Paper
from rag.audit.claimed import behind, is_claim, spoken
from rag.audit.contrast import DENIED_HERE, DIRECTION, ORDER, contradictions, contrary_word
from rag.audit.draft import Cite, DraftSentence, Entry
from rag.audit.numbers import differing, swapped
from rag.audit.report import Audit, CheckedCitation, CheckedSentence, CitationVerdict, Flag, FlagKind
from rag.audit.resolve import Resolver, identity
from rag.bibliography import citation_key

SOURCE = Paper(
    "p", "A study of 4 towns",
    "Accuracy rose from 50.4% to 54.2% on 1,200 images. The AUC was 0.913 in 2019. We used 30 walls.",
)  # fmt: skip

NUMBERS = [
    ("Accuracy rose to 54.2%.", []),
    ("Accuracy rose to 54%.", []),  # rounded
    ("Accuracy rose to 55%.", [("55%", "54.2%")]),
    ("Accuracy rose by 3.8 points.", []),  # the difference of two
    ("The AUC was 91.3%.", []),  # a share as percent
    ("The AUC was 0.91.", []),
    ("The AUC was 0.93.", [("0.93", "0.913")]),
    ("They used 1200 images of 4 towns.", []),
    ("They used 1300 images.", [("1300", "1,200")]),
    ("They used about 31 walls.", []),
    ("They used 31 walls.", [("31", "30")]),
    ("Smith (2021) used 30 walls, and since 1998 more.", []),  # years
    ("Twelve towns were seen.", []),  # words are left to the other check
]


@pytest.mark.parametrize(("text", "found"), NUMBERS, ids=[t for t, _ in NUMBERS])
def test_numbers_that_differ(text, found):
    assert [(n.said, n.held) for n in differing(text, [SOURCE])] == found


def test_a_number_may_come_from_any_paper_cited_together():
    other = replace(SOURCE, id="q", abstract="They used 31 walls.")
    assert differing("They used 31 walls.", [SOURCE, other]) == []


def test_figures_keep_the_order_of_a_source_sentence():
    source = ["A reached 5% and B 7%.", "It ran from 2% to 9%."]
    assert not swapped("A reached 5%, B 7%.", source)
    assert swapped("A reached 7%, B 5%.", source)
    assert not swapped("It lay between 9% to 2%.", source)


def held(text, best, faults=(), against=0.5, support=0.9, source=None):
    return contradictions(text, source or [best], best, faults, against, support)


def test_a_plain_not_that_the_source_lacks_is_a_contradiction():
    assert held("Moss does not grow on walls.", "Moss grows on walls.") == [DENIED_HERE]
    assert held("Moss does not grow on walls.", "Moss fails to grow on walls.") == []
    assert held("Moss grows not only on walls.", "Moss grows on walls.") == []


def test_without_counts_only_before_words_that_the_source_has_together():
    best = "Moss was counted with wet stone samples."
    assert held("Moss was counted without wet stone samples.", best, [DENIED_HERE]) == [DENIED_HERE]
    assert held("Moss was counted without any labels.", best, [DENIED_HERE]) == []


def test_directions_and_orders_have_to_be_borne_out():
    best = "Moss is taller than grass."
    assert held("Moss is lower.", best, [DIRECTION], support=0.8) == [DIRECTION]
    assert held("Moss is lower.", best, [DIRECTION], support=0.65, against=0.5) == []
    assert held("Moss is lower.", best, [DIRECTION], support=0.65, against=0.7) == [DIRECTION]
    assert held("Grass over moss.", best, [ORDER], against=0.7) == []
    assert held("Grass over moss.", best, [ORDER], against=0.9) == [ORDER]


def test_a_contrary_word_counts_in_nearly_the_same_wording():
    def one(_):
        return 1.0

    said = contrary_word(
        "Wet walls carry strong moss on stone.", "", "Wet walls carry weak moss on stone.", one
    )
    assert said == "“strong” here, “weak” in the source"
    assert (
        contrary_word("Strong winds blow at night.", "", "Wet walls carry weak moss on stone.", one) is None
    )


SPOKEN = [
    ("Smith et al. (2020) show that moss grows.", "The authors show that moss grows."),
    ("According to Smith and Jones (2019), walls are wet.", "According to the authors, walls are wet."),
    ("It rains, while Brook and colleagues find none.", "It rains, while the authors find none."),
    ("Sensitivity and Specificity were high.", "Sensitivity and Specificity were high."),
    ("CT and MRI show tumours.", "CT and MRI show tumours."),
    ("UMIT answers questions, detects disease and writes reports.",) * 2,
]


@pytest.mark.parametrize(("text", "left"), SPOKEN, ids=[t for t, _ in SPOKEN])
def test_names_of_those_reported_are_left_out(text, left):
    assert spoken(text) == left


def sentence(text: str, *cites: Cite) -> DraftSentence:
    return DraftSentence(text, text, 1, 0, len(text), cites)


def test_each_marker_stands_behind_the_whole_and_its_own_stretch():
    text = "Moss grows fast on wet stone walls, while tides rise twice each single day."
    texts = behind(sentence(text, Cite("a", 1, 34, 1), Cite("b", 1, 75, 2)))
    assert texts[1] == (text, "Moss grows fast on wet stone walls.")
    assert texts[2] == (text, "tides rise twice each single day.")
    assert behind(sentence(text, Cite("a", 1, 75, 1), Cite("b", 1, 75, 1))) == {1: (text,)}


CLAIMS = [
    ("Moss grows fastest on wet stone walls.", True),
    ("We measured moss on wet stone walls.", False),
    ("This paper looks at moss on wet walls.", False),
    ("Figure 3 shows moss on wet stone walls.", False),
    ("Does moss grow fastest on wet stone?", False),
    ("It rained.", False),
]


@pytest.mark.parametrize(("text", "claims"), CLAIMS, ids=[t for t, _ in CLAIMS])
def test_what_counts_as_a_claim(text, claims):
    assert is_claim(sentence(text)) is claims


@pytest.fixture(scope="module")
def resolver(tmp_path_factory):
    from cli_fixtures import write_lines

    folder = tmp_path_factory.mktemp("resolve")
    records = [
        {"title": "Moss growth on wet stone walls", "authors": ["Ada Brook"], "year": 2019,
         "doi": "10.1000/Moss", "abstract": "Moss grows."},
        {"title": "Moss growth on wet stone walls, part 2", "authors": ["Ada Brook"], "year": 2020,
         "abstract": "Moss grows more."},
        {"title": "Editorial", "authors": ["Cara Shell"], "year": 2018, "abstract": "A word before all."},
        {"title": "Tides in bays", "arxiv_id": "2101.00001", "year": 2021, "abstract": "Tides rise."},
    ]  # fmt: skip
    add_paths(folder / "library", [write_lines(folder / "p.jsonl", records)], ENCODER)
    return Resolver(Library.open(folder / "library"), citation_key)


def found(resolver, text="", **record):
    paper = Paper("x", record.pop("title", None), "", **record) if record else None
    match = resolver.entry(Entry("k", 1, text, paper))
    return match.title if match else None


def test_records_are_matched_by_identifier_then_title(resolver):
    moss = "Moss growth on wet stone walls"
    assert found(resolver, title="Other words", doi="10.1000/MOSS") == moss
    assert found(resolver, title="{Moss} Growth on Wet Stone Walls!") == moss
    assert found(resolver, title="Moss grwoth on wet stone walls") == moss
    assert found(resolver, title="Moss growth on wet stone walls, part 3") is None
    assert found(resolver, title=moss, authors=("Zed, Q.",)) is None
    assert found(resolver, title=moss, year=1990) is None
    assert found(resolver, title="Editorial", year=1999) is None
    assert found(resolver, title="Editorial", authors=("Shell, C.",)) == "Editorial"
    assert found(resolver, title="Grass growth on wet iron walls") is None


def test_texts_of_a_list_are_matched_by_identifier_then_title(resolver):
    moss = "Moss growth on wet stone walls"
    assert found(resolver, "Brook A. Anything. https://doi.org/10.1000/moss.") == moss
    assert found(resolver, "Brook A. (2019). Moss growth on wet stone walls. J Moss 3:1.") == moss
    assert found(resolver, "Brook A. Moss growth on wet stone walls, part 2. 2020.") == f"{moss}, part 2"
    assert found(resolver, "Bay T. Tides in bays. arXiv:2101.00001v2") == "Tides in bays"
    assert found(resolver, "Smith J. Editorial. Nature. 1999") is None
    assert found(resolver, "Nobody. On nothing at all. 1999.") is None


def test_entries_of_one_work_are_known_without_a_library():
    a = Entry("a", 1, "", Paper("x", "A Title of some Length", "", doi="10.1000/A"))
    assert identity(a) == identity(Entry("b", 2, "Brook. Whatever. doi:10.1000/a"))
    assert identity(Entry("c", 3, "Brook. Whatever.")) is None


def test_what_strict_fails_on():
    said = sentence("Moss grows.")

    def audit(verdict=CitationVerdict.SUPPORTED, flags=(), loose=()):
        checked = CheckedSentence(0, said, (CheckedCitation("a", 1, verdict),), (), flags)
        return Audit("d.md", "markdown", (), (checked,), loose).wrong

    def flag(kind):
        return (Flag(kind, "a", 1, "why", "d.md"),)

    assert not audit() and not audit(CitationVerdict.PARTLY) and not audit(CitationVerdict.NOT_IN_LIBRARY)
    assert audit(CitationVerdict.CONTRADICTED) and audit(CitationVerdict.NOT_SUPPORTED)
    assert audit(flags=flag(FlagKind.MISSING_KEY)) and audit(loose=flag(FlagKind.SAME_PAPER))
    assert not audit(loose=flag(FlagKind.NEVER_CITED))
