"""Findings set side by side, and what abstracts leave open or do not state."""

import numpy as np
import pytest

from index.types import Chunk, Hit, Paper, Scores
from rag.evidence import Candidate
from rag.findings import find_pairs
from rag.relevance import Judged
from rag.review.closing import agreements, gaps
from rag.review.document import Cell, Passage, ReviewStatement, Row, Table
from rag.sentences import SentenceSet
from rag.terms import content_stems
from rag.themes import find_themes


def candidate(paper_id: str, sentence: str, vector=(1.0, 0.0), title: str | None = None) -> Candidate:
    """A paper of one sentence with a vector of our own."""
    paper = Paper(paper_id, title, sentence)
    row = np.array([vector], dtype=np.float32)
    sentences = SentenceSet(
        ((0, len(sentence)),), (sentence,), (frozenset(content_stems(sentence)),), row, row[0]
    )
    hit = Hit(Chunk(1, paper_id, 0, len(sentence), sentence), paper, Scores(), 1)
    return Candidate(hit, sentences, Judged((0.5,), 0.5, 0.5, 0.5, 0.5))


LESS = "Results show that shading lowers the bleaching of reef corals."


def quote(paper: Candidate, place: int) -> ReviewStatement:
    text = paper.sentences.texts[place]
    return ReviewStatement(text, (Passage(paper.paper.id, 0, len(text), text),))


@pytest.mark.parametrize(
    ("other", "vector", "way"),
    [
        ("We found that shading reduces bleaching of reef corals.", (0.8, 0.6), True),
        ("We found that shading increases bleaching of reef corals.", (0.8, 0.6), False),
        ("We found that shading increases bleaching of reef corals.", (0.5, 0.866), None),  # not near
        ("We found that shading increases the growth of moss.", (0.8, 0.6), None),  # other words
        ("We found that shading colours the bleaching of reef corals.", (0.8, 0.6), None),  # no direction
        ("Shading increases bleaching of reef corals.", (0.8, 0.6), None),  # not told as a finding
        ("We propose a shade that results show reduces bleaching of reef corals.", (0.8, 0.6), None),
    ],
)
def test_findings_pair_where_they_speak_of_one_matter_in_a_direction(other, vector, way):
    pairs = list(find_pairs([candidate("a", LESS), candidate("b", other, vector)]))
    assert [p.same for p in pairs] == ([] if way is None else [way])


def test_a_disagreement_shows_both_sentences_with_their_citations():
    more = "We found that shading increases bleaching of reef corals."
    section = agreements([candidate("a", LESS), candidate("b", more, (0.8, 0.6))], quote)
    assert section is not None and [c.heading for c in section.children] == ["Findings that point apart"]
    assert [(s.text, s.cited) for s in section.children[0].statements] == [(LESS, ("a",)), (more, ("b",))]
    assert agreements([candidate("a", LESS)], quote) is None


def test_what_most_abstracts_do_not_state_is_counted():
    cell = Cell("40 reefs", Passage("a", 0, 5, "Resul"))
    table = Table(
        ("Data", "Limits"), (Row("a", (cell, None)), Row("b", (None, None)), Row("c", (None, None)))
    )
    section = gaps([candidate("a", LESS)], table, (), quote)
    assert section is not None
    assert [(s.text, s.cited) for s in section.statements] == [
        ("The size of the data was recognised in only one of the three abstracts.", ("a",)),
        ("Limits of the authors' own work were recognised in none of the three abstracts.", ()),
    ]


def test_what_an_abstract_leaves_open_is_told_unless_a_section_told_it():
    text = "Whether shade helps at night remains unclear."
    section = gaps([candidate("a", text)], Table(), (), quote)
    assert section is not None and [s.text for s in section.statements] == [text]
    assert gaps([candidate("a", text)], Table(), (section,), quote) is None
    offered = "Our release addresses what remains unclear to date about shade."
    assert gaps([candidate("a", offered)], Table(), (), quote) is None


def test_themes_are_groups_of_like_papers_named_by_what_they_share():
    kelp = [
        candidate(f"k{n}", "Giant kelp grows in cold water.", (1.0, 0.05 * n), "Giant kelp") for n in range(4)
    ]
    tide = [
        candidate(f"t{n}", "Harbour tides rise twice a day.", (0.05 * n, 1.0), "Harbour tides")
        for n in range(3)
    ]

    def encode(texts):
        return np.array([[1, 0] if "kelp" in t else [0, 1] for t in texts], dtype=np.float32)

    themes = find_themes("the sea", [*kelp, *tide], encode)
    assert [(t.name, [p.paper.id for p in t.papers]) for t in themes] == [
        ("Giant kelp", ["k0", "k1", "k2", "k3"]), ("Harbour tides", ["t0", "t1", "t2"]),
    ]  # fmt: skip
