"""llama.cpp's server inside this process, through xllamacpp.

It batches the requests of several threads, keeps the start of recent prompts computed, and speaks
chat templates. Its HTTP side cannot be left out, so it is bound to a socket in a private folder
that is deleted as soon as the model is loaded: nobody else can reach the model.
"""

from __future__ import annotations

import atexit
import importlib
import os
import secrets
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from index.errors import ModelError
from rag.llms.base import Piece, Prompt
from rag.llms.pump import Emit, pump

MAGIC = b"GGUF"
WAIT_POLICY = "OMP_WAIT_POLICY"
_JOIN_SECONDS = 30.0
_LONGEST_SOCKET_PATH = 100  # the operating system allows 104 to 108 bytes
_PROMPT_BATCH = 128  # tokens of a prompt computed at a time: a stop is heeded in between

_running: weakref.WeakSet[LlamaServer] = weakref.WeakSet()


def build_params(
    path: Path, *, slots: int, context: int, threads: int, lora: Sequence[tuple[str, float]] = ()
) -> Any:
    """Parameters for xllamacpp: `slots` answers at a time of `context` tokens each, all quiet."""
    xllamacpp = _import_xllamacpp()
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.n_parallel, params.n_ctx = slots, slots * context
    params.n_batch = params.n_ubatch = _PROMPT_BATCH
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(p), float(scale)) for p, scale in lora]
    params.warmup, params.fit_params, params.verbosity = False, False, -1
    params.cache_ram_mib, params.cache_idle_slots = 0, False  # each slot keeps its own last prompt
    params.offline, params.ui, params.endpoint_slots, params.n_threads_http = True, False, False, 1
    params.api_keys, params.cors_origins = [secrets.token_urlsafe(32)], "http://localhost"
    return params


class LlamaServer:
    """One loaded model. Safe to use from several threads; `close` it to give the memory back."""

    def __init__(self, params: Any) -> None:
        self._closing = threading.Event()
        self._workers: set[threading.Thread] = set()
        self._lock = threading.Lock()
        self._server: Any = _start(params)
        _running.add(self)

    def stream(
        self, prompt: Prompt, settings: Mapping[str, Any], stop_event: threading.Event | None = None
    ) -> Iterator[Piece]:
        """The answer piece by piece; raises `ModelError` when the server refuses or fails.

        When it is stopped, the slot is free again at the next token, or the next part of a long
        prompt.
        """
        return pump(lambda emit: self._produce(prompt, settings, emit), stop_event)

    def _produce(self, prompt: Prompt, settings: Mapping[str, Any], emit: Emit) -> None:
        body: dict[str, Any] = {**settings, "stream": True, "return_progress": True, "cache_prompt": True}
        failures: list[str] = []

        def on_chunk(chunk: Any) -> bool:
            failures.extend(_read_error(chunk))
            return emit(_read_piece(chunk)) or self._closing.is_set()

        with self._working():
            try:
                if isinstance(prompt, str):
                    self._server.handle_completions({**body, "prompt": prompt}, on_chunk)
                else:
                    self._server.handle_chat_completions({**body, "messages": prompt}, on_chunk)
            except (RuntimeError, ValueError) as error:
                failures.append(str(error))
        if self._closing.is_set():
            failures.append("it was closed while it was answering")
        if failures:
            raise ModelError(f"the language model cannot answer: {failures[0]}")

    @contextmanager
    def _working(self) -> Iterator[None]:
        worker = threading.current_thread()
        with self._lock:
            if self._closing.is_set():
                raise ModelError("the language model is closed; load it again")
            self._workers.add(worker)
        try:
            yield
        finally:
            with self._lock:
                self._workers.discard(worker)

    @property
    def busy(self) -> int:
        """How many requests are being worked on or wait for a slot."""
        with self._lock:
            return len(self._workers)

    def close(self) -> None:
        """End every answer in the making and unload the model. Calling it twice is harmless."""
        self._closing.set()
        with self._lock:
            workers = list(self._workers)
        for worker in workers:
            worker.join(_JOIN_SECONDS)
        # The destructor waits for the server's own thread while it holds the interpreter's lock:
        # with a worker still inside, that would never end, so then the memory is left alone.
        if not any(worker.is_alive() for worker in workers):
            self._server = None


@atexit.register
def _close_all() -> None:
    """A callback into an interpreter that is shutting down would abort the process."""
    for server in list(_running):
        server.close()


def _import_xllamacpp() -> Any:
    """The extension, with threads that sleep while they wait for each other.

    OpenMP's default, to spin, makes llama.cpp several times slower as soon as another program
    wants the same processors. The variable is read once, when the library is loaded; it is taken
    back afterwards, for it is meant for this library alone. The wheel expects the system to have
    OpenMP; where it has not, the one inside torch serves.
    """
    chosen = WAIT_POLICY in os.environ or "GOMP_SPINCOUNT" in os.environ
    if not chosen:
        os.environ[WAIT_POLICY] = "PASSIVE"
    try:
        try:
            return importlib.import_module("xllamacpp")
        except ImportError:
            importlib.import_module("torch")
            return importlib.import_module("xllamacpp")
    except ImportError as error:
        raise ModelError(f"llama.cpp is not available ({error}); run: pip install xllamacpp") from None
    finally:
        if not chosen:
            os.environ.pop(WAIT_POLICY, None)


def _start(params: Any) -> Any:
    path = Path(params.model.path)
    _check_file(path)
    for adapter in params.lora_adapters:
        _check_file(Path(adapter.path))
    folder = tempfile.mkdtemp(prefix="ibid-")
    try:
        socket = os.path.join(folder, "s.sock")
        if params.hostnames == ["127.0.0.1"] and params.port == 0 and _can_bind(socket):
            params.hostnames = [socket]
        return _import_xllamacpp().Server(params)
    except RuntimeError as error:
        adapters = "".join(f" with {adapter.path}" for adapter in params.lora_adapters)
        raise ModelError(f"{path}: llama.cpp cannot load this model{adapters} ({error})") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _can_bind(socket: str) -> bool:
    return os.name == "posix" and len(os.fsencode(socket)) <= _LONGEST_SOCKET_PATH


def _check_file(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(MAGIC))
    except OSError as error:
        raise ModelError(f"{path}: cannot be read ({error.strerror}); name another gguf file") from None
    if magic != MAGIC:
        raise ModelError(f"{path}: not a GGUF file; name another one")


def _read_error(chunk: Any) -> list[str]:
    error = chunk.get("error")
    return [str(error.get("message", error))] if error else []


def _read_piece(chunk: Any) -> Piece | None:
    """The text of a streamed chunk; None for the progress of a prompt, and for an error."""
    for choice in chunk.get("choices") or ():
        text = choice.get("text") or (choice.get("delta") or {}).get("content") or ""
        if text or choice.get("finish_reason"):
            return Piece(text, choice.get("finish_reason"))
    return None
