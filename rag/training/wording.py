"""Train the wording adapter: SmolLM2-135M learns to say in one sentence what given sentences mean.

    python -m rag.training.wording DIGESTS.jsonl --out FOLDER [--epochs 2] [--seed 1]

Each example holds a question, a title, two or three sentences of the abstract, and the sentence an
expert would write from them. The base weights are the very GGUF that runs, de-quantised; the prompt
is the very prompt that runs (`prompts/digest.txt`). Low-rank adapters (Hu et al. 2021) on all linear
layers, loss on the answer only, papers held out by a hash of their id. Written as a GGUF adapter,
which llama.cpp loads beside the base. Needs the extra `train` (peft, gguf, accelerate).
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import random
import time
from pathlib import Path
from typing import Any

import torch

from index.cleaning import readable
from prompts.templates import render
from rag.models import bundled_llm_path

RANK = 16
ALPHA = 32
LEARNING_RATE = 4e-4
BATCH = 8
MAX_TOKENS = 512
HELD_OUT = 8  # one paper in eight
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]

log = logging.getLogger(__name__)


def main(argv: list[str] | None = None) -> int:
    """Train, write `wording.gguf` and `wording.json` (settings and losses) into the folder."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("digests", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    lines = args.digests.read_text(encoding="utf-8").splitlines()
    examples = [json.loads(line) for line in lines if line.strip()]
    kept = [e for e in examples if not held_out(e["id"])]
    tokenizer, model = load_base()
    losses = train(model, [encode(tokenizer, e) for e in kept], args.epochs, tokenizer.eos_token_id)
    args.out.mkdir(parents=True, exist_ok=True)
    write_adapter(model, args.out / "wording.gguf")
    record = {
        "examples": len(kept), "held_out": len(examples) - len(kept), "epochs": args.epochs,
        "seed": args.seed,
        "rank": RANK, "alpha": ALPHA, "learning_rate": LEARNING_RATE, "batch": BATCH, "losses": losses,
    }  # fmt: skip
    (args.out / "wording.json").write_text(json.dumps(record, indent=1), encoding="utf-8")
    return 0


def held_out(paper_id: str) -> bool:
    """Whether a paper is kept for measuring: decided by its id alone, so that it never changes."""
    return hashlib.sha256(paper_id.encode()).digest()[0] % HELD_OUT == 0


def prompt_of(example: dict[str, Any]) -> str:
    """The prompt that runs, filled with an example."""
    sentences = "\n".join(f"- {readable(s)}" for s in example["evidence"])
    return render(
        "digest", question=example["question"], title=readable(example["title"]), sentences=sentences
    )


def encode(tokenizer: Any, example: dict[str, Any]) -> tuple[list[int], int]:
    """Token ids of prompt and answer, and where the answer begins."""
    prompt = tokenizer(prompt_of(example).rstrip(), add_special_tokens=False).input_ids
    answer = tokenizer(" " + readable(example["digest"]), add_special_tokens=False).input_ids
    return (prompt + answer + [tokenizer.eos_token_id])[:MAX_TOKENS], len(prompt)


def load_base() -> tuple[Any, Any]:
    """The tokenizer and the de-quantised base with fresh adapters."""
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, AutoTokenizer

    path = bundled_llm_path()
    tokenizer = AutoTokenizer.from_pretrained(path.parent, gguf_file=path.name)
    base = AutoModelForCausalLM.from_pretrained(path.parent, gguf_file=path.name, dtype=torch.float32)
    config = LoraConfig(r=RANK, lora_alpha=ALPHA, target_modules=TARGETS, lora_dropout=0.05)
    return tokenizer, get_peft_model(base, config)


def train(model: Any, examples: list[tuple[list[int], int]], epochs: int, pad: int) -> list[float]:
    """Run the epochs; gives the mean loss of every twenty steps."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.01)
    steps = epochs * (len(examples) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1, (s + 1) / 10) * (1 - s / (steps + 1))
    )
    model.train()
    losses: list[float] = []
    recent: list[float] = []
    started = time.monotonic()
    for step, batch in enumerate(_batches(examples, epochs)):
        loss = _loss(model, batch, pad)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent.append(loss.item())
        if (step + 1) % 20 == 0:
            losses.append(round(sum(recent) / len(recent), 4))
            recent.clear()
            log.info(
                "step %d of %d, loss %.3f, %.0f s", step + 1, steps, losses[-1], time.monotonic() - started
            )
    return losses


def _batches(examples: list[tuple[list[int], int]], epochs: int) -> list[list[tuple[list[int], int]]]:
    """Batches of like length in random order, so that little is spent on padding."""
    batches = []
    for _ in range(epochs):
        order = sorted(examples, key=lambda e: len(e[0]) + random.random() * 30)
        epoch = [order[i : i + BATCH] for i in range(0, len(order) - BATCH + 1, BATCH)]
        random.shuffle(epoch)
        batches += epoch
    return batches


def _loss(model: Any, batch: list[tuple[list[int], int]], pad: int) -> torch.Tensor:
    """Mean cross-entropy of the answer tokens; the vocabulary is only scored where it counts."""
    longest = max(len(ids) for ids, _ in batch)
    ids = torch.full((len(batch), longest), pad)
    labels = torch.full((len(batch), longest), -100)
    mask = torch.zeros((len(batch), longest), dtype=torch.long)
    for row, (tokens, start) in enumerate(batch):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        labels[row, start : len(tokens)] = torch.tensor(tokens[start:])
        mask[row, : len(tokens)] = 1
    wanted = labels[:, 1:] != -100  # position t predicts token t + 1
    base = model.get_base_model()
    with torch.autocast("cpu", torch.bfloat16):
        hidden = base.model(input_ids=ids, attention_mask=mask).last_hidden_state[:, :-1][wanted]
        logits = base.lm_head(hidden)
    return torch.nn.functional.cross_entropy(logits.float(), labels[:, 1:][wanted])


def write_adapter(model: Any, path: Path) -> None:
    """The adapters as a GGUF file in float16.

    llama.cpp stores the rows of q and k in another order than transformers (rotary halves
    interleaved), so the rows of their B matrices are permuted on the way out.
    """
    import gguf
    import numpy as np

    names = {
        "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
    }  # fmt: skip
    config = model.config
    heads = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", float(ALPHA))
    for name, tensor in model.named_parameters():
        if "lora_" not in name:
            continue
        layer, rest = name.split(".layers.")[1].split(".", 1)
        module, side = rest.split(".lora_")
        target = names[module]
        weights = tensor.detach().float().numpy()
        if side.startswith("B") and target in heads:
            n = heads[target]
            weights = (
                weights.reshape(n, 2, weights.shape[0] // n // 2, -1).swapaxes(1, 2).reshape(weights.shape)
            )
        side = "lora_a" if side.startswith("A") else "lora_b"
        writer.add_tensor(
            f"blk.{layer}.{target}.weight.{side}", np.ascontiguousarray(weights, dtype=np.float16)
        )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    raise SystemExit(main())
