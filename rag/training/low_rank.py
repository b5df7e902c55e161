"""Low-rank adapters (Hu et al. 2021) for training: each linear layer's weight W becomes W + B A.

The sum is made once a step and the layer runs as ever, in bfloat16 and without dropout, which on a
processor is four times as fast as an adapter beside each layer. `tensors` gives what
`index.adapters` reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.utils import parametrize

from rag.models import bundled_embedder_path


class LowRank(nn.Module):
    """W → (W + B A) in bfloat16; W stays as it is, B begins at nothing."""

    def __init__(self, weight: Tensor, rank: int) -> None:
        super().__init__()
        out, into = weight.shape
        self.a = nn.Parameter(torch.randn(rank, into) / into**0.5)
        self.b = nn.Parameter(torch.zeros(out, rank))

    def forward(self, weight: Tensor) -> Tensor:
        """The adapted weight."""
        return (weight.float() + self.b @ self.a).to(torch.bfloat16)


def adapted_encoder(rank: int, base: str | None = None, dropout: float = 0.0) -> Any:
    """An encoder in bfloat16, frozen but for an adapter on every linear layer but the pooler.

    :param base: its folder; the bundled one if not given.
    """
    from transformers import AutoModel

    attention = "sdpa" if torch.cuda.is_available() else "eager"  # on a processor the plain way is faster
    encoder = AutoModel.from_pretrained(
        base or bundled_embedder_path(), attn_implementation=attention, add_pooling_layer=False
    )
    encoder.requires_grad_(False)
    for module in encoder.modules():
        if isinstance(module, nn.Dropout):
            module.p = dropout
    for module in list(encoder.encoder.modules()):
        if isinstance(module, nn.Linear):
            module.bias.data = module.bias.data.to(torch.bfloat16)
            parametrize.register_parametrization(module, "weight", LowRank(module.weight, rank), unsafe=True)
        elif isinstance(module, nn.LayerNorm):
            module.to(torch.bfloat16)
    encoder.embeddings.to(torch.bfloat16)
    return encoder


class Embedder:
    """The encoder as it comes, for what is near to what. :param base: its folder."""

    def __init__(self, base: str, device: torch.device) -> None:
        from transformers import AutoModel, AutoTokenizer

        self._tokenizer = AutoTokenizer.from_pretrained(base)
        self._encoder = AutoModel.from_pretrained(base, add_pooling_layer=False).to(device, torch.bfloat16)
        self._device = device

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit vectors (texts, width) of the first 64 tokens: titles and claims."""
        order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
        found = []
        for at in range(0, len(order), 256):
            read = self._tokenizer(
                [texts[n] for n in order[at : at + 256]],
                padding=True, truncation=True, max_length=64, return_tensors="pt",
            ).to(self._device)  # fmt: skip
            with torch.inference_mode():
                states = self._encoder(**read).last_hidden_state.float()
            summed = (states * read["attention_mask"][..., None]).sum(1)
            found.append(nn.functional.normalize(summed, dim=-1).cpu().numpy())
        return np.concatenate(found)[np.argsort(order)]


def optimizing(
    adapter: list[nn.Parameter], head: list[nn.Parameter], rate: float, faster: float, steps: int, rise: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    """AdamW, whose learning rate rises for `rise` steps, then falls to nothing; the head learns `faster`."""
    groups = [{"params": adapter, "lr": rate}, {"params": head, "lr": faster * rate}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / rise) * max(0.02, 1 - s / steps)
    )
    return optimizer, schedule


def parts(encoder: nn.Module) -> dict[str, nn.Parameter]:
    """The trained matrices by the names of `index.adapters`."""
    found = {}
    for name, value in encoder.named_parameters():
        if (end := name[-2:]) in (".a", ".b"):
            found[name.removesuffix(f"parametrizations.weight.0{end}") + "weight" + end] = value
    return found


def tensors(encoder: nn.Module) -> dict[str, Tensor]:
    """The adapter in the form of `index.adapters`, float16."""
    return {name: value.detach().half().contiguous() for name, value in parts(encoder).items()}
