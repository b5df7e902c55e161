"""The embedder by name: the bundled one, or one from a local folder or cached hub id."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from index.encoders import Encoder

if TYPE_CHECKING:
    from index.minilm import MiniLMEncoder


def load_encoder(name: str = "minilm") -> Encoder:
    """The encoder of that name; the bundled one runs small jobs at once and large ones in torch."""
    from index.embedders import AdaptiveEncoder, TransformersEncoder

    if name != "minilm":
        return TransformersEncoder(name)
    from rag.models import EMBEDDER, bundled_embedder_path

    small = minilm()

    def large() -> Encoder:
        return TransformersEncoder(bundled_embedder_path(), revision=EMBEDDER.revision, name=small.id.name)

    return AdaptiveEncoder(small, large)


@cache
def minilm() -> MiniLMEncoder:
    """The bundled embedder in NumPy; its weights are in memory once."""
    from index.minilm import MiniLMEncoder
    from rag.models import EMBEDDER, bundled_embedder_path

    return MiniLMEncoder(bundled_embedder_path(), EMBEDDER.revision)
