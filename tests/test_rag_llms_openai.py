"""The client of OpenAI-compatible servers, against a small server that this test writes itself."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from index.errors import ModelError, UsageError
from rag.llms.openai_llm import OpenAILLM


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append((self.path, dict(self.headers), body))
        status, lines = self.server.reply
        self.send_response(status)
        self.end_headers()
        try:
            for line in lines:
                self.wfile.write((line + "\n\n").encode())
                self.wfile.flush()
        except OSError:
            self.server.hung_up.set()


def chunk(text, finish=None):
    return "data: " + json.dumps({"choices": [{"delta": {"content": text}, "finish_reason": finish}]})


@pytest.fixture
def server():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.seen, server.hung_up = [], threading.Event()
    server.reply = (200, [chunk("Pa"), ": ping", chunk("ris."), chunk("", "stop"), "data: [DONE]"])
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def llm(server, monkeypatch):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    return OpenAILLM("qwen3:8b", f"http://127.0.0.1:{server.server_port}/v1")


def test_the_question_and_nothing_else_is_sent(server, llm):
    assert llm.complete("Capital of France?", max_tokens=9, stop=["\n"]).text == "Paris."
    path, headers, body = server.seen[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer none"
    assert not [name for name in headers if name.lower().startswith(("x-", "openai-"))]
    assert body == {
        "model": "qwen3:8b", "messages": [{"role": "user", "content": "Capital of France?"}],
        "max_tokens": 9, "temperature": 0.0, "seed": 0, "stop": ["\n"], "stream": True,
    }  # fmt: skip


def test_the_key_of_the_environment_is_used(server, llm, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "k-1")
    llm.complete("Hello")
    assert server.seen[0][1]["Authorization"] == "Bearer k-1"


def test_a_formatted_prompt_goes_to_plain_completions(server, llm):
    server.reply = (200, ['data: {"choices": [{"text": "Paris"}]}', "data: [DONE]"])
    assert llm.complete("France:", formatted=True).text == "Paris"
    assert (server.seen[0][0], server.seen[0][2]["prompt"]) == ("/v1/completions", "France:")


def test_reasoning_is_not_shown(server, llm):
    server.reply = (200, [chunk("<thi"), chunk("nk>Hm.</th"), chunk("ink>\n\nParis."), "data: [DONE]"])
    assert llm.complete("Capital?").text == "Paris."
    assert [r.delta for r in llm.stream_complete("Capital?")] == ["Paris."]


def test_a_stop_hangs_up_even_while_the_server_is_silent(server, llm):
    silent = threading.Event()

    def lines():
        yield chunk("One")
        silent.set()
        time.sleep(0.5)
        for _ in range(200):
            yield chunk("more")
            time.sleep(0.01)

    server.reply = (200, lines())
    stop = threading.Event()
    stream = llm.stream_complete("Hello", stop_event=stop)
    assert next(stream).delta == "One"
    silent.wait(5)
    began = time.monotonic()
    stop.set()
    assert list(stream) == []
    assert time.monotonic() - began < 0.3
    assert server.hung_up.wait(5)


def test_a_server_that_never_ends_is_cut_off(server, llm):
    server.reply = (200, (chunk("x" * 100) for _ in range(10_000)))
    answer = llm.complete("Hello", max_tokens=10)
    assert len(answer.text) == 300
    assert answer.additional_kwargs["finish"] == "length"


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (
            (404, ['{"error": {"message": "model \\"qwen3:8b\\" not found"}}']),
            'refuses with 404: model "qwen3',
        ),
        ((500, ["<html>"]), "refuses with 500"),
        ((200, ['data: {"error": {"message": "out of memory"}}']), "out of memory"),
        ((200, ["data: <html>"]), "not the answer of an OpenAI-compatible server"),
        ((200, ["data: [1]"]), "not the answer of an OpenAI-compatible server"),
    ],
)
def test_a_failing_server_is_named_with_its_reason(server, llm, reply, says):
    server.reply = reply
    with pytest.raises(ModelError, match=f"127.0.0.1:{server.server_port}/v1: .*{says}"):
        llm.complete("Hello")


def test_a_server_that_is_not_there_is_named():
    with pytest.raises(ModelError, match="127.0.0.1:1/v1: no answer.*--api-base"):
        OpenAILLM("m", "http://127.0.0.1:1/v1").complete("Hello")


def test_the_address_comes_from_the_call_then_the_environment_then_ollama(monkeypatch):
    for name in ("OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)
    assert OpenAILLM("m").api_base == "http://localhost:11434/v1"
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:8080/v1/")
    assert OpenAILLM("m").api_base == "http://127.0.0.1:8080/v1"
    monkeypatch.setenv("OPENAI_BASE_URL", "https://models.example.org/v1")
    assert OpenAILLM("m").leaves_machine
    assert not OpenAILLM("m", "http://[::1]:8000/v1").leaves_machine


@pytest.mark.parametrize("base", ["models.example.org", "file:///etc/passwd", "http://", "ftp://h/v1"])
def test_an_address_that_is_no_server_is_refused(base):
    with pytest.raises(UsageError, match="URL of a server"):
        OpenAILLM("m", base)
