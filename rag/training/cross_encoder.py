"""Train the cross-encoder: does a paper support a claim, refute it, answer a question, bear on a topic?

    python -m rag.training.cross_encoder EVAL_FOLDER --out FILE [--pairs N] [--seed 7]

EVAL_FOLDER holds `train_survey`, `train_digest`, `scifact` and `pubmedqa`. Text and paper go through
the bundled encoder together, adapted on all linear layers; `rag.training.lessons` says what it sees in
which order. Each sentence is scored by the mean of its tokens, the paper by the first token and the
strongest sentence together. All of `train_survey`'s claims and facts, an eighth of its questions, a
quarter of PubMedQA's papers and a fifth of SciFact's are never trained on; what they give is logged at
the end. Runs on a GPU where there is one. A processor spends half of the time on fresh memory unless
MALLOC_MMAP_THRESHOLD_ and MALLOC_TRIM_THRESHOLD_ are large.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import logging
import random
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader

from rag.models import bundled_embedder_path
from rag.training.batches import ANSWERS, RELEVANT, SIDES, Batch, Stream, Tokens
from rag.training.lessons import Lessons
from rag.training.low_rank import Embedder, adapted_encoder, optimizing, parts, tensors
from rag.training.pairs import (
    COLUMNS,
    Pair,
    Text,
    read_contrasts,
    read_digests,
    read_graded,
    read_own,
    read_pool,
    read_pubmedqa,
    read_scifact,
    read_survey,
    with_priors,
)  # fmt: skip

RANK = 64
PAPER, SENTENCE = 5, 4  # outputs: supports, refutes, neutral, answers, bears on; of a sentence but neutral
_FIRST = 0.3  # share of the pairs that are mostly papers' own sentences
_ANSWERED, _BEARS = 3, 4  # columns of a paper's scores

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """What a device bears: pairs in all and a step, learning rate, processes that make batches."""

    pairs: int
    batch: int
    rate: float
    workers: int
    dropout: float


PROCESSOR = Pace(60_000, 16, 6e-4, 0, 0.0)
GPU = Pace(900_000, 128, 8e-4, 14, 0.1)


class CrossEncoder(nn.Module):
    """The adapted encoder and its heads; see `rag.cross_encoder`. :param base: folder of the encoder."""

    def __init__(self, base: str | None = None, rank: int = RANK, dropout: float = 0.0) -> None:
        super().__init__()
        base = base or str(bundled_embedder_path())
        self.tokens = Tokens(base)
        self.encoder = adapted_encoder(rank, base, dropout)
        width = self.encoder.config.hidden_size
        self.paper = nn.Linear(width, PAPER)
        self.sentence = nn.Linear(width, SENTENCE)

    def forward(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Logits of papers, (pairs, PAPER), and of sentences, (pairs, places, SENTENCE), -inf if absent."""
        states = self.encoder(input_ids=batch.ids, attention_mask=batch.mask).last_hidden_state.float()
        count = batch.decide.shape[1]
        member = functional.one_hot(batch.places + 1, count + 1)[..., 1:].float()  # (pairs, tokens, places)
        held = member.sum(1)
        means = torch.einsum("pts,pth->psh", member, states) / held.clamp(min=1)[..., None]
        sentences = self.sentence(means).masked_fill((held == 0)[..., None], -torch.inf)
        strongest = torch.logsumexp(sentences, 1)
        whole = self.paper(states[:, 0])
        sides = [whole[:, 0] + strongest[:, 0], whole[:, 1] + strongest[:, 1], whole[:, 2]]
        rest = [whole[:, 3] + strongest[:, 2], whole[:, 4] + strongest[:, 3]]
        return torch.stack([*sides, *rest], 1), sentences

    def save(self, file: Path) -> None:
        """Write the adapter in the form `index.adapters` and `rag.cross_encoder` read."""
        from safetensors.torch import save_file

        kept = tensors(self.encoder)
        for part, layer in (("paper", self.paper), ("sentence", self.sentence)):
            kept |= {f"head.{part}.{n}": v.detach().half().contiguous() for n, v in layer.named_parameters()}
        save_file({name: value.cpu() for name, value in kept.items()}, file)

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


def main(argv: list[str] | None = None) -> int:
    """Train, write the adapter, log what the pairs held out give."""
    args = _arguments(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", force=True)
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    pace = GPU if device.type == "cuda" else PROCESSOR
    pace = replace(
        pace, **{k: v for k in ("pairs", "rate", "dropout", "workers") if (v := getattr(args, k)) is not None}
    )
    pool = read_pool(args.folder / "train_survey" / "pool.jsonl.gz")
    labels, topics, held, measured_topics = split(args.folder, pool)
    ours = {pair.paper.id for pair in held["claims"] + held["questions"]}
    ours |= {pair.paper.id for topic in measured_topics for pair in topic}
    digests = read_digests(args.folder / "train_digest" / "digests.jsonl", pool)
    papers = [p for p in pool.values() if 4 <= len(p.sentences) <= 16 and p.id not in ours]
    labels += [pair for pair in digests if pair.paper.id not in ours]
    log.info("%d labels, %d topics, %d papers", len(labels), len(topics), len(papers))
    base = args.base or str(bundled_embedder_path())
    taught = Lessons(labels, topics, papers, Embedder(base, device).encode)
    model = CrossEncoder(base, args.rank, pace.dropout).to(device)
    log.info("%s on %s", pace, device)
    train(model, taught, pace, args.seed, args.out)
    model.save(args.out)
    for name, pairs in held.items():
        log.info("held out, %s: %s", name, measured(model, pairs))
    log.info("held out, topics: mean area under the curve of core papers %.3f", area(model, measured_topics))
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--base", help="folder of the encoder; the bundled one if not given")
    parser.add_argument("--rank", type=int, default=RANK)
    parser.add_argument("--pairs", type=int, help="how many are seen, repeated ones counted each time")
    parser.add_argument("--rate", type=float)
    parser.add_argument("--dropout", type=float)
    parser.add_argument("--workers", type=int)
    return parser.parse_args(argv)


def split(
    folder: Path, pool: Mapping[str, Text]
) -> tuple[list[Pair], list[list[Pair]], dict[str, list[Pair]], list[list[Pair]]]:
    """The pairs and topics to train on, SciFact's and PubMedQA's pairs twice; pairs, by name, and topics
    held out.
    """
    papers, asked = read_pubmedqa(folder / "pubmedqa" / "dev500.json")
    scifact = read_scifact(folder / "scifact")
    survey = read_survey(folder / "train_survey" / "labels.jsonl", pool)
    known = {**{p.paper.id: p.paper for p in scifact}, **pool, **papers}
    own, contrasts = read_own(known), read_contrasts(known)
    graded = read_graded(folder / "train_survey" / "labels.jsonl", pool)
    clinical = {id for id in papers if _fold(id, 4) == 0}
    topics = [topic for topic in graded if _fold(topic[0].text, 8) == 0]
    held = {
        "claims": [p for p in survey if p.side is not None],
        "questions": [p for p in survey if p.side is None],
        "PubMedQA": [p for p in asked if p.paper.id in clinical],
        "clinical claims": [p for p in own if p.paper.id in clinical and p.side is not None],
        "SciFact": [p for p in scifact if _fold(p.paper.id, 5) == 0],
    }
    kept = clinical | {p.paper.id for p in survey} | {p.paper.id for p in held["SciFact"]}
    kept |= {p.paper.id for topic in topics for p in topic}
    labels = with_priors([p for p in own if p.paper.id not in kept])
    labels += [p for p in contrasts if p.paper.id not in kept]
    labels += 2 * [p for p in asked if p.paper.id not in kept]
    labels += 2 * [p for p in scifact if p.paper.id not in kept]
    rest = [[p for p in topic if p.paper.id not in kept] for topic in graded if _fold(topic[0].text, 8) != 0]
    return labels, [topic for topic in rest if len({p.grade for p in topic}) > 1], held, topics


def measured(model: CrossEncoder, pairs: Sequence[Pair]) -> str:
    """Accuracy of the three sides and of two where one is taken; or the area under the curve of answers."""
    papers, sentences = judged(model, pairs)
    columns = [SIDES, SIDES + 1] if pairs[0].side is not None else [ANSWERS]
    chosen = [int(np.logaddexp.reduce(found[1:, columns], axis=1).argmax()) for found in sentences]
    hits = [n in pair.places for pair, n in zip(pairs, chosen, strict=True) if pair.places]
    first = f"; a deciding sentence first {np.mean(hits):.3f}" if hits else ""
    if pairs[0].side is None:
        answered = np.array([bool(pair.answered) for pair in pairs])
        above = papers[answered, _ANSWERED][:, None] > papers[~answered, _ANSWERED][None]
        return f"area under the ROC curve of answered {above.mean():.3f}{first}"
    sides = np.array([COLUMNS[pair.side] for pair in pairs if pair.side is not None])
    three = (papers[:, :3].argmax(1) == sides).mean()
    two = (papers[sides < 2, :2].argmax(1) == sides[sides < 2]).mean()
    return f"{len(pairs)} pairs, three sides right {three:.3f}, for or against {two:.3f}{first}"


def area(model: CrossEncoder, topics: Sequence[Sequence[Pair]]) -> float:
    """Mean over questions of the area under the ROC curve of grade 2 against the rest."""
    areas = []
    for topic in topics:
        bears = judged(model, topic)[0][:, _BEARS]
        core = np.array([pair.grade == 2 for pair in topic])
        if core.any() and not core.all():
            areas.append((bears[core][:, None] > bears[~core][None]).mean())
    return float(np.mean(areas))


def _fold(id: str, folds: int) -> int:
    return int(hashlib.sha256(id.encode()).hexdigest(), 16) % folds


def loss_of(model: CrossEncoder, batch: Batch) -> Tensor:
    """Cross-entropy of sides, answers, order, and of the sentences that decide; the mean of the rows."""
    papers, sentences = model(batch)
    claims, questions = batch.side >= 0, batch.answered >= 0
    sides = functional.cross_entropy(
        papers[claims, :3] + batch.prior[claims], batch.side[claims], label_smoothing=0.05, reduction="sum"
    )
    answers = functional.binary_cross_entropy_with_logits(
        papers[questions, _ANSWERED] + batch.prior[questions, 0],
        batch.answered[questions].float(),
        reduction="sum",
    )
    total: Tensor = (
        sides + answers + _order_loss(papers[:, _BEARS], batch) + 0.5 * _place_loss(sentences, batch)
    )
    return total / len(batch)


def _order_loss(bears: Tensor, batch: Batch) -> Tensor:
    """Logistic loss of pairs of unlike grades beside one text, weighted by how unlike, a row's share."""
    graded = batch.grade >= 0
    same = (batch.topic[:, None] == batch.topic[None]) & graded[:, None] & graded[None]
    apart = (batch.grade[:, None] - batch.grade[None]).clamp(min=0) * same
    losses = functional.softplus(bears[None] - bears[:, None]) * apart
    return losses.sum() / apart.sum().clamp(min=1) * graded.sum()


def _place_loss(sentences: Tensor, batch: Batch) -> Tensor:
    """How improbable the sentences that decide are among those of their paper."""
    ways = torch.stack(
        [torch.logsumexp(sentences[..., :2], 2), sentences[..., ANSWERS], sentences[..., RELEVANT]], 2
    )
    way = (batch.column - 1).clamp(min=0)
    shares = ways.gather(2, way[:, None, None].expand(-1, ways.shape[1], 1)).squeeze(2).log_softmax(1)
    told = batch.decide.any(1)
    return -torch.logsumexp(shares.masked_fill(~batch.decide, -torch.inf)[told], 1).sum()


def train(model: CrossEncoder, taught: Lessons, pace: Pace, seed: int, out: Path) -> None:
    """Show it `pace.pairs`, saving to `out` on the way; the learning rate rises, then falls to nothing."""
    adapter = [p for p in model.encoder.parameters() if p.requires_grad]
    head = [*model.paper.parameters(), *model.sentence.parameters()]
    steps = pace.pairs // pace.batch
    optimizer, schedule = optimizing(adapter, head, pace.rate, 2, steps, rise=max(30, steps // 50))
    model.train()
    device = next(model.paper.parameters()).device
    recent, begun = [], time.monotonic()
    for step, batch in enumerate(_shown(model.tokens, taught, pace, steps, seed), 1):
        loss = loss_of(model, batch.to(device))
        loss.backward()
        torch.nn.utils.clip_grad_norm_([*adapter, *head], 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent.append(loss.detach())
        if step % max(50, steps // 40) == 0:
            pairs = step * pace.batch / (time.monotonic() - begun)
            log.info("step %d of %d, loss %.3f, %.0f pairs/s", step, steps, torch.stack(recent).mean(), pairs)
            recent.clear()
        if step % max(200, steps // 8) == 0:
            model.save(out)


def _shown(tokens: Tokens, taught: Lessons, pace: Pace, steps: int, seed: int) -> Iterable[Batch]:
    """The batches of both parts, one after the other."""
    first = int(steps * _FIRST)
    for number, (count, begins) in enumerate(((first, True), (steps - first, False))):
        stream = Stream(partial(taught.batches, pace.batch, begins), tokens, seed + number)
        loader = DataLoader(stream, batch_size=None, num_workers=pace.workers, pin_memory=pace.workers > 0)
        yield from itertools.islice(loader, count)


def judged(model: CrossEncoder, pairs: Sequence[Pair]) -> tuple[np.ndarray, list[np.ndarray]]:
    """Logits of papers (pairs, PAPER), and of sentences, (sentences, SENTENCE) each, the title first."""
    model.eval()
    device = next(model.paper.parameters()).device
    papers, sentences = [], []
    order = sorted(range(len(pairs)), key=lambda n: sum(map(len, pairs[n].paper.sentences)))
    with torch.inference_mode():
        for n in range(0, len(order), 16):
            whole, parts = model(model.tokens.batch([pairs[i] for i in order[n : n + 16]]).to(device))
            papers += list(whole.cpu().numpy())
            sentences += list(parts.cpu().numpy())
    back = np.argsort(order)
    return np.stack([papers[i] for i in back]), [sentences[i] for i in back]


if __name__ == "__main__":
    raise SystemExit(main())
