"""Low-rank adapters (Hu et al. 2021) for training: each linear layer's weight W becomes W + B A.

The sum is made once a step and the layer runs as ever, in bfloat16 and without dropout, which on a
processor is four times as fast as an adapter beside each layer. `tensors` gives what
`index.adapters` reads.
"""

from __future__ import annotations

from typing import Any

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


def adapted_encoder(rank: int) -> Any:
    """The bundled encoder in bfloat16, frozen but for an adapter on every linear layer but the pooler."""
    from transformers import AutoModel

    encoder = AutoModel.from_pretrained(
        bundled_embedder_path(), attn_implementation="eager", add_pooling_layer=False
    )
    encoder.requires_grad_(False)
    for module in encoder.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
    for module in list(encoder.encoder.modules()):
        if isinstance(module, nn.Linear):
            module.bias.data = module.bias.data.to(torch.bfloat16)
            parametrize.register_parametrization(module, "weight", LowRank(module.weight, rank), unsafe=True)
        elif isinstance(module, nn.LayerNorm):
            module.to(torch.bfloat16)
    encoder.embeddings.to(torch.bfloat16)
    return encoder


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
