"""Hidden states of tokens from the bundled encoder with an adapter: by NumPy at once, by torch in bulk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.encoders import Vectors, batches_by_length
from rag.models import EMBEDDER, bundled_embedder_path

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.minilm import MiniLMEncoder

_FEW_TOKENS = 4000  # encoded at once, instead of after the seconds that loading what is fast takes


class TokenEncoder(Protocol):
    """Token ids to last hidden states."""

    def hidden(self, texts: Sequence[list[int]]) -> list[Vectors]:
        """(tokens, width) float32 for each list of token ids."""
        ...


class ReadyEncoder:
    """A `TokenEncoder` that begins with one that is ready and goes on with one that is fast.

    :param small: ready at once, for a few texts.
    :param load_large: fast, for many; made when needed.
    """

    def __init__(self, small: TokenEncoder, load_large: Callable[[], TokenEncoder]) -> None:
        self._small = small
        self._load_large = load_large
        self._large: TokenEncoder | None = None

    def few(self, texts: Sequence[list[int]]) -> list[Vectors]:
        """By the one that is ready, however many they are."""
        lengths = [len(tokens) for tokens in texts]
        found: dict[int, Vectors] = {}
        for batch in batches_by_length(lengths, _FEW_TOKENS // 2, len(texts)):
            found |= zip(batch, self._small.hidden([texts[n] for n in batch]), strict=True)
        return [found[n] for n in range(len(texts))]

    def hidden(self, texts: Sequence[list[int]]) -> list[Vectors]:
        """See `TokenEncoder.hidden`; by the encoder that is done first."""
        if self._large is None and sum(map(len, texts)) <= _FEW_TOKENS:
            return self.few(texts)
        if self._large is None:
            self._large = self._load_large()
        return self._large.hidden(texts)


def ready_encoder(adapter: Path, base: MiniLMEncoder | None = None) -> ReadyEncoder:
    """The bundled encoder with an adapter. :param base: where it is loaded already; weights are shared."""
    from index.minilm import MiniLMEncoder

    folder = bundled_embedder_path()

    def large() -> TokenEncoder:
        from index.embedders import TransformersEncoder

        return TransformersEncoder(folder, revision=EMBEDDER.revision, adapter=adapter)

    return ReadyEncoder((base or MiniLMEncoder(folder, EMBEDDER.revision)).adapted(adapter), large)


def bundled_tokenizer() -> Tokenizer:
    """The tokenizer of the bundled encoder, neither padding nor cutting."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(bundled_embedder_path() / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
