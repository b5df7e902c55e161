"""Hybrid retrieval over the made-up papers: ranks, scores by name, filters, modes."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import bundled_encoder, shared_library

from index.library import Filter
from rag.retrieval import Mode, Retriever


@pytest.fixture(scope="module")
def retriever():
    return Retriever(shared_library(), bundled_encoder())


def ids(hits) -> list[str]:
    return [h.paper.id for h in hits]


@pytest.mark.parametrize("mode", list(Mode))
def test_the_paper_on_the_subject_is_first_in_every_mode(retriever, mode):
    hits = retriever.search("counting gulls in photographs", 5, mode)
    assert hits[0].paper.id == "gulls"
    assert [h.rank for h in hits] == list(range(1, len(hits) + 1))


def test_scores_keep_their_names_and_fall_with_the_rank(retriever):
    hits = retriever.search("forecasting harbour tides", 5)
    fused = [h.scores.fused for h in hits]
    assert fused == sorted(fused, reverse=True)
    assert all(0 <= f <= 1 for f in fused)
    assert hits[0].scores.lexical > 0
    assert all(h.scores.dense is not None and h.scores.rerank is None for h in hits)


def test_each_mode_has_its_own_scores_only(retriever):
    assert all(h.scores.lexical is None for h in retriever.search("tides", 5, Mode.DENSE))
    assert all(h.scores.dense is None for h in retriever.search("tides", 5, Mode.LEXICAL))


def test_dense_scores_are_exact_cosines(retriever):
    library, encoder = shared_library(), bundled_encoder()
    vector = encoder.encode_query("kelp in drone images")
    for hit in retriever.search("kelp in drone images", 9):
        exact = float(library.vectors([hit.chunk.id])[0] @ vector)
        assert hit.scores.dense == pytest.approx(exact, abs=1e-3)
        assert np.isfinite(hit.scores.fused)


def test_a_paper_comes_once(retriever):
    hits = retriever.search("harbour tides", 9)
    assert len(ids(hits)) == len(set(ids(hits)))


def test_a_hit_holds_the_text_of_its_place_and_looks_past_other_chunks_of_a_paper(retriever, monkeypatch):
    asked = []
    places = retriever.library.places
    monkeypatch.setattr(retriever.library, "places", lambda ids: places(asked.append(list(ids)) or asked[-1]))
    every = retriever.search("harbour tides", 50)
    for hit in every:
        assert hit.chunk == retriever.library.get_chunks([hit.chunk.id])[hit.chunk.id]
    asked.clear()
    assert ids(retriever.search("harbour tides", 2)) == ids(every)[:2]
    assert max(map(len, asked)) == 4


def test_papers_outside_a_filter_are_no_candidates(retriever):
    hits = retriever.search("forecasting harbour tides", 9, keep=Filter(year_from=2019, year_to=2021))
    assert set(ids(hits)) <= {"wavegan", "brinenet", "gulls"}
    assert hits[0].paper.id == "wavegan"
    assert retriever.search("tides", 9, keep=Filter(year_from=2050)) == []


def test_words_that_no_paper_has_still_find_the_nearest_by_meaning(retriever):
    hits = retriever.search("censuses of seabirds by mobile phones", 3, Mode.DENSE)
    assert hits[0].paper.id == "gulls"
    assert retriever.search("qqqq", 3, Mode.LEXICAL) == []


def test_k_bounds_the_hits(retriever):
    assert len(retriever.search("tides", 2)) == 2


@pytest.mark.parametrize("query", ["", "  ", "AND OR NOT", '"(', "a:b^2~", "\\textbf{tides}", "潮汐"])
def test_odd_queries_do_no_harm(retriever, query):
    assert len(retriever.search(query, 3)) <= 3


def test_the_commands_offer_the_modes_there_are():
    from rag.commands.options import MODES

    assert MODES == tuple(Mode)
