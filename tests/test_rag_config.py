"""Settings: who wins, where each came from, and what a wrong file is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import UsageError
from rag.config import Config, config_path, data_folder, default_library, demo_library, origins


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch, tmp_path):
    for name in ("LIBRARY", "LLM", "API_BASE", "EMBEDDER"):
        monkeypatch.delenv(f"IBID_{name}", raising=False)
    monkeypatch.setenv("IBID_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("IBID_CONFIG", str(tmp_path / "config.toml"))


def write(text: str) -> None:
    config_path().write_text(text, encoding="utf-8")


def test_defaults_need_nothing(tmp_path):
    config = Config.load()
    assert config == Config(tmp_path / "home" / "library", "smollm2", None, "minilm")
    assert (data_folder(), default_library()) == (tmp_path / "home", config.library)
    assert demo_library() == tmp_path / "home" / "demo"


def test_a_flag_beats_the_environment_which_beats_the_file_which_beats_the_default(monkeypatch):
    write('llm = "none"\nlibrary = "/from/file"\n')
    assert (Config.load().llm, Config.load().library) == ("none", Path("/from/file"))
    monkeypatch.setenv("IBID_LLM", "openai:tide")
    monkeypatch.setenv("IBID_LIBRARY", "/from/environment")
    assert (Config.load().llm, Config.load().library) == ("openai:tide", Path("/from/environment"))
    config = Config.load(llm="smollm2", library="/from/flag")
    assert (config.llm, config.library) == ("smollm2", Path("/from/flag"))


def test_empty_variables_and_flags_of_none_do_not_count(monkeypatch):
    write('llm = "none"')
    monkeypatch.setenv("IBID_LLM", "")
    assert Config.load(llm=None).llm == "none"


def test_a_tilde_in_the_library_means_home(monkeypatch):
    monkeypatch.setenv("HOME", "/home/someone")
    assert Config.load(library="~/papers").library == Path("/home/someone/papers")


def test_origins_name_the_layer_that_won(monkeypatch):
    write('llm = "none"\nembedder = "from-file"')
    monkeypatch.setenv("IBID_LLM", "openai:tide")
    assert origins(api_base="http://localhost:1") == {
        "library": (default_library(), "default"),
        "llm": ("openai:tide", "environment"),
        "api_base": ("http://localhost:1", "flag"),
        "embedder": ("from-file", f"file {config_path()}"),
    }


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('libary = "/x"', "unknown setting 'libary'; did you mean 'library'"),
        ('colour = "red"', "unknown setting 'colour'; known are: library, llm, api_base, embedder"),
        ("llm = none", "correct the file or remove it"),
        ("llm = 3", 'llm must be a text in quotes, as in llm = "…"'),
    ],
    ids=["near", "far", "no TOML", "no text"],
)
def test_a_wrong_file_is_an_error_that_says_what_to_do(text, told):
    write(text)
    with pytest.raises(UsageError) as error:
        Config.load()
    assert told in str(error.value)
    assert str(config_path()) in str(error.value)


def test_a_file_of_another_encoding_is_an_error():
    config_path().write_bytes('llm = "é"'.encode("latin-1"))
    with pytest.raises(UsageError, match="correct the file"):
        Config.load()
