"""One contract for all language model backends: whatever a user names behaves the same way."""

import asyncio
import importlib.util
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from llama_index.core.llms import ChatMessage

from index.errors import ModelError, UsageError

# Read when the first OpenMP library is loaded; spinning threads starve each other on a busy machine.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

STORY = "Write a very long story about a lighthouse."


def bundled_gguf():
    from rag.models import bundled_llm_path

    try:
        return bundled_llm_path()
    except ModelError as error:
        pytest.skip(f"weights absent: {error}")


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory):
    """A Llama of 60 thousand random weights over a vocabulary of one token per letter."""
    import torch
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    letters = ["<pad>", "<s>", "</s>", *"abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ.,?"]
    words = Tokenizer(models.WordLevel({c: i for i, c in enumerate(letters)}, unk_token="<pad>"))
    words.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    words.decoder = decoders.Fuse()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=words, pad_token="<pad>", bos_token="<s>", eos_token="</s>"
    )
    tokenizer.chat_template = "{% for m in messages %}<s>{{ m['content'] }}{% endfor %}"
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=len(letters), hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=4096,
        pad_token_id=0, bos_token_id=1, eos_token_id=2, initializer_range=0.4,
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("tiny-llama")
    model = LlamaForCausalLM(config)
    with torch.no_grad():
        model.lm_head.weight[:3] = 0.0  # it never thinks of ending
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def transformers_llm(tiny_folder):
    from rag.llms.transformers_llm import TransformersLLM

    return TransformersLLM(tiny_folder)


@pytest.fixture(scope="module")
def gguf_llm():
    from rag.llms.gguf import GgufLLM

    llm = GgufLLM(bundled_gguf())
    yield llm
    llm.close()


@pytest.fixture(scope="module")
def openai_llm():
    import xllamacpp

    from rag.llms.llama_server import build_params
    from rag.llms.openai_llm import OpenAILLM

    params = build_params(bundled_gguf(), slots=2, context=1024, threads=2)
    params.api_keys = ["none"]
    server = xllamacpp.Server(params)
    yield OpenAILLM("smollm2", server.listening_address + "/v1")
    del server


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("gguf_llm", marks=pytest.mark.model),
        pytest.param("openai_llm", marks=pytest.mark.model),
        "transformers_llm",
    ],
)
def llm(request):
    return request.getfixturevalue(request.param)


def test_a_stream_joins_to_the_completion_and_its_text_grows(llm):
    whole = llm.complete("What is a lighthouse?", max_tokens=12)
    parts = list(llm.stream_complete("What is a lighthouse?", max_tokens=12))
    assert len(parts) > 2
    assert "".join(p.delta for p in parts) == whole.text == parts[-1].text
    assert whole.text.strip()


def test_chat_and_complete_ask_in_the_same_format(llm):
    messages = [ChatMessage(role="user", content="What is a lighthouse?")]
    chat = llm.chat(messages, max_tokens=6).message.content
    assert chat == llm.complete("What is a lighthouse?", max_tokens=6).text
    assert "".join(r.delta for r in llm.stream_chat(messages, max_tokens=6)) == chat


def test_a_formatted_prompt_is_taken_as_it_is(llm):
    raw = llm.complete("The lighthouse was", formatted=True, max_tokens=8).text
    assert raw
    assert raw != llm.complete("The lighthouse was", max_tokens=8).text


def test_max_tokens_ends_an_answer_and_says_so(llm):
    short, longer = (llm.complete(STORY, max_tokens=n) for n in (4, 12))
    assert longer.text.startswith(short.text)
    assert len(short.text) < len(longer.text)
    assert short.additional_kwargs["finish"] == "length"


def test_a_stop_word_ends_the_answer_and_is_left_out(llm):
    text = llm.complete(STORY, max_tokens=18).text
    word = text[10:14]
    cut = llm.complete(STORY, max_tokens=18, stop=[word])
    assert cut.text == text[: text.index(word)]
    assert cut.additional_kwargs["finish"] == "stop"


def test_a_stop_event_ends_the_answer_within_moments(llm):
    stop = threading.Event()
    began = time.monotonic()
    parts = []
    for part in llm.stream_complete(STORY, max_tokens=900, stop_event=stop):
        parts.append(part)
        if len(parts) == 3:
            stop.set()
            began = time.monotonic()
    assert time.monotonic() - began < 1.0
    assert 3 <= len(parts) < 30


def test_an_event_that_is_already_set_asks_for_nothing(llm):
    stop = threading.Event()
    stop.set()
    answer = llm.complete(STORY, stop_event=stop)
    assert (answer.text, answer.additional_kwargs["finish"]) == ("", "cancelled")


def test_after_a_closed_stream_the_model_answers_again(llm):
    stream = llm.stream_complete(STORY, max_tokens=900)
    next(stream)
    stream.close()
    assert llm.complete(STORY, max_tokens=4).text


def test_sampling_repeats_with_its_seed(llm):
    first, again, other = (
        llm.complete(STORY, max_tokens=12, temperature=1.5, seed=seed).text for seed in (7, 7, 8)
    )
    assert first == again != other


def test_an_overlong_prompt_is_a_model_error(llm):
    with pytest.raises(ModelError):
        llm.complete("far too long " * 4000, max_tokens=4)


def test_an_unknown_setting_is_refused(llm):
    with pytest.raises(UsageError, match="temprature"):
        llm.complete(STORY, temprature=1)
    with pytest.raises(UsageError, match="max_tokens"):
        llm.complete(STORY, max_tokens=0)


def test_the_async_form_leaves_the_loop_free_and_agrees(llm):
    async def both():
        return await asyncio.gather(*(llm.acomplete("What is a lighthouse?", max_tokens=8) for _ in range(2)))

    with ThreadPoolExecutor(1) as pool:  # a loop of its own: a browser test may keep one in this thread
        first, second = pool.submit(asyncio.run, both()).result()
    assert first.text == second.text == llm.complete("What is a lighthouse?", max_tokens=8).text


def test_metadata_names_a_chat_model(llm):
    assert llm.metadata.is_chat_model
    assert llm.metadata.model_name
    assert llm.metadata.context_window >= 1024


@pytest.mark.model
def test_four_threads_are_answered_together_and_the_slots_are_free_afterwards(gguf_llm):
    texts = [None] * 4

    def ask(i):
        texts[i] = gguf_llm.complete(f"Name {i} colours.", max_tokens=12).text

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert all(texts)
    assert gguf_llm.busy == 0


@pytest.mark.model
def test_a_stop_frees_the_slot_of_the_gguf_model(gguf_llm):
    stop = threading.Event()
    stream = gguf_llm.stream_complete(STORY, max_tokens=1500, stop_event=stop)
    next(stream)
    assert gguf_llm.busy == 1
    stop.set()
    list(stream)
    deadline = time.monotonic() + 2.0
    while gguf_llm.busy and time.monotonic() < deadline:
        time.sleep(0.005)
    assert gguf_llm.busy == 0


@pytest.mark.model
def test_a_grammar_binds_the_gguf_model_alone(gguf_llm, transformers_llm):
    grammar = 'root ::= "yes" | "no"'
    assert gguf_llm.complete("Is water wet?", grammar=grammar).text in ("yes", "no")
    with pytest.raises(ModelError, match="grammar"):
        transformers_llm.complete("Is water wet?", grammar=grammar)
    with pytest.raises(ModelError, match="grammar"):
        gguf_llm.complete("Is water wet?", grammar="root ::= (")


@pytest.mark.model
def test_the_gguf_model_listens_on_no_port_and_leaves_no_file(gguf_llm):
    import tempfile
    from pathlib import Path

    server = gguf_llm.load()
    address = server._server.listening_address
    assert address.startswith("unix://")
    assert not Path(address.removeprefix("unix://")).parent.exists()
    assert not list(Path(tempfile.gettempdir()).glob("ibid-*/s.sock"))


@pytest.mark.model
def test_closing_the_gguf_model_ends_an_answer_and_it_loads_again():
    from rag.llms.gguf import GgufLLM

    llm = GgufLLM(bundled_gguf(), slots=1, context_window=512)
    stream = llm.stream_complete(STORY, max_tokens=400)
    next(stream)
    llm.close()
    with pytest.raises(ModelError, match="closed"):
        list(stream)
    assert llm.complete(STORY, max_tokens=4).text
    llm.close()
    llm.close()


@pytest.mark.model
def test_leaving_python_in_the_middle_of_an_answer_is_clean():
    import subprocess
    import sys

    code = (
        "from rag.llms.gguf import GgufLLM\n"
        f"stream = GgufLLM({str(bundled_gguf())!r}).stream_complete({STORY!r}, max_tokens=900)\n"
        "print(len(next(stream).delta) > 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")


@pytest.mark.skipif(not importlib.util.find_spec("xllamacpp"), reason="xllamacpp is not installed")
@pytest.mark.parametrize("content", [None, b"PK\x03\x04", b"GGUF" + bytes(500)])
def test_a_file_that_is_no_model_is_a_model_error_that_names_it(tmp_path, content):
    from rag.llms.gguf import GgufLLM

    path = tmp_path / "model.gguf"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ModelError, match=r"model\.gguf"):
        GgufLLM(path).complete("Hello")


def test_a_model_that_is_nowhere_is_said_at_once(tmp_path, monkeypatch):
    from rag.llms.transformers_llm import TransformersLLM

    with pytest.raises(ModelError, match="hf download nobody/no-such-model"):
        TransformersLLM("nobody/no-such-model")
    with pytest.raises(ModelError, match=r"config\.json"):
        TransformersLLM(tmp_path)


def test_weights_that_need_unpickling_are_refused(tiny_folder, tmp_path):
    from rag.llms.transformers_llm import TransformersLLM

    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((tiny_folder / name).read_bytes())
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ModelError, match="safetensors"):
        TransformersLLM(tmp_path)


def test_the_table_loads_what_it_names(tiny_folder):
    from rag.llms.table import LLMS, find_llm, load_llm

    assert list(LLMS) == ["smollm2", "gguf", "transformers", "openai", "none"]
    assert load_llm("none") is None
    assert load_llm(f"transformers:{tiny_folder}").complete("Hello", max_tokens=3).text
    remote = load_llm("openai:qwen3:8b", api_base="http://127.0.0.1:1/v1/")
    assert (remote.model, remote.api_base) == ("qwen3:8b", "http://127.0.0.1:1/v1")
    assert find_llm("smollm2")[0].wording == "digest"
    assert find_llm("gguf:/a:b.gguf") == (LLMS["gguf"], "/a:b.gguf")


@pytest.mark.parametrize("spec", ["gpt", "", "gguf", "gguf:", "smollm2:x", "none:x"])
def test_an_unknown_name_lists_what_there_is(spec):
    from rag.llms.table import load_llm

    with pytest.raises(UsageError, match="gguf:FILE.*openai:MODEL.*none"):
        load_llm(spec)


def test_an_api_base_belongs_to_openai_models():
    from rag.llms.table import load_llm

    with pytest.raises(UsageError, match="openai:MODEL"):
        load_llm("gguf:x", api_base="http://localhost:1/v1")


def test_a_bug_in_a_backend_reaches_the_caller():
    from rag.llms.pump import pump

    def broken(emit):
        emit(SimpleNamespace(text="a"))
        raise ZeroDivisionError

    pieces = pump(broken)
    assert next(pieces).text == "a"
    with pytest.raises(ZeroDivisionError):
        next(pieces)
