"""Hugging Face causal models run by transformers: `--llm transformers:FOLDER_OR_ID`.

Only what is on this machine is used: a folder, or a model already in the Hugging Face cache. Only
safetensors weights are read, and a model's own code is never run.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from llama_index.core.bridge.pydantic import Field, PrivateAttr

from index.errors import ModelError
from rag.llms.base import Piece, Prompt, Request, StoppableLLM, no_grammar
from rag.llms.pump import Emit, pump
from rag.llms.streams import StopWords


class TransformersLLM(StoppableLLM):
    """A safetensors model as a LlamaIndex `LLM`; on the graphics card when there is one.

    `context_window` is an upper bound: the model's own limit holds when it is smaller. Calls
    from several threads wait for each other.
    """

    model: str = Field(description="A folder, or a cached id: org/name or org/name@revision.")
    device: str = Field(default="", description="As torch names it; empty: cuda, mps or cpu.")

    _loaded: tuple[Any, Any] | None = PrivateAttr(default=None)
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    def __init__(self, model: str | Path, **settings: Any) -> None:
        defaults: dict[str, Any] = {"name": Path(model).name, "context_window": 8192, "max_tokens": 512}
        super().__init__(**{**defaults, **settings, "model": str(model)})
        self._folder()  # a name that leads nowhere is said at once, not at the first question

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex knows the class."""
        return "ibid_transformers"

    def load(self) -> None:
        """Read the weights if they are not read yet; raises `ModelError`."""
        with self._lock:
            self._model_and_tokenizer()

    def close(self) -> None:
        """Give the memory back; the next call loads the model again."""
        with self._lock:
            self._loaded = None

    def _pieces(self, prompt: Prompt, request: Request) -> Iterator[Piece]:
        no_grammar(request, f"transformers:{self.model}")
        return pump(lambda emit: self._produce(prompt, request, emit), request.stop_event)

    def _produce(self, prompt: Prompt, request: Request, emit: Emit) -> None:
        import torch

        with self._lock, torch.inference_mode(), torch.random.fork_rng():
            if emit(None):
                return
            model, tokenizer = self._model_and_tokenizer()
            try:
                inputs = _encode(tokenizer, prompt).to(model.device)
                length = inputs["input_ids"].shape[1]
                if length >= self.context_window:
                    raise ModelError(
                        f"{self.name}: the prompt of {length} tokens does not fit its {self.context_window}; "
                        "ask with less evidence"
                    )
                torch.manual_seed(request.seed)
                finish = _generate(model, tokenizer, inputs, request, self.context_window - length, emit)
            except (RuntimeError, ValueError) as error:  # out of memory, a template that refuses a role
                raise ModelError(f"{self.name}: generation failed ({_first_line(error)})") from error
        emit(Piece("", finish))

    def _model_and_tokenizer(self) -> tuple[Any, Any]:
        if self._loaded is None:
            self._loaded = _load(self._folder(), self.device)
            limit = getattr(self._loaded[0].config, "max_position_embeddings", None)
            self.context_window = min(self.context_window, limit or self.context_window)
        return self._loaded

    def _folder(self) -> Path:
        folder = Path(self.model).expanduser()
        if not folder.is_dir():
            folder = _cached_folder(self.model)
        for pattern, what in (("config.json", "config.json"), ("*.safetensors", "weights in safetensors")):
            if not any(folder.glob(pattern)):
                raise ModelError(f"{folder}: holds no {what}; name the folder of a safetensors model")
        return folder


def _cached_folder(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

    repository, _, revision = name.partition("@")
    try:
        return Path(snapshot_download(repository, revision=revision or None, local_files_only=True))
    except (LocalEntryNotFoundError, HFValidationError, OSError):
        raise ModelError(
            f"transformers:{name}: neither a folder nor a model in the Hugging Face cache; "
            f"fetch it with: hf download {repository}"
        ) from None


def _load(folder: Path, device: str) -> tuple[Any, Any]:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.disable_progress_bar()
    device = device or _best_device()
    fast = device != "cpu" or torch.ops.mkldnn._is_mkldnn_bf16_supported()
    safe = {"local_files_only": True, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, **safe)
        model: Any = AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.bfloat16 if fast else torch.float32, use_safetensors=True, **safe
        )
    except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
        raise ModelError(f"{folder}: transformers cannot load this model ({_first_line(error)})") from error
    return model.to(torch.device(device)).eval(), tokenizer


def _best_device() -> str:
    import torch

    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _encode(tokenizer: Any, prompt: Prompt) -> Any:
    """Token tensors of shape (1, length), in the model's chat format where it has one."""
    if isinstance(prompt, str):
        return tokenizer(prompt, return_tensors="pt")
    if tokenizer.chat_template:
        text = tokenizer.apply_chat_template(prompt, add_generation_prompt=True, tokenize=False)
        return tokenizer(text, return_tensors="pt", add_special_tokens=False)
    return tokenizer("\n\n".join(m["content"] for m in prompt) + "\n\n", return_tensors="pt")


def _generate(model: Any, tokenizer: Any, inputs: Any, request: Request, room: int, emit: Emit) -> str:
    """Emits text as it comes; returns why it ended."""
    import torch
    from transformers import StoppingCriteria, StoppingCriteriaList
    from transformers.generation.streamers import BaseStreamer

    words, decoder = StopWords(request.stop), _Decoder(tokenizer)

    class Streamer(BaseStreamer):
        def put(self, value: Any) -> None:
            if value.ndim == 1:  # the first call hands over the prompt, of shape (1, length)
                emit(Piece(words.feed(decoder.feed(value.tolist()))))

        def end(self) -> None:
            emit(Piece(words.feed(decoder.rest(), last=True)))

    class Enough(StoppingCriteria):
        def __call__(self, input_ids: Any, scores: Any, **kwargs: Any) -> Any:
            enough = words.found or emit(None)
            return torch.full((input_ids.shape[0],), enough, dtype=torch.bool, device=input_ids.device)

    most = min(request.max_tokens, room)
    sampling: dict[str, Any] = {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
    if request.temperature > 0:
        sampling = {"do_sample": True, "temperature": request.temperature, "top_p": request.top_p}
    made = model.generate(
        input_ids=inputs["input_ids"],
        attention_mask=inputs["attention_mask"],
        max_new_tokens=most,
        repetition_penalty=request.repeat_penalty,
        pad_token_id=tokenizer.pad_token_id if tokenizer.pad_token_id is not None else tokenizer.eos_token_id,
        streamer=Streamer(),
        stopping_criteria=StoppingCriteriaList([Enough()]),
        **sampling,
    )
    if words.found:
        return "stop"
    if emit(None):
        return "cancelled"
    full = made.shape[1] - inputs["input_ids"].shape[1] >= most
    return "length" if full and made[0, -1].item() != tokenizer.eos_token_id else "stop"


class _Decoder:
    """Text from tokens as they come. A character may need several tokens, and a tokenizer may
    write a token differently at the start of a text, so the tokens just before are decoded along.
    """

    def __init__(self, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._before: list[int] = []
        self._new: list[int] = []

    def feed(self, tokens: list[int]) -> str:
        """The text that `tokens` complete; "" in the middle of a character."""
        self._new += tokens
        text = self._text()
        if text.endswith("\ufffd"):
            return ""
        self._before, self._new = self._new, []
        return text

    def rest(self) -> str:
        """The text of a last character that was left unfinished."""
        return self._text() if self._new else ""

    def _text(self) -> str:
        known = self._tokenizer.decode(self._before, skip_special_tokens=True)
        return self._tokenizer.decode(self._before + self._new, skip_special_tokens=True)[len(known) :]


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
