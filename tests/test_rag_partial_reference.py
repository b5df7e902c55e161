"""Half-remembered references: identifiers, author and year, mistyped titles, and what it was about."""

from __future__ import annotations

import pytest
from fakes import build_library, bundled_encoder

from index.errors import UsageError
from index.types import Paper
from rag.bibliography import citation_key
from rag.partial_reference import ReferenceFinder
from rag.rarity import Rarity
from rag.retrieval import Retriever
from rag.spelling import Speller

PAPERS = (
    Paper(
        "r1", "Iterative follow-up questions for retrieval in veterinary medicine",
        "Vets ask again. We let a model ask follow-up questions before it answers.",
        authors=("Guo Xiang", "Ruth Zane"), year=2024, doi="10.5555/vet.2024.17", arxiv_id="2408.00727v2",
    ),
    Paper(
        "r2", "Lung ultrasound in dairy calves with pneumonia",
        "Ultrasound of the lung finds pneumonia in calves earlier than a stethoscope.",
        authors=("Müller, Änne",), year=2020, pmid="31234567",
    ),
    Paper(
        "r3", "Retrieval of lost sheep by drones",
        "Drones find sheep on moors. They retrieve 9 of 10 animals within an hour.",
        authors=("Xiang, Bo",), year=2019,
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def finder(tmp_path_factory):
    library = build_library(tmp_path_factory.mktemp("refs") / "library", PAPERS, bundled_encoder())
    retriever = Retriever(library, bundled_encoder())
    return ReferenceFinder(library, retriever, Speller(library), Rarity(library), citation_key)


@pytest.mark.parametrize(
    ("reference", "paper", "why"),
    [
        ("https://doi.org/10.5555/vet.2024.17.", "r1", "DOI 10.5555/vet.2024.17"),
        ("arXiv:2408.00727", "r1", "arXiv 2408.00727v2"),
        ("PMID 31234567", "r2", "PMID 31234567"),
        ("r3", "r3", "its key"),
        ("xiang_iterative_2024", "r1", "its key"),
        ("Xiang 2024 iterative retrieval medicine", "r1", "first author Guo Xiang"),
        ("Xiang 2019", "r3", "year 2019"),
        ("Zane et al. follow-up questions", "r1", "author Ruth Zane"),
        ("Muller 2021 calves", "r2", "first author Müller, Änne"),
        ("lung ultrasond in diary calves with pnuemonia", "r2", "the title, spelled a little differently"),
        ("that one about ultrasound and calves", "r2", "words ultrasound, calves"),
        ("the paper where flying robots look for animals", "r3", "words animals"),
    ],
)
def test_a_partial_reference_is_resolved_and_says_why(finder, reference, paper, why):
    first = finder.find(reference)[0]
    assert first.paper.id == paper
    assert why in first.why


def test_an_identifier_decides_alone(finder):
    assert [(m.paper.id, m.score) for m in finder.find("doi:10.5555/vet.2024.17")] == [("r1", 1.0)]


def test_scores_fall_and_stay_in_range(finder):
    scores = [m.score for m in finder.find("Xiang retrieval")]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= s <= 1 for s in scores)


def test_what_no_paper_fits_gives_nothing(finder):
    assert finder.find("Okonkwo 1987 tax law of medieval Genoa") == []


@pytest.mark.parametrize("reference", ["", "  ", "…", "x" * 501])
def test_nothing_to_look_for_is_refused(finder, reference):
    with pytest.raises(UsageError, match="ibid cite --ref"):
        finder.find(reference)


def test_the_json_form_names_key_and_reasons(finder):
    assert finder.find("Xiang 2019 drones")[0].to_dict()["key"] == "xiang_retrieval_2019"
