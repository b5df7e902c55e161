"""Train the reader: the bundled encoder learns which papers bear on a question, and by which sentence.

    python -m rag.training.reader SURVEY_FOLDER SCIFACT_FOLDER --out FILE [--steps 320] [--held-out 28]

SURVEY_FOLDER holds `labels.jsonl` (questions with papers graded 0 to 2 and key sentences) and
`pool.jsonl.gz` (id, title, abstract); SCIFACT_FOLDER the collection in BEIR form. A step is one survey
question (pairs of unlike grades by logistic loss; the key sentences by softmax over an abstract's) and
one SciFact claim against six near papers. Low-rank adapters (Hu et al. 2021) on all linear layers, scored
by late interaction as `rag.reader` does it.
MALLOC_MMAP_THRESHOLD_ and MALLOC_TRIM_THRESHOLD_ should be large, as for `rag.training.cross_encoder`.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from rag.embedder import load_encoder
from rag.models import bundled_embedder_path
from rag.training.low_rank import adapted_encoder, optimizing, tensors
from rag.training.pairs import LABELS, Text, read_pool

RANK, LEARNING_RATE = 16, 5e-4
PAPERS = 16  # of one survey question in a step
NEAR, AGAINST = 40, 6  # nearest papers of a claim that negatives are drawn from, and how many are
TOKENS, QUESTION_TOKENS = 208, 64
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z(])")  # as the labels number sentences

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Survey:
    """A question with graded papers and, for core ones, the key sentences' numbers."""

    question: str
    papers: tuple[tuple[Text, int, tuple[int, ...]], ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim with the papers that bear on it and near ones that do not."""

    text: str
    bearing: tuple[Text, ...]
    near: tuple[Text, ...]


class LateInteraction(nn.Module):
    """The adapted encoder and the head that weighs question tokens; see `rag.reader.Reader`."""

    def __init__(self) -> None:
        from transformers import AutoTokenizer

        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(bundled_embedder_path())
        self.encoder = adapted_encoder(RANK)
        self.importance = nn.Linear(self.encoder.config.hidden_size, 1)
        nn.init.zeros_(self.importance.weight)
        nn.init.zeros_(self.importance.bias)
        self.mix = nn.Parameter(torch.tensor([20.0, 10.0, 5.0]))  # all tokens, mean vectors, best sentence
        self.sentence_scale = nn.Parameter(torch.tensor(15.0))

    def forward(self, question: str, papers: Sequence[Text]) -> tuple[Tensor, Tensor]:
        """Relevance (papers,) and sentence scores (papers, places): place 0 the title, -inf if absent."""
        asked, there, _ = self._encode([question], QUESTION_TOKENS)
        states, mask, begins = self._encode([f"{p.title}\n\n{p.abstract}" for p in papers], TOKENS)
        query = asked[0][there[0]]
        weights = self.importance(query).squeeze(-1).softmax(0)
        cosines = torch.einsum(
            "qh,pth->pqt", functional.normalize(query, dim=-1), functional.normalize(states, dim=-1)
        )
        cosines = cosines.masked_fill(~mask[:, None], -1)
        place = _places(papers, begins, mask)
        where = place.clamp(min=0)[:, None].expand_as(cosines)
        shape = (len(papers), len(query), int(place.max()) + 1)
        nearest = torch.full(shape, -1.0).scatter_reduce(
            2, where, cosines.masked_fill((place < 0)[:, None], -1), "amax"
        )
        sentences = (nearest * weights[None, :, None]).sum(1)
        means = functional.normalize((states * mask[..., None]).sum(1), dim=-1)
        parts = torch.stack(
            [
                (cosines.amax(2) * weights).sum(1),
                means @ functional.normalize(query.mean(0), dim=0),
                sentences.amax(1),
            ]
        )
        absent = sentences <= -0.9
        return self.mix @ parts, (sentences * self.sentence_scale).masked_fill(absent, -torch.inf)

    def _encode(self, texts: list[str], tokens: int) -> tuple[Tensor, Tensor, Tensor]:
        read = self.tokenizer(
            texts, padding="max_length", truncation=True, max_length=tokens, return_offsets_mapping=True,
            return_tensors="pt",
        )  # fmt: skip
        states = self.encoder(input_ids=read.input_ids, attention_mask=read.attention_mask).last_hidden_state
        return states.float(), read.attention_mask.bool(), read.offset_mapping[..., 0]

    def save(self, file: Path) -> None:
        """Write the adapter in the form `index.adapters` and `rag.reader` read."""
        from safetensors.torch import save_file

        kept = tensors(self.encoder)
        kept["head.importance.weight"] = self.importance.weight.detach()[0].clone()
        kept["head.mix"] = self.mix.detach().clone()
        save_file({name: value.contiguous() for name, value in kept.items()}, file)


def main(argv: list[str] | None = None) -> int:
    """Train on all labels but those held out, write the adapter, log what the held-out ones give."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("survey", type=Path)
    parser.add_argument("scifact", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=320)
    parser.add_argument("--held-out", type=int, default=0, help="questions kept for measuring")
    parser.add_argument("--seed", type=int, default=7)
    args = parser.parse_args(argv)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    random.seed(args.seed)
    torch.manual_seed(args.seed)
    surveys = read_surveys(args.survey)
    random.shuffle(surveys)
    measured, trained = surveys[: args.held_out], surveys[args.held_out :]
    seen = {paper.abstract for survey in measured for paper, _, _ in survey.papers}
    trained = [Survey(s.question, tuple(p for p in s.papers if p[0].abstract not in seen)) for s in trained]
    model = LateInteraction()
    train(model, trained, read_claims(args.scifact), args.steps)
    model.save(args.out)
    if measured:
        log.info("held out, mean area under the curve of core papers: %.3f", area(model, measured))
    return 0


def read_surveys(folder: Path) -> list[Survey]:
    """The survey questions of `labels.jsonl` and those of `LABELS`, all about papers of the pool."""
    pool = read_pool(folder / "pool.jsonl.gz")
    rows = map(json.loads, (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines())
    graded = [
        (row["question"], [(p["id"], p["grade"], *p.get("sentences", ())) for p in row["labels"]])
        for row in rows
        if row["type"] == "survey"
    ]
    own = map(json.loads, (LABELS / "surveys.jsonl").read_text(encoding="utf-8").splitlines())
    graded += [(row["question"], [(i, grade, *sum(s, [])) for i, grade, *s in row["labels"]]) for row in own]
    return [
        Survey(question, tuple((pool[i], grade, tuple(keys)) for i, grade, *keys in papers))
        for question, papers in graded
    ]


def read_claims(folder: Path) -> list[Claim]:
    """The training claims of a BEIR folder, each with its nearest papers by the untrained encoder."""
    corpus = [json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines()]
    texts = {r["_id"]: Text.of(r["_id"], r["title"], r["text"]) for r in corpus}
    queries = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
    bearing: dict[str, set[str]] = {}
    for line in (folder / "qrels" / "train.tsv").read_text("utf-8").splitlines()[1:]:
        query, paper, _ = line.split("\t")
        bearing.setdefault(query, set()).add(paper)
    asked = [q for q in queries if q["_id"] in bearing]
    encoder = load_encoder()
    papers = encoder.encode([f"{r['title']}\n\n{r['text']}" for r in corpus])
    cosines = encoder.encode([q["text"] for q in asked]) @ papers.T
    ids = [r["_id"] for r in corpus]
    claims = []
    for query, row in zip(asked, cosines, strict=True):
        right = bearing[query["_id"]]
        near = [ids[i] for i in np.argsort(-row)[:NEAR] if ids[i] not in right]
        claims.append(
            Claim(query["text"], tuple(texts[i] for i in sorted(right)), tuple(texts[i] for i in near))
        )
    return claims


def train(model: LateInteraction, surveys: list[Survey], claims: list[Claim], steps: int) -> None:
    """Run the steps; the learning rate rises for 20 and then falls to nothing."""
    adapter = [p for p in model.encoder.parameters() if p.requires_grad]
    head = [*model.importance.parameters(), model.mix, model.sentence_scale]
    optimizer, schedule = optimizing(adapter, head, LEARNING_RATE, 5, steps, rise=20)
    model.train()
    recent: list[tuple[float, float]] = []
    for step, survey in enumerate(_in_turn(surveys, steps), 1):
        first = _survey_loss(model, survey)
        first.backward()
        second = 0.4 * _claim_loss(model, random.choice(claims))
        second.backward()
        torch.nn.utils.clip_grad_norm_(adapter, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        recent.append((first.item(), second.item()))
        if step % 40 == 0:
            log.info("step %d of %d, losses %.3f, %.3f", step, steps, *np.mean(recent, axis=0))
            recent.clear()


def area(model: LateInteraction, surveys: Sequence[Survey]) -> float:
    """Mean over questions of the area under the ROC curve of grade 2 against the rest."""
    model.eval()
    areas = []
    with torch.inference_mode():
        for survey in surveys:
            scores = model(survey.question, [paper for paper, _, _ in survey.papers])[0]
            core = torch.tensor([grade == 2 for _, grade, _ in survey.papers])
            if core.any() and not core.all():
                areas.append((scores[core][:, None] > scores[~core][None]).float().mean().item())
    return float(np.mean(areas))


def _in_turn(surveys: list[Survey], steps: int) -> Iterator[Survey]:
    bag: list[Survey] = []
    for _ in range(steps):
        if not bag:
            bag = random.sample(surveys, len(surveys))
        yield bag.pop()


def _survey_loss(model: LateInteraction, survey: Survey) -> Tensor:
    # marginal papers (grade 1) are drawn a little less often: the line between 0 and 2 is what counts
    drawn = sorted(survey.papers, key=lambda p: random.random() + 0.3 * (p[1] == 1))[:PAPERS]
    relevance, sentences = model(survey.question, [paper for paper, _, _ in drawn])
    grades = torch.tensor([float(grade) for _, grade, _ in drawn])
    apart = (grades[:, None] - grades[None]).clamp(min=0)
    pairs = functional.softplus(relevance[None] - relevance[:, None])
    loss: Tensor = (pairs * apart).sum() / apart.sum().clamp(min=1)
    shares = []
    for scores, (_, _, keys) in zip(sentences[:, 1:], drawn, strict=True):
        read = [key for key in keys if key < len(scores) and torch.isfinite(scores[key])]
        if read:
            shares.append(-torch.logsumexp(scores.log_softmax(0)[read], 0))
    return loss + 0.3 * torch.stack(shares).mean() if shares else loss


def _claim_loss(model: LateInteraction, claim: Claim) -> Tensor:
    papers = [random.choice(claim.bearing), *random.sample(claim.near, AGAINST)]
    return -model(claim.text, papers)[0].log_softmax(0)[0]


def _places(papers: Sequence[Text], begins: Tensor, mask: Tensor) -> Tensor:
    """For each token the title (0) or the sentence (from 1) it is of; -1 for marks and padding."""
    rows = []
    for paper, begin in zip(papers, begins.numpy(), strict=True):
        starts = [0, *(len(paper.title) + 2 + start for start in paper.starts)]
        rows.append(np.searchsorted(starts, begin, side="right") - 1)
    places = torch.from_numpy(np.stack(rows))
    places[~mask] = -1
    places[:, 0] = -1
    return places


if __name__ == "__main__":
    raise SystemExit(main())
