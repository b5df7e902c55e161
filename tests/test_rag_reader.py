"""The reader: relevance and sentences by late interaction, papers encoded once, hits put in a new order."""

from __future__ import annotations

import numpy as np
import pytest
from fakes import PAPERS, bundled_encoder, shared_library

from index.adapters import differences
from index.embedders import TransformersEncoder
from index.minilm import MiniLMEncoder
from index.sentences import split_sentences
from index.types import Chunk, Hit, Paper, Scores
from rag.cross_encoder import CrossReading
from rag.evidence import EvidenceFinder
from rag.models import EMBEDDER, bundled_embedder_path
from rag.rarity import Rarity
from rag.reader import ADAPTER, Reader, Reading, load_reader
from rag.relevance import Asked, Judge
from rag.rerank import rank_alike, rerank, rerank_topic
from rag.sentences import SentenceStore
from rag.token_states import ReadyEncoder

KELP = Paper(
    id="kelp",
    title="Satellite maps of kelp",
    abstract="Forests under water are hard to see. We map kelp from satellite images. Code is on request.",
)
TIDES = Paper(id="tides", title="Kelp and tides", abstract="Tides carry spores. We count them at sea.")
BREAD = Paper(
    id="bread",
    title="Sourdough at altitude",
    abstract="Bakers on mountains face thin air. We measure how dough rises. Loaves were scored by hand.",
)
QUESTION = "Which methods map kelp from space?"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return load_reader()


def test_the_paper_that_bears_on_the_question_is_more_relevant(reader):
    kelp, bread = reader.read(QUESTION, [KELP, BREAD])
    assert kelp.relevance > bread.relevance + 1


def test_the_sentence_that_carries_it_scores_highest_and_there_is_one_score_a_sentence(reader):
    (kelp,) = reader.read(QUESTION, [KELP])
    assert len(kelp.sentences) == 3
    assert int(np.argmax(kelp.sentences)) == 1
    assert all(-1 <= score <= 1 for score in kelp.sentences)


def test_what_a_paper_reads_as_does_not_depend_on_its_neighbours(reader):
    alone = load_reader().read(QUESTION, [KELP])[0]
    assert reader.read(QUESTION, [BREAD, KELP])[1].relevance == pytest.approx(alone.relevance, abs=0.05)


def test_papers_without_title_or_abstract_and_empty_questions_are_read(reader):
    bare = Paper(id="bare", title=None, abstract="A single sentence about kelp.")
    titled = Paper(id="titled", title="Kelp", abstract="")
    readings = reader.read(QUESTION, [bare, titled])
    assert [len(reading.sentences) for reading in readings] == [1, 0]
    assert all(np.isfinite(reading.relevance) for reading in reader.read("", [bare, titled]))
    assert reader.read(QUESTION, []) == []


def test_sentences_beyond_the_tokens_read_score_minus_one(reader):
    long = Paper(id="long", title="Long", abstract="Kelp grows in cold water off the coast. " * 60)
    (reading,) = reader.read(QUESTION, [long])
    assert len(reading.sentences) == 60
    assert reading.sentences[0] > 0
    assert reading.sentences[-1] == -1


class Counting:
    """A token encoder that counts the texts it is given."""

    def __init__(self, inner):
        self.inner, self.texts = inner, 0

    def hidden(self, texts):
        self.texts += len(texts)
        return self.inner.hidden(texts)


def test_a_paper_is_encoded_once_and_again_when_its_text_changed(reader):
    light = MiniLMEncoder(bundled_embedder_path(), EMBEDDER.revision).adapted(ADAPTER)
    counting = Counting(light)
    own = Reader(reader._tokenizer, ReadyEncoder(counting, lambda: counting))
    own.keep([KELP, BREAD])
    own.read(QUESTION, [KELP, BREAD])
    assert counting.texts == 2 + 1  # two papers, one question
    own.read(QUESTION, [Paper(id="kelp", title="Kelp", abstract="Another text.")])
    assert counting.texts == 3 + 2


def test_both_encoders_carry_the_same_adapter():
    folder = bundled_embedder_path()
    light = MiniLMEncoder(folder, EMBEDDER.revision).adapted(ADAPTER)
    heavy = TransformersEncoder(folder, revision=EMBEDDER.revision, adapter=ADAPTER)
    ids = [[101, 17710, 2361, 102], [101, 4449, 1997, 17710, 2361, 3224, 102]]
    for a, b in zip(light.hidden(ids), heavy.hidden(ids), strict=True):
        cosines = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
        assert cosines.min() >= 0.999
    plain = MiniLMEncoder(folder, EMBEDDER.revision).hidden(ids[:1])[0]
    assert np.abs(plain - light.hidden(ids[:1])[0]).max() > 0.01  # it does change something


def test_an_adapter_adds_the_product_of_its_parts(tmp_path):
    from safetensors.numpy import save_file

    a, b = np.array([[1.0, 2.0, 3.0]]), np.array([[10.0], [20.0]])
    save_file({"w.a": a.astype(np.float16), "w.b": b.astype(np.float16), "head": a}, tmp_path / "f")
    found = differences(tmp_path / "f")
    assert set(found) == {"w"}
    assert found["w"].tolist() == [[10, 20, 30], [20, 40, 60]]


class Fixed:
    """A reader whose relevance is looked up by paper id."""

    def __init__(self, **relevance: float) -> None:
        self._relevance = relevance

    def read(self, question, papers):
        return [
            Reading(self._relevance[p.id], (0.35,) * len(split_sentences(p.abstract)), 0.0) for p in papers
        ]


def hit(paper: Paper, rank: int, fused: float) -> Hit:
    chunk = Chunk(rank, paper.id, 0, len(paper.abstract), paper.abstract)
    return Hit(chunk, paper, Scores(0.5, 1.0, fused), rank)


def test_reranking_adds_the_normalised_reading_to_the_fused_score():
    third = Paper(id="third", title="Third", abstract="Kelp.")
    hits = [hit(BREAD, 1, 1.0), hit(KELP, 2, 0.4), hit(third, 3, 0.1)]
    # bread 1.0 + 0 = 1.0, kelp 0.4 + 1 = 1.4, third 0.1 + (6 - 2) / (10 - 2) = 0.6
    found = rerank(Fixed(bread=2.0, kelp=10.0, third=6.0), QUESTION, hits)
    assert [(h.rank, h.paper.id, h.scores.rerank, h.scores.fused) for h in found] == [
        (1, "kelp", 1.0, 0.4),
        (2, "bread", 0.0, 1.0),
        (3, "third", 0.5, 0.1),
    ]
    assert rerank(Fixed(), QUESTION, []) == []


class Together:
    """Gives papers a relevance in the order they come."""

    def __init__(self, *relevance):
        self.relevance = relevance

    def read(self, text, papers):
        return [
            CrossReading(0.3, 0.3, 0.4, 0.5, r, (1.0,), (1.0,), (1.0,))
            for r, _ in zip(self.relevance, papers, strict=False)
        ]


class Vectors:
    """A library of the vectors of its hits, in order."""

    def __init__(self, rows):
        self.rows = rows

    def vectors(self, chunk_ids):
        return np.array(self.rows[: len(chunk_ids)], dtype=np.float32)


def test_a_topic_is_ordered_by_what_was_read_together_and_a_statement_is_not():
    hits = [hit(BREAD, 1, 0.5), hit(KELP, 2, 0.5)]
    cross, library = Together(-5.0, 5.0), Vectors([[1.0, 0.0], [0.0, 1.0]])
    turned = rerank_topic(cross, library, "How is kelp mapped?", hits)  # type: ignore[arg-type]
    assert [(hit.paper.id, hit.rank) for hit in turned] == [("kelp", 1), ("bread", 2)]
    said = rerank_topic(cross, library, "Kelp grows in the cold.", hits)  # type: ignore[arg-type]
    assert [hit.paper.id for hit in said] == ["bread", "kelp"]
    assert rerank_topic(cross, library, "How is kelp mapped?", []) == []  # type: ignore[arg-type]


def test_of_topics_read_alike_the_paper_that_is_like_the_best_comes_first():
    hits = [hit(KELP, 1, 1.6), hit(BREAD, 2, 0.5), hit(TIDES, 3, 0.5)]
    library = Vectors([[1.0, 0.0], [0.0, 1.0], [1.0, 0.1]])
    turned = rerank_topic(Together(0.0, 0.0, 0.0), library, "How is kelp mapped?", hits)  # type: ignore[arg-type]
    assert [hit.paper.id for hit in turned] == ["kelp", "tides", "bread"]


def test_a_search_puts_a_paper_like_the_best_before_one_that_fits_as_well():
    hits = [hit(KELP, 1, 1.0), hit(BREAD, 2, 0.5), hit(TIDES, 3, 0.45)]
    found = rank_alike(Vectors([[1.0, 0.0], [0.0, 1.0], [1.0, 0.1]]), hits)  # type: ignore[arg-type]
    assert [(hit.paper.id, hit.rank) for hit in found] == [("kelp", 1), ("tides", 2), ("bread", 3)]
    assert [hit.scores.fused for hit in found] == [1.0, 0.45, 0.5]
    assert rank_alike(Vectors([]), []) == []  # type: ignore[arg-type]


def test_a_survey_orders_papers_with_the_readers_view_only_when_asked_to():
    rarity = Rarity(shared_library())
    far = {p.id: -9.0 for p in PAPERS} | {"gulls": 9.0}
    finder = EvidenceFinder(
        SentenceStore(bundled_encoder()),
        Judge(rarity),
        rarity,
        lambda: Fixed(**far),  # type: ignore[arg-type]
    )
    by_id = {p.id: p for p in PAPERS}
    hits = [hit(by_id["tidenet"], 1, 0.9), hit(by_id["gulls"], 2, 0.1)]
    question = "What methods map kelp forests?"
    asked = Asked.of(question, bundled_encoder().encode_query(question))
    assert [c.paper.id for c in finder.for_survey(asked, hits)] == ["tidenet", "gulls"]
    read = finder.for_survey(asked, hits, read=True)
    assert [(c.paper.id, c.hit.scores.rerank) for c in read] == [("gulls", 9.0), ("tidenet", -9.0)]
