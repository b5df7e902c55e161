"""What every language model of Ibid has in common: one way to ask, to stream and to stop.

A backend says how text comes out of it piece by piece (`_pieces`); completion, chat and their
streaming forms follow from that, so all backends behave alike. Every call takes the settings of
`Request` as keyword arguments, `stop_event` among them: once it is set, the call returns what
there is and the model stops working on it.

`complete(prompt)` asks as a user in the model's own chat format; `complete(prompt, formatted=True)`
hands the prompt over as it is.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    MessageRole,
)
from llama_index.core.bridge.pydantic import Field
from llama_index.core.llms import CustomLLM, LLMMetadata
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback

from index.errors import ModelError, UsageError
from rag.llms.streams import strip_reasoning, without_reasoning

Message = dict[str, str]  # {"role": ..., "content": ...}
Prompt = str | list[Message]  # a prompt as it is, or a conversation for the chat template


@dataclass(frozen=True, slots=True)
class Request:
    """How to answer one prompt. `seed` matters only where `temperature` is above 0 (0 is greedy)."""

    max_tokens: int
    temperature: float = 0.0
    top_p: float = 0.95
    seed: int = 0
    stop: tuple[str, ...] = ()
    repeat_penalty: float = 1.0
    grammar: str | None = None  # GBNF; the gguf backend alone honours it
    stop_event: threading.Event | None = None

    @property
    def stopped(self) -> bool:
        """Whether the caller no longer wants the answer."""
        return self.stop_event is not None and self.stop_event.is_set()


@dataclass(frozen=True, slots=True)
class Piece:
    """Some more text; the last piece says why it ended: stop, length or cancelled."""

    text: str
    finish: str | None = None


class StoppableLLM(CustomLLM):
    """A LlamaIndex `LLM` that streams, and ends when asked to. Raises `ModelError` when it fails."""

    name: str = Field(default="", description="How the model is called in answers and messages.")
    context_window: int = Field(default=2048, gt=0, description="Tokens of prompt and answer together.")
    max_tokens: int = Field(default=256, gt=0, description="Most tokens of one answer.")
    temperature: float = Field(default=0.0, ge=0.0)

    @property
    def metadata(self) -> LLMMetadata:
        """What LlamaIndex asks of a model; every model of Ibid takes chat messages."""
        return LLMMetadata(
            context_window=self.context_window,
            num_output=self.max_tokens,
            is_chat_model=True,
            model_name=self.name,
        )

    def _pieces(self, prompt: Prompt, request: Request) -> Iterator[Piece]:
        """The answer as it is made. Closing the iterator must end the work."""
        raise NotImplementedError

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """The whole answer to `prompt`; `additional_kwargs["finish"]` says why it ended."""
        text, finish = self._whole(_as_prompt(prompt, formatted), self._request(kwargs))
        return CompletionResponse(text=text, additional_kwargs={"finish": finish})

    @llm_completion_callback()
    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        """The answer to `prompt` in deltas. Closing the generator ends the work."""
        return self._deltas(_as_prompt(prompt, formatted), self._request(kwargs))

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """The whole next turn of a conversation, in the model's own chat format."""
        text, finish = self._whole(_as_messages(messages), self._request(kwargs))
        return ChatResponse(message=_assistant(text), additional_kwargs={"finish": finish})

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """The next turn of a conversation in deltas."""

        def generate() -> ChatResponseGen:
            with_text = self._deltas(_as_messages(messages), self._request(kwargs))
            for response in with_text:
                yield ChatResponse(message=_assistant(response.text), delta=response.delta)

        return generate()

    @llm_completion_callback()
    async def acomplete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """`complete` in a thread, so that the event loop goes on."""
        prompted, request = _as_prompt(prompt, formatted), self._request(kwargs)
        text, finish = await asyncio.to_thread(self._whole, prompted, request)
        return CompletionResponse(text=text, additional_kwargs={"finish": finish})

    @llm_chat_callback()
    async def achat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """`chat` in a thread, so that the event loop goes on."""
        prompted, request = _as_messages(messages), self._request(kwargs)
        text, finish = await asyncio.to_thread(self._whole, prompted, request)
        return ChatResponse(message=_assistant(text), additional_kwargs={"finish": finish})

    def _whole(self, prompt: Prompt, request: Request) -> tuple[str, str]:
        pieces = list(self._pieces(prompt, request))
        finish = next((p.finish for p in reversed(pieces) if p.finish), "stop")
        return strip_reasoning("".join(p.text for p in pieces)), finish

    def _deltas(self, prompt: Prompt, request: Request) -> Generator[CompletionResponse, None, None]:
        text = ""
        for delta in without_reasoning(p.text for p in self._pieces(prompt, request)):
            text += delta
            yield CompletionResponse(text=text, delta=delta)
        if not text:  # LlamaIndex fails on a stream without a single response
            yield CompletionResponse(text="", delta="")

    def _request(self, kwargs: dict[str, Any]) -> Request:
        request = Request(max_tokens=self.max_tokens, temperature=self.temperature)
        unknown = kwargs.keys() - {f.name for f in fields(Request)}
        if unknown:
            raise UsageError(f"a language model takes no setting {', '.join(sorted(unknown))}")
        request = replace(request, **kwargs)
        if request.max_tokens < 1:
            raise UsageError(f"max_tokens must be at least 1, not {request.max_tokens}")
        stop = (request.stop,) if isinstance(request.stop, str) else tuple(request.stop)
        return replace(request, stop=stop)


def no_grammar(request: Request, name: str) -> None:
    """Refuse a grammar where the backend could only ignore it."""
    if request.grammar is not None:
        raise ModelError(f"{name} cannot be held to a grammar; use a gguf model for that")


def _as_prompt(prompt: str, formatted: bool) -> Prompt:
    return prompt if formatted else [{"role": "user", "content": prompt}]


def _as_messages(messages: Sequence[ChatMessage]) -> list[Message]:
    return [{"role": m.role.value, "content": m.content or ""} for m in messages]


def _assistant(text: str) -> ChatMessage:
    return ChatMessage(role=MessageRole.ASSISTANT, content=text)
