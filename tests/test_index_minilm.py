"""The NumPy encoder and the torch encoder are one model."""

import math

import numpy as np
import pytest

from index.embedders import AdaptiveEncoder, TransformersEncoder
from index.minilm import MAX_TOKENS, MiniLMEncoder, _gelu, _product
from rag.models import EMBEDDER, bundled_embedder_path

TEXTS = [
    "State space models in medical imaging",
    "A short one.",
    "Ärzte und Patienten: β-blockers reduce mortality by 12.5% (p < 0.05).",
    "word " * 600,
]


@pytest.fixture(scope="module")
def light() -> MiniLMEncoder:
    return MiniLMEncoder(bundled_embedder_path(), EMBEDDER.revision)


@pytest.fixture(scope="module")
def heavy() -> TransformersEncoder:
    return TransformersEncoder(bundled_embedder_path(), revision=EMBEDDER.revision, name="all-MiniLM-L6-v2")


def test_both_encoders_carry_the_same_identity(light, heavy):
    assert light.id == heavy.id
    assert (light.id.width, light.id.settings) == (384, f"mean/{MAX_TOKENS}")


def test_both_encoders_give_the_same_vectors(light, heavy):
    cosines = (light.encode(TEXTS) * heavy.encode(TEXTS)).sum(axis=1)
    assert cosines.min() >= 0.9999


def test_rows_are_unit_float32_in_the_order_of_the_texts(light):
    rows = light.encode(TEXTS)
    assert rows.dtype == np.float32
    assert rows.shape == (4, 384)
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    alone = np.stack([light.encode([text])[0] for text in TEXTS])
    assert np.abs(rows - alone).max() < 1e-5


@pytest.mark.parametrize("columns", [1, 26, 27])
@pytest.mark.parametrize("shape", [(384, 384), (1536, 384), (384, 1536), (35, 21)])
def test_a_product_in_blocks_is_the_product(shape, columns):
    numbers = np.random.default_rng(0)
    weight = numbers.standard_normal(shape, dtype=np.float32)
    x = numbers.standard_normal((shape[1], columns), dtype=np.float32)
    np.testing.assert_allclose(_product(weight, x), weight.astype(float) @ x, atol=1e-3)


def test_a_question_and_a_passage_of_the_same_words_have_the_same_vector(light):
    assert np.allclose(light.encode_query(TEXTS[0]), light.encode([TEXTS[0]])[0])


def test_meaning_decides_nearness(light):
    query = light.encode_query("heart attack")
    near, far = light.encode(["myocardial infarction", "tax law reform"])
    assert query @ near > 0.5 > query @ far


@pytest.mark.parametrize("x", [-6.0, -1.0, -0.1, 0.0, 0.5, 2.0, 8.0])
def test_gelu_is_x_times_the_normal_distribution(x):
    assert _gelu(np.float32([x]))[0] == pytest.approx(x * 0.5 * (1 + math.erf(x / math.sqrt(2))), abs=2e-6)


def test_small_jobs_never_load_the_large_encoder(light):
    def refuse():
        raise AssertionError("the large encoder was loaded")

    assert AdaptiveEncoder(light, refuse).encode(["a few words"]).shape == (1, 384)


def test_progress_counts_every_text(light):
    seen = []
    light.encode(TEXTS, lambda done, total: seen.append((done, total)))
    assert seen[-1] == (4, 4)
