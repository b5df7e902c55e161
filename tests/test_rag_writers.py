"""Writers: how evidence and drafts become the lists of statements of an answer."""

from __future__ import annotations

import threading

from fakes import PAPERS, ScriptedLLM

from index.sentences import split_sentences
from index.types import Scores
from rag.digest import Digester
from rag.plan import Plan
from rag.question import Kind
from rag.statements import StatementMaker
from rag.types import Evidence, Origin, Sentence
from rag.verify import Verifier
from rag.writers import DigestWriter, ExtractiveWriter, quoted

BY_ID = {p.id: p for p in PAPERS}
MAKER = StatementMaker(Verifier(lambda stem: 1.0))


def evidence(number: int, name: str, *indices: int) -> Evidence:
    paper = BY_ID[name]
    spans = split_sentences(paper.abstract)
    chosen = tuple(
        Sentence(paper.abstract[slice(*spans[i])], *spans[i], 1.0 - 0.1 * n) for n, i in enumerate(indices)
    )
    return Evidence(number, paper, chosen, Scores())


def plan(kind: Kind, *chosen: Evidence) -> Plan:
    return Plan(kind, chosen, 0.9, ())


def write(writer, of: Plan, stop: threading.Event | None = None):
    return [[s.text for s in made] for made in writer.write("What?", of, stop or threading.Event())]


def digest_writer(script) -> DigestWriter:
    return DigestWriter(MAKER, Digester(ScriptedLLM(script)))


def test_a_survey_quotes_the_best_sentence_of_each_paper():
    made = write(
        ExtractiveWriter(MAKER), plan(Kind.SURVEY, evidence(1, "gulls", 1, 0), evidence(2, "brinenet", 2))
    )
    assert made == [
        [
            "A detector counted the gulls in 3,100 photographs and agreed with trained observers in 25 of 30 "
            "colonies."
        ],
        ["BrineNet: it detects giant kelp with a Dice score of 0.83."],
    ]


def test_a_fact_tells_its_sentences_best_first_and_a_comparison_in_their_order():
    both = evidence(1, "gulls", 1, 0)
    fact = [s.text for s in quoted(MAKER, "What?", Kind.FACT, both)]
    compare = [s.text for s in quoted(MAKER, "What?", Kind.COMPARE, both)]
    assert fact[0].startswith("A detector counted")
    assert compare[0].startswith("Volunteers photographed")
    assert compare == fact[::-1]


def test_the_same_sentence_is_not_said_twice():
    one = evidence(1, "gulls", 1)
    twice = Evidence(1, one.paper, one.sentences * 2, one.scores)
    assert len(quoted(MAKER, "What?", Kind.FACT, twice)) == 1


def test_a_draft_that_holds_replaces_the_quotation_and_one_that_does_not_is_replaced():
    drafts = {
        "Counting gulls": "Volunteers photographed gull colonies with telephone cameras.",
        "BrineNet": "BrineNet detects giant kelp with a Dice score of 0.99.",
    }
    writer = digest_writer(lambda prompt: next(d for k, d in drafts.items() if f"Paper: {k}" in prompt))
    of = plan(Kind.SURVEY, evidence(1, "gulls", 1), evidence(2, "brinenet", 2))
    assert write(writer, of) == [
        ["Volunteers photographed gull colonies with telephone cameras."],
        ["BrineNet: it detects giant kelp with a Dice score of 0.83."],
    ]
    assert writer.verify_ms >= 0


def test_a_facts_draft_must_keep_every_figure_of_the_evidence():
    of = plan(Kind.FACT, evidence(1, "brinenet", 2))
    assert write(digest_writer("BrineNet detects giant kelp in satellite images."), of) == [
        ["BrineNet: it detects giant kelp with a Dice score of 0.83."]
    ]
    assert write(digest_writer("BrineNet reaches a Dice score of 0.83 for giant kelp."), of) == [
        ["BrineNet reaches a Dice score of 0.83 for giant kelp."]
    ]


def test_a_set_stop_writes_nothing():
    stop = threading.Event()
    stop.set()
    of = plan(Kind.SURVEY, evidence(1, "gulls", 1))
    assert write(ExtractiveWriter(MAKER), of, stop) == []
    assert write(digest_writer("Gulls."), of, stop) == []


def test_what_is_written_says_who_wrote_it():
    of = plan(Kind.SURVEY, evidence(1, "gulls", 1))
    (made,) = digest_writer("Volunteers photographed gull colonies with telephone cameras.").write(
        "What?", of, threading.Event()
    )
    assert [s.origin for s in made] == [Origin.GENERATED]
    (made,) = ExtractiveWriter(MAKER).write("What?", of, threading.Event())
    assert [s.origin for s in made] == [Origin.EXTRACTED]
