"""Citation measures: golden values, and six made-up answers which show that every measure can fail."""

import pytest
from evaluation_fixtures import BARLEY, LICHEN, MOSS, OWLS, PAPERS, TIDES, WALLS

from rag.evaluate.citation_quality import CitedStatement, inherited_quality, strict_quality
from rag.evaluate.fidelity import duplicate_citations, duplicate_statements, number_fidelity
from rag.evaluate.judge import CorpusRarity, VerifierJudge

WET = "Walls that stay wet for nine months carry 3.5 times as much moss as dry walls."
BAYS = "A model of 14 bays explains 87% of the variance of the tidal range."
OLD = "Hearing thresholds of seven owls aged 13 years differ by 2 dB from those of young owls."


def cited(*pairs):
    return [CitedStatement(text, tuple(papers)) for text, papers in pairs]


CONTROL = cited((WET, [MOSS]), (BAYS, [TIDES]), (OLD, [OWLS]))
ON_TOPIC = cited((WET, [WALLS]), ("Moss grows fastest on wet stone walls in two towns.", [WALLS]))
TITLE_ONLY = cited(("Drought-tolerant barley is bred selectively in coastal nurseries.", [BARLEY]))
STUFFED = cited((WET, [MOSS, TIDES, OWLS]), (BAYS, [TIDES, OWLS, LICHEN]))
SHUFFLED = cited((WET, [TIDES]), (BAYS, [OWLS]), (OLD, [MOSS]))
UNCITED = cited((WET, []), (BAYS, []), (OLD, []))


@pytest.fixture(scope="module")
def judge():
    return VerifierJudge(PAPERS)


def values(statements, judge):
    strict, inherited = strict_quality(statements, judge), inherited_quality(statements, judge)
    return (strict.recall, strict.precision, inherited.recall, inherited.precision)


@pytest.mark.parametrize(
    "statements, expected",
    [
        (CONTROL, (1, 1, 1, 1)),
        (ON_TOPIC, (0, 0, 0, 0)),
        (TITLE_ONLY, (0, 0, 0, 0)),
        (STUFFED, (1, 2 / 6, 1, 2 / 6)),  # the two that support, of six
        (SHUFFLED, (0, 0, 0, 0)),
        (UNCITED, (0, 0, 0, 0)),
    ],
    ids=["control", "on topic, not supporting", "title only", "stuffed", "shuffled", "uncited"],
)
def test_six_answers_get_what_their_citations_deserve(statements, expected, judge):
    assert values(statements, judge) == pytest.approx(expected)


def test_the_numbers_of_the_six_answers():
    def share(statements):
        found = number_fidelity(statements)
        return found.count, found.total

    assert share(CONTROL) == (7, 7)  # nine, 3.5 · 14, 87% · seven, 13, 2 dB
    assert share(SHUFFLED) == (0, 7)
    assert share(UNCITED) == (0, 7)
    assert share(STUFFED) == (4, 4)


def test_a_number_counts_with_its_unit_alone():
    found = number_fidelity(cited(("The model explains 14% of the variance.", [TIDES])))
    assert (found.count, found.total) == (0, 1)


def test_inherited_citations_help_the_sentences_after_them(judge):
    statements = cited(
        (WET, [MOSS]), ("The authors measured 120 walls in two towns, and moss grew on wet stone.", [])
    )
    assert values(statements, judge) == (0.5, 1.0, 1.0, 1.0)


def test_inherited_reading_leaves_short_sentences_out(judge):
    statements = cited(("Moss is green.", [TIDES]), (WET, [MOSS]))
    assert values(statements, judge) == (0.5, 0.5, 1.0, 1.0)
    assert inherited_quality(statements[:1], judge) is None


class ScriptedJudge:
    """Supports what it was told: sets of paper ids."""

    name = "scripted"

    def __init__(self, *supported):
        self.supported = [frozenset(ids.split()) for ids in supported]

    def supports(self, statement, papers):
        return frozenset(p.id for p in papers) in self.supported


def test_a_citation_is_idle_only_when_it_neither_supports_nor_is_missed():
    statements = cited((WET, [MOSS, TIDES]))
    # Only together: neither is idle. One alone and together: the other is idle.
    assert strict_quality(statements, ScriptedJudge("moss tides")).precision == 1.0
    assert strict_quality(statements, ScriptedJudge("moss tides", "moss")).precision == 0.5
    # Not together: nothing counts, though one supports alone.
    assert strict_quality(statements, ScriptedJudge("moss")).precision == 0.0


def test_a_citation_of_no_paper_spoils_its_statement_and_counts_as_imprecise(judge):
    quality = strict_quality(cited((WET, [MOSS, None]), (BAYS, [TIDES])), judge)
    assert (quality.recall, quality.precision) == (0.5, pytest.approx(1 / 3))


def test_three_citations_of_a_statement_are_read_and_no_more(judge):
    quality = strict_quality(cited((WET, [TIDES, OWLS, LICHEN, MOSS])), judge)
    assert (quality.recall, quality.precision) == (0.0, 0.0)


def test_the_harmonic_mean():
    quality = strict_quality(cited((WET, [MOSS, TIDES])), ScriptedJudge("moss tides", "moss"))
    assert quality.f1 == pytest.approx(2 / 3)  # of 1 and 1/2
    assert strict_quality(UNCITED, ScriptedJudge()).f1 == 0


def test_repeated_statements_and_citations_are_counted():
    again = cited((WET, [MOSS, MOSS]), (BAYS, [TIDES]), (WET.replace("Walls", "The walls"), [MOSS]))
    statements, citations = duplicate_statements(again), duplicate_citations(again)
    assert (statements.count, statements.total) == (1, 3)
    assert (citations.count, citations.total) == (1, 4)
    assert duplicate_statements(CONTROL).count == duplicate_citations(CONTROL).count == 0


def test_rarity_over_a_corpus():
    rarity = CorpusRarity(PAPERS)  # "moss" is in two papers of six, "owl" in one
    assert rarity("moss") == pytest.approx(1.2040, abs=1e-4)  # ln(1 + 7 / 3)
    assert rarity("owl") == pytest.approx(1.5041, abs=1e-4)  # ln(1 + 7 / 2)


def test_a_statement_that_only_names_a_paper_rests_on_its_title(judge):
    assert judge.supports(f"The closest match in this library is “{MOSS.title}”.", [MOSS])
    assert not judge.supports(f"The closest match in this library is “{MOSS.title}”.", [TIDES])
    assert not judge.supports(f"“{MOSS.title}” finds that 99% of all walls are dry.", [MOSS])
