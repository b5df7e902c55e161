"""Train the cross-encoder: does a paper support a claim, refute it, answer a question?

    python -m rag.training.cross_encoder EVAL_FOLDER --out FILE [--seed 7]

EVAL_FOLDER holds `train_survey`, `train_digest`, `scifact` and `pubmedqa`. Claim and paper go through
the bundled encoder together, adapted on all linear layers; `rag.training.lessons` says what it sees in
which order. Each sentence is scored by the mean of its tokens, the paper by the first token and the
strongest sentence together. All of `train_survey`'s claims and facts, a quarter of PubMedQA's papers
and a fifth of SciFact's are never trained on; what they give is logged at the end. A processor spends
half of the time on fresh memory unless MALLOC_MMAP_THRESHOLD_ and MALLOC_TRIM_THRESHOLD_ are large.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import logging
import random
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from rag.embedder import load_encoder
from rag.models import bundled_embedder_path
from rag.stance import Side
from rag.training.lessons import Lessons, batched
from rag.training.low_rank import adapted_encoder, optimizing, parts, tensors
from rag.training.pairs import (
    COLUMNS,
    Pair,
    Text,
    read_digests,
    read_own,
    read_pool,
    read_pubmedqa,
    read_scifact,
    read_survey,
    with_priors,
)  # fmt: skip

RANK, LEARNING_RATE = 64, 8e-4
TOKENS, FIRST_TOKENS = 384, 80
BATCH, MOST_TOKENS = 32, 6200
SAVED = 200  # steps between two savings of what stands
STAGES = (  # steps on papers' own sentences, epochs of the labels, and whether close to what decides
    (120, 0.2, False),
    (0, 1.0, False),
    (0, 2.3, True),
)
PAPER, SENTENCE = 4, 3  # outputs: supports, refutes, neutral, answers; and of a sentence all but neutral
ANSWERS = 3

log = logging.getLogger(__name__)


class CrossEncoder(nn.Module):
    """The adapted encoder and its heads; see `rag.cross_encoder`."""

    def __init__(self) -> None:
        from transformers import AutoTokenizer

        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(bundled_embedder_path())
        self.encoder = adapted_encoder(RANK)
        width = self.encoder.config.hidden_size
        self.paper = nn.Linear(width, PAPER)
        self.sentence = nn.Linear(width, SENTENCE)

    def forward(self, pairs: Sequence[Pair]) -> tuple[Tensor, Tensor]:
        """Logits of papers, (pairs, PAPER), and of sentences, (pairs, places, SENTENCE), -inf if absent."""
        rows, places = zip(*map(self.tokens, pairs), strict=True)
        length = _padded(max(map(len, rows)))
        ids = torch.tensor([[*row, *[0] * (length - len(row))] for row in rows])
        where = torch.tensor([[*row, *[-1] * (length - len(row))] for row in places])
        mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        count = int(where.max()) + 1
        member = functional.one_hot(where + 1, count + 1)[..., 1:].float()  # (pairs, tokens, sentences)
        held = member.sum(1)
        means = torch.einsum("pts,pth->psh", member, states) / held.clamp(min=1)[..., None]
        sentences = self.sentence(means).masked_fill((held == 0)[..., None], -torch.inf)
        strongest = torch.logsumexp(sentences, 1)
        whole = self.paper(states[:, 0])
        joined = torch.stack(
            [
                whole[:, 0] + strongest[:, 0],
                whole[:, 1] + strongest[:, 1],
                whole[:, 2],
                whole[:, 3] + strongest[:, 2],
            ],
            1,
        )
        return joined, sentences

    def save(self, file: Path) -> None:
        """Write the adapter in the form `index.adapters` and `rag.cross_encoder` read."""
        from safetensors.torch import save_file

        kept = tensors(self.encoder)
        for part, layer in (("paper", self.paper), ("sentence", self.sentence)):
            kept |= {f"head.{part}.{n}": v.detach().half().contiguous() for n, v in layer.named_parameters()}
        save_file(kept, file)

    def load(self, file: Path) -> None:
        """Go on from what `save` wrote."""
        from safetensors.torch import load_file

        with torch.no_grad():
            found = load_file(file)
            for name, value in parts(self.encoder).items():
                value.copy_(found[name])
            for part, layer in (("paper", self.paper), ("sentence", self.sentence)):
                for name, value in layer.named_parameters():
                    value.copy_(found[f"head.{part}.{name}"])

    def tokens(self, pair: Pair) -> tuple[list[int], list[int]]:
        """Token ids of both, and the sentence each is of: 0 the title, from 1 the abstract's, else -1."""
        said = self.tokenizer(pair.text, truncation=True, max_length=FIRST_TOKENS).input_ids
        ids, places = list(said), [-1] * len(said)
        for place, text in enumerate((pair.paper.title, *pair.paper.sentences)):
            new = self.tokenizer(text, add_special_tokens=False).input_ids[: TOKENS - 1 - len(ids)]
            ids += new
            places += [place] * len(new)
        return [*ids, self.tokenizer.sep_token_id], [*places, -1]


def main(argv: list[str] | None = None) -> int:
    """Train, write the adapter, log what the pairs held out give."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", force=True)
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    pool = read_pool(args.folder / "train_survey" / "pool.jsonl.gz")
    labels, held = split(args.folder, pool)
    ours = {pair.paper.id for pair in held["claims"] + held["questions"]}
    paraphrases = [
        pair
        for pair in read_digests(args.folder / "train_digest" / "digests.jsonl", pool)
        if pair.paper.id not in ours
    ]
    papers = [p for p in pool.values() if 4 <= len(p.sentences) <= 16 and p.id not in ours]
    taught = Lessons(labels + paraphrases, paraphrases, papers, load_encoder(), rng)
    model = CrossEncoder()
    for number, (first, epochs, close) in enumerate(STAGES, 1):
        seen = taught.stage(first * BATCH, close)
        steps = first + int((len(labels) + len(paraphrases)) * epochs / BATCH)
        log.info("stage %d of %d: %d steps", number, len(STAGES), steps)
        train(model, batched(seen, BATCH, rng), steps, args.out)
    model.save(args.out)
    for name, pairs in held.items():
        log.info("held out, %s: %s", name, measured(model, pairs))
    return 0


def split(folder: Path, pool: Mapping[str, Text]) -> tuple[list[Pair], dict[str, list[Pair]]]:
    """The pairs to train on, SciFact's and PubMedQA's twice, and those held out, by name."""
    papers, asked = read_pubmedqa(folder / "pubmedqa" / "dev500.json")
    own = read_own({**pool, **papers})
    survey = read_survey(folder / "train_survey" / "labels.jsonl", pool)
    scifact = read_scifact(folder / "scifact")
    kept = {id for id in papers if _fold(id, 4) == 0}
    held = {
        "claims": [p for p in survey if p.side is not None],
        "questions": [p for p in survey if p.side is None],
        "PubMedQA": [p for p in asked if p.paper.id in kept],
        "clinical claims": [p for p in own if p.paper.id in kept and p.side is not None],
        "SciFact": [p for p in scifact if _fold(p.paper.id, 5) == 0],
    }
    labels = with_priors([p for p in own if p.paper.id not in kept])
    labels += 2 * [p for p in asked if p.paper.id not in kept]
    labels += 2 * [p for p in scifact if _fold(p.paper.id, 5) != 0]
    return labels, held


def measured(model: CrossEncoder, pairs: Sequence[Pair]) -> str:
    """Accuracy of the three sides and of two where one is taken; or the area under the curve of answers."""
    papers, sentences = judged(model, pairs)
    columns = [0, 1] if pairs[0].side is not None else [2]
    chosen = [int(np.logaddexp.reduce(found[1:, columns], axis=1).argmax()) for found in sentences]
    hits = [n in pair.places for pair, n in zip(pairs, chosen, strict=True) if pair.places]
    first = f"; a deciding sentence first {np.mean(hits):.3f}" if hits else ""
    if pairs[0].side is None:
        answered = np.array([bool(pair.answered) for pair in pairs])
        above = papers[answered, ANSWERS][:, None] > papers[~answered, ANSWERS][None]
        return f"area under the ROC curve of answered {above.mean():.3f}{first}"
    sides = np.array([COLUMNS[pair.side] for pair in pairs if pair.side is not None])
    three = (papers[:, :3].argmax(1) == sides).mean()
    two = (papers[sides < 2, :2].argmax(1) == sides[sides < 2]).mean()
    return f"{len(pairs)} pairs, three sides right {three:.3f}, for or against {two:.3f}{first}"


def _fold(id: str, folds: int) -> int:
    return int(hashlib.sha256(id.encode()).hexdigest(), 16) % folds


def loss_of(model: CrossEncoder, pairs: Sequence[Pair]) -> Tensor:
    """Cross-entropy of the papers' sides and answers, and of the sentences that decide."""
    papers, sentences = model(pairs)
    losses = []
    for pair, whole, scores in zip(pairs, papers, sentences, strict=True):
        if pair.side is not None:
            sides = whole[:3] + torch.tensor(pair.prior) if pair.prior else whole[:3]
            losses.append(
                functional.cross_entropy(sides, torch.tensor(COLUMNS[pair.side]), label_smoothing=0.05)
            )
            scores = torch.logsumexp(scores[:, :2], 1)
        else:
            answers = whole[ANSWERS] + (pair.prior[0] if pair.prior else 0.0)
            wanted = torch.tensor(float(bool(pair.answered)))
            losses.append(functional.binary_cross_entropy_with_logits(answers, wanted))
            scores = scores[:, 2]
        read = [p + 1 for p in pair.places if p + 1 < len(scores) and torch.isfinite(scores[p + 1])]
        if read and pair.side is not Side.NEUTRAL:
            losses.append(-0.5 * torch.logsumexp(scores.log_softmax(0)[read], 0))
    return torch.stack(losses).sum() / len(pairs)


def train(
    model: CrossEncoder,
    batches: Iterator[list[Pair]],
    steps: int,
    out: Path,
) -> None:
    """Run the steps, saving to `out` on the way; the learning rate rises for 30, then falls to nothing."""
    adapter = [p for p in model.encoder.parameters() if p.requires_grad]
    head = [*model.paper.parameters(), *model.sentence.parameters()]
    optimizer, schedule = optimizing(adapter, head, LEARNING_RATE, 2, steps, rise=30)
    model.train()
    recent, begun = [], time.monotonic()
    for step, batch in enumerate(itertools.islice(batches, steps), 1):
        total = 0.0
        for few in _in_memory(model, batch):
            loss = loss_of(model, few) * (len(few) / len(batch))
            loss.backward()
            total += loss.item()
        torch.nn.utils.clip_grad_norm_([*adapter, *head], 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent.append(total)
        if step % 50 == 0:
            seconds = (time.monotonic() - begun) / step
            log.info("step %d of %d, loss %.3f, %.2f s a step", step, steps, np.mean(recent), seconds)
            recent.clear()
        if step % SAVED == 0:
            model.save(out)


def _in_memory(model: CrossEncoder, batch: Sequence[Pair]) -> Iterator[Sequence[Pair]]:
    """The batch in parts of a power of two: few shapes, each of which costs its first use seconds."""
    length = _padded(max(len(model.tokens(pair)[0]) for pair in batch))
    size = 1 << (MOST_TOKENS // length).bit_length() - 1
    for at in range(0, len(batch), size):
        yield batch[at : at + size]


def _padded(length: int) -> int:
    return -(-length // 64) * 64


def judged(model: CrossEncoder, pairs: Sequence[Pair]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Logits of papers (pairs, PAPER), and of sentences, (sentences, SENTENCE) each, the title first."""
    model.eval()
    papers, sentences = [], []
    order = sorted(range(len(pairs)), key=lambda n: sum(map(len, pairs[n].paper.sentences)))
    with torch.inference_mode():
        for n in range(0, len(order), 16):
            whole, parts = model([pairs[i] for i in order[n : n + 16]])
            papers += list(whole.numpy())
            sentences += list(parts.numpy())
    back = np.argsort(order)
    return np.stack([papers[i] for i in back]), [sentences[i] for i in back]


if __name__ == "__main__":
    raise SystemExit(main())
