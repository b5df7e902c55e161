"""GGUF models run in this process by llama.cpp (xllamacpp): `--llm gguf:FILE`, and the bundled one."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from llama_index.core.bridge.pydantic import Field, PrivateAttr

from rag.llms.base import Piece, Prompt, Request, StoppableLLM
from rag.llms.llama_server import LlamaServer, build_params


class GgufLLM(StoppableLLM):
    """A GGUF file as a LlamaIndex `LLM`.

    Up to `slots` calls from as many threads are computed together; more wait their turn. The
    model is loaded at the first call or by `load`. `context_window` is the size of one slot.
    Computing together changes the order of additions, so a greedy answer may differ in rare
    words from the same prompt asked alone.
    """

    path: str = Field(description="The GGUF file.")
    slots: int = Field(default=4, gt=0, description="How many answers are computed together.")
    threads: int = Field(
        default=0, ge=0, description="Processor threads; 0: half the processors, at most four."
    )
    lora: list[tuple[str, float]] = Field(default_factory=list, description="GGUF adapters and their scales.")

    _server: LlamaServer | None = PrivateAttr(default=None)
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    def __init__(self, path: str | Path, **settings: Any) -> None:
        super().__init__(**{"name": Path(path).stem, **settings, "path": str(path)})

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex knows the class."""
        return "ibid_gguf"

    def load(self) -> LlamaServer:
        """Load the model if it is not loaded; raises `ModelError` when the file cannot be used."""
        with self._lock:
            if self._server is None:
                threads = self.threads or max(1, min(4, (os.cpu_count() or 1) // 2))
                self._server = LlamaServer(
                    build_params(
                        Path(self.path), slots=self.slots, context=self.context_window, threads=threads,
                        lora=self.lora,
                    )
                )  # fmt: skip
            return self._server

    def close(self) -> None:
        """Unload the model; the next call loads it again."""
        with self._lock:
            server, self._server = self._server, None
        if server is not None:
            server.close()

    @property
    def busy(self) -> int:
        """How many requests the model works on, waiting ones included."""
        return self._server.busy if self._server is not None else 0

    def _pieces(self, prompt: Prompt, request: Request) -> Iterator[Piece]:
        settings: dict[str, Any] = {
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
            "top_p": request.top_p,
            "seed": request.seed,
            "repeat_penalty": request.repeat_penalty,
        }
        if request.stop:
            settings["stop"] = list(request.stop)
        if request.grammar is not None:
            settings["grammar"] = request.grammar
        return self.load().stream(prompt, settings, request.stop_event)
