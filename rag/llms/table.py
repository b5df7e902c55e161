"""The language models a user can name, and what each may be trusted to write.

A new backend is a row here and a module beside this one; its heavy imports happen when it is
loaded, not before.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from index.errors import UsageError
from rag.models import LLM as BUNDLED_LLM
from rag.models import bundled_llm_path, wording_adapter_path

if TYPE_CHECKING:
    from rag.llms.base import StoppableLLM

DEFAULT_LLM = "smollm2"


@dataclass(frozen=True, slots=True)
class LlmRow:
    """One way to name a model.

    `wording` "digest": a small model, which words one paper at a time; "whole": a model that may
    write the whole answer. `backend` is "module:Class", or None for no model at all. `argument`
    is what follows the colon, for help and messages ("" when nothing may follow).
    """

    name: str
    backend: str | None
    wording: Literal["digest", "whole"]
    argument: str
    about: str

    @property
    def spelling(self) -> str:
        """How a user writes it."""
        return f"{self.name}:{self.argument}" if self.argument else self.name


_ROWS = (
    LlmRow("smollm2", "rag.llms.gguf:GgufLLM", "digest", "", "the bundled model, run by llama.cpp"),
    LlmRow("gguf", "rag.llms.gguf:GgufLLM", "whole", "FILE", "any GGUF file, run by llama.cpp"),
    LlmRow(
        "transformers", "rag.llms.transformers_llm:TransformersLLM", "whole", "FOLDER_OR_ID",
        "a safetensors model in a folder or in the Hugging Face cache",
    ),
    LlmRow(
        "openai", "rag.llms.openai_llm:OpenAILLM", "whole", "MODEL",
        "any OpenAI-compatible server (Ollama, llama.cpp, vLLM)",
    ),
    LlmRow("none", None, "digest", "", "no model: answers are sentences of the abstracts"),
)  # fmt: skip
LLMS: Mapping[str, LlmRow] = MappingProxyType({row.name: row for row in _ROWS})


def find_llm(spec: str) -> tuple[LlmRow, str]:
    """The row that `spec` names and what follows its colon; raises `UsageError`."""
    name, _, argument = spec.strip().partition(":")
    row = LLMS.get(name)
    if row is None or bool(argument) != bool(row.argument):
        known = ", ".join(row.spelling for row in _ROWS)
        raise UsageError(f"no language model {spec!r}; there is: {known}")
    return row, argument


def load_llm(spec: str = DEFAULT_LLM, *, api_base: str | None = None, **settings: Any) -> StoppableLLM | None:
    """The model that `spec` names, or None for "none"; weights are read at the first question.

    `settings` go to the backend's constructor. Raises `UsageError` for a name that does not
    exist, `ModelError` when the model is not there.
    """
    row, argument = find_llm(spec)
    if row.backend is None:
        return None
    if api_base is not None and row.name != "openai":
        raise UsageError(f"an API base goes with openai:MODEL only, not with {spec!r}")
    if row.name == BUNDLED_LLM.name:
        settings = {
            "path": bundled_llm_path(),
            "name": row.name,
            "lora": [(str(wording_adapter_path()), 1.0)],
            **settings,
        }
    elif row.name == "gguf":
        settings = {"path": argument, **settings}
    elif row.name == "openai":
        settings = {"model": argument, "api_base": api_base, **settings}
    else:
        settings = {"model": argument, **settings}
    return _backend(row.backend)(**settings)


def _backend(reference: str) -> Callable[..., StoppableLLM]:
    module, _, name = reference.partition(":")
    backend: Callable[..., StoppableLLM] = getattr(importlib.import_module(module), name)
    return backend
