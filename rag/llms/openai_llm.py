"""Any OpenAI-compatible server (Ollama, llama.cpp, vLLM, LM Studio): `--llm openai:MODEL`.

Written on httpx rather than the openai package: a stop has to reach the server at once, so the
socket of a running answer must be in our hands; and nothing but the question is sent (no facts
about this machine, no retries, no tokenizer download).
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from typing import Any

import httpx
from llama_index.core.bridge.pydantic import Field

from index.errors import ModelError, UsageError
from rag.llms.base import Piece, Prompt, Request, StoppableLLM, no_grammar
from rag.llms.pump import Emit, pump

DEFAULT_BASE = "http://localhost:11434/v1"  # Ollama
LOOPBACK = ("localhost", "127.0.0.1", "::1")

_CHARACTERS_PER_TOKEN = 32  # a server that ignores max_tokens is cut off here
_TIMEOUT = httpx.Timeout(600.0, connect=10.0)


class OpenAILLM(StoppableLLM):
    """A model behind an OpenAI-compatible HTTP API as a LlamaIndex `LLM`.

    Without `api_base` it is `$OPENAI_BASE_URL`, `$OPENAI_API_BASE` or Ollama on this machine.
    The key is `$OPENAI_API_KEY`, or "none", which local servers accept.
    """

    model: str = Field(description="The model's name on the server.")
    api_base: str = Field(description="URL up to and including /v1.")

    def __init__(self, model: str, api_base: str | None = None, **settings: Any) -> None:
        base = api_base or os.environ.get("OPENAI_BASE_URL") or os.environ.get("OPENAI_API_BASE")
        base = (base or DEFAULT_BASE).rstrip("/")
        _check_base(base)
        defaults: dict[str, Any] = {"name": model, "context_window": 8192, "max_tokens": 1024}
        super().__init__(**{**defaults, **settings, "model": model, "api_base": base})

    @classmethod
    def class_name(cls) -> str:
        """The name under which LlamaIndex knows the class."""
        return "ibid_openai"

    @property
    def leaves_machine(self) -> bool:
        """Whether questions and evidence go to another machine."""
        return httpx.URL(self.api_base).host not in LOOPBACK

    def _pieces(self, prompt: Prompt, request: Request) -> Iterator[Piece]:
        no_grammar(request, f"openai:{self.model}")
        call = _Call(self.api_base, trust_env=self.leaves_machine)
        body = _body(self.model, prompt, request)
        return pump(lambda emit: call.produce(body, emit), request.stop_event, call.close)


class _Call:
    """One streamed request; `close` may come from another thread, at any time."""

    def __init__(self, base: str, *, trust_env: bool) -> None:
        self._base = base
        self._trust_env = trust_env  # a proxy from the environment is not for this machine's servers
        self._socket: socket.socket | None = None

    def produce(self, body: dict[str, Any], emit: Emit) -> None:
        path = "/completions" if "prompt" in body else "/chat/completions"
        headers = {"Authorization": f"Bearer {os.environ.get('OPENAI_API_KEY') or 'none'}"}
        try:
            with (
                httpx.Client(timeout=_TIMEOUT, trust_env=self._trust_env) as client,
                client.stream("POST", self._base + path, json=body, headers=headers) as response,
            ):
                stream = response.extensions.get("network_stream")
                self._socket = stream.get_extra_info("socket") if stream is not None else None
                if emit(None):
                    return
                if response.status_code != httpx.codes.OK:
                    raise ModelError(self._refusal(response))
                self._read(response, body["max_tokens"], emit)
        except (httpx.HTTPError, OSError) as error:
            if not emit(None):  # otherwise it is our own closing of the connection
                raise ModelError(
                    f"{self._base}: no answer from the language model server "
                    f"({error or type(error).__name__}); start it, or name another with --api-base"
                ) from None
        finally:
            self._socket = None

    def close(self) -> None:
        """Wake the reading thread and tell the server that nobody listens any more."""
        connection = self._socket
        if connection is not None:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # it ended by itself in the meantime

    def _read(self, response: httpx.Response, max_tokens: int, emit: Emit) -> None:
        left = max_tokens * _CHARACTERS_PER_TOKEN
        for line in response.iter_lines():
            data = line.removeprefix("data:").strip() if line.startswith("data:") else ""
            if data == "[DONE]":
                return
            piece = self._piece(data) if data else None
            left -= len(piece.text) if piece else 0
            if left < 0:
                emit(Piece("", "length"))
                return
            if emit(piece):
                return

    def _piece(self, data: str) -> Piece | None:
        try:
            chunk = json.loads(data)
            if chunk.get("error"):
                raise ModelError(f"{self._base}: the server reports {_message(chunk)}")
            for choice in chunk.get("choices") or ():
                text = choice.get("text") or (choice.get("delta") or {}).get("content") or ""
                if text or choice.get("finish_reason"):
                    return Piece(text, choice.get("finish_reason"))
        except (ValueError, AttributeError, TypeError):
            raise ModelError(f"{self._base}: not the answer of an OpenAI-compatible server") from None
        return None

    def _refusal(self, response: httpx.Response) -> str:
        try:
            reason = _message(json.loads(response.read()))
        except ValueError:
            reason = response.reason_phrase
        return f"{self._base}: the server refuses with {response.status_code}: {reason}"


def _body(model: str, prompt: Prompt, request: Request) -> dict[str, Any]:
    body: dict[str, Any] = {"model": model, "stream": True, "max_tokens": request.max_tokens}
    body |= {"prompt": prompt} if isinstance(prompt, str) else {"messages": prompt}
    body |= {"temperature": request.temperature, "seed": request.seed}
    if request.temperature > 0:
        body["top_p"] = request.top_p
    if request.stop:
        body["stop"] = list(request.stop)
    if request.repeat_penalty != 1.0:  # not of OpenAI, but all local servers have it
        body["repeat_penalty"] = request.repeat_penalty
    return body


def _message(reply: Any) -> str:
    error = reply.get("error", reply) if isinstance(reply, dict) else reply
    text = error.get("message", error) if isinstance(error, dict) else error
    return " ".join(str(text).split())[:200]


def _check_base(base: str) -> None:
    try:
        url = httpx.URL(base)
    except httpx.InvalidURL:
        url = httpx.URL()
    if url.scheme not in ("http", "https") or not url.host:
        raise UsageError(f"{base!r} is not the URL of a server; write it like {DEFAULT_BASE}")
