"""Share of a small model's drafts that pass the checks at the first try, on papers the adapter never saw.

Three ways: the bare model, with the wording adapter, and held to the words of the paper as well; then how
many of them an answer would show, and seconds a draft with four at a time.

    python tests/benchmarks/drafts.py DIGESTS.jsonl [COUNT]
"""

from __future__ import annotations

import json
import sys
import threading
import time
from pathlib import Path

from figures import show


def main(file: Path, count: int = 100) -> None:
    from rag.digest import Digester
    from rag.llms.gguf import GgufLLM
    from rag.models import bundled_llm_path, wording_adapter_path
    from rag.training.wording import held_out
    from rag.vocabulary import grammar_of

    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    chosen = [r for r in records if held_out(r["id"]) and r["kind"] == "survey"][:count]
    adapter = [(str(wording_adapter_path()), 1.0)]
    rows = []
    for name, lora, grammar in (
        ("model", [], None),
        ("with adapter", adapter, None),
        ("held to the paper's words", adapter, grammar_of),
    ):
        llm = GgufLLM(bundled_llm_path(), lora=lora)
        llm.load()
        digester = Digester(llm, patience=1e6, grammar=grammar)
        began = time.monotonic()
        drafts = [
            next(digester.digest(r["question"], [evidence(n, r)], threading.Event()))
            for n, r in enumerate(chosen, 1)
        ]
        seconds = (time.monotonic() - began) / len(chosen)
        rows.append((name, *passed(chosen, drafts), f"{seconds:.2f}"))
        llm.close()
    show(f"{len(chosen)} drafts", ("", "supported", "in part", "shown", "s a draft"), rows)


def evidence(number: int, record: dict):
    from index.types import Paper, Scores
    from rag.types import Evidence, Sentence

    text, sentences = "", []
    for sentence in record["evidence"]:
        sentences.append(Sentence(sentence, len(text), len(text) + len(sentence), 1.0))
        text += sentence + " "
    return Evidence(number, Paper(record["id"], record["title"], text), tuple(sentences), Scores())


def passed(records: list[dict], drafts: list[str]) -> tuple[str, str, str]:
    from index.cleaning import readable
    from rag.evaluate.judge import CorpusRarity
    from rag.statements import StatementMaker
    from rag.types import Verdict
    from rag.verify import Verifier
    from rag.wiring import SMALL_MODEL_JUMPS

    every = [evidence(n, r) for n, r in enumerate(records, 1)]
    verifier = Verifier(CorpusRarity([e.paper for e in every]))
    maker = StatementMaker(verifier, SMALL_MODEL_JUMPS)
    verdicts = [verifier.check(readable(d), [e.paper]).verdict for d, e in zip(drafts, every, strict=True)]
    shown = sum(maker.from_draft(d, e) is not None for d, e in zip(drafts, every, strict=True))
    share = [verdicts.count(v) / len(records) for v in (Verdict.SUPPORTED, Verdict.PARTLY)]
    return f"{share[0]:.2f}", f"{share[1]:.2f}", f"{shown / len(records):.2f}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:3]))
