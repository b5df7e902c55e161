"""A reviewer over the made-up papers, and a small review made by hand, for the tests of `rag.review`."""

from __future__ import annotations

from functools import cache

from fakes import PAPERS, bundled_encoder, shared_library

from index.types import Paper
from rag.bibliography import citation_key
from rag.digest import Digester
from rag.evidence import EvidenceFinder
from rag.rarity import Rarity
from rag.relevance import Judge
from rag.retrieval import Retriever
from rag.review.collect import Collector
from rag.review.document import Cell, Part, Passage, Review, ReviewStatement, Row, Section, Table
from rag.review.draft import Drafter
from rag.review.reviewer import Reviewer
from rag.sentences import SentenceStore
from rag.spelling import Speller
from rag.statements import StatementMaker
from rag.types import Origin
from rag.verify import Verifier
from rag.writers import DigestWriter, ExtractiveWriter

BY_ID = {p.id: p for p in PAPERS}


@cache
def _store():
    return SentenceStore(bundled_encoder())


def make_reviewer(library=None, llm=None) -> Reviewer:
    """A reviewer as `rag.wiring` makes it, with a model of our own or none."""
    library = library or shared_library()
    encoder, rarity = bundled_encoder(), Rarity(library)
    maker = StatementMaker(Verifier(rarity))
    writer = DigestWriter(maker, Digester(llm)) if llm else ExtractiveWriter(maker)
    finder = EvidenceFinder(_store(), Judge(rarity), rarity)
    collector = Collector(Retriever(library, encoder), finder, Speller(library))
    drafter = Drafter(writer, maker, Verifier(rarity), encoder, rarity)
    model = {"embedder": encoder.id.name, "llm": llm.name if llm else "none"}
    return Reviewer(library, encoder, collector, drafter, citation_key, model)


def passage(paper: Paper, quote: str) -> Passage:
    start = paper.abstract.index(quote)
    return Passage(paper.id, start, start + len(quote), quote)


def say(text: str, *passages: Passage, counted: bool = False) -> ReviewStatement:
    return ReviewStatement(text, passages, origin=Origin.COMPOSED, counted=counted)


HOSTILE = Paper(
    "evil",
    "<script>alert(1)</script> 100% of $tides$ & {kelp}_forests | α ≤ β",
    "Tides <img src=x onerror=alert(1)> rose by 5% in 7 bays | and \\input{/etc/passwd} fell. "
    "A second sentence.",
    authors=("Ån Öst", "O'Neil & Sons"),
    year=2020,
)


def small_review() -> Review:
    """Two sections over three papers, one of which attacks every form."""
    kelp, brine = BY_ID["kelpformer"], BY_ID["brinenet"]
    dice = passage(kelp, "It was trained on 12,400 drone images from 31 sites and reaches a Dice score of "
                         "0.91 for giant kelp.")  # fmt: skip
    other = passage(brine, "It detects giant kelp with a Dice score of 0.83.")
    evil = passage(HOSTILE, HOSTILE.abstract.split(" A second")[0])
    papers = {p.id: p for p in (kelp, brine, HOSTILE)}
    return Review(
        "kelp", "Kelp & tides: 100% of it", (say("This review asks of “kelp”.", counted=True),),
        (
            Section(
                "Kelp maps",
                (
                    (
                        say("Two of the two abstracts mention giant kelp.", dice, other, counted=True),
                        say("Lind reaches a Dice score of 0.91.", dice),
                        say("She trained on 12,400 images.", dice),
                        say("Similarly, BrineNet reaches 0.83.", other),
                    ),
                ),
                ("kelpformer", "brinenet"),
            ),
            Section("<b>Tides_", ((say("Tides rose by 5% in 7 bays | $x$ <b>.", evil),),), ("evil",)),
            Section(
                "Gaps", ((say("None of the three abstracts states a limit.", counted=True),),), part=Part.GAPS
            ),
        ),
        Table(("Data",), (Row("kelpformer", (Cell("12,400 | images", dice),)),
                          Row("brinenet", (None,)),
                          Row("evil", (Cell("<i>7</i> bays", evil),)))),
        papers,
        {"kelpformer": "lind_kelpformer_2024", "brinenet": "sato_brinenet_2021", "evil": "ost_script_2020"},
        {}, {"settings": {"length": "medium"}},
    )  # fmt: skip
