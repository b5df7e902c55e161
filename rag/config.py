"""Settings: a flag beats an environment variable, which beats the user's file, which beats the default.

The file is `config.toml` in the user's configuration folder (`ibid config path`); variables are
`IBID_LIBRARY`, `IBID_LLM`, `IBID_API_BASE`, `IBID_EMBEDDER`. Unknown keys in the file are errors
that name the nearest known one.
"""

from __future__ import annotations

import difflib
import os
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import platformdirs

from index.errors import UsageError

APP = "ibid"


@dataclass(frozen=True, slots=True)
class Config:
    """What a run needs to know. Every field works offline as it is."""

    library: Path
    llm: str = "smollm2"
    api_base: str | None = None
    embedder: str = "minilm"

    @classmethod
    def load(cls, **flags: Any) -> Config:
        """The settings in force; flags that are None do not count."""
        values = {**_from_file(), **_from_environment(), **{k: v for k, v in flags.items() if v is not None}}
        values["library"] = Path(values.get("library") or default_library()).expanduser()
        return cls(**values)


def origins(**flags: Any) -> dict[str, tuple[Any, str]]:
    """Each setting with where it comes from: flag, environment, file or default."""
    config = Config.load(**flags)
    given = {k: v for k, v in flags.items() if v is not None}
    layers = (
        ("flag", given), ("environment", _from_environment()), (f"file {config_path()}", _from_file())
    )  # fmt: skip
    return {
        f.name: (
            getattr(config, f.name),
            next((name for name, layer in layers if f.name in layer), "default"),
        )
        for f in fields(Config)
    }


def config_path() -> Path:
    """The user's settings file, whether or not it exists."""
    given = os.environ.get("IBID_CONFIG")
    return Path(given) if given else Path(platformdirs.user_config_dir(APP, appauthor=False)) / "config.toml"


def data_folder() -> Path:
    """Where libraries and history are kept: `$IBID_HOME`, else the user data folder."""
    given = os.environ.get("IBID_HOME")
    return Path(given) if given else Path(platformdirs.user_data_dir(APP, appauthor=False))


def cache_folder() -> Path:
    """Where what can be made again is kept."""
    given = os.environ.get("IBID_HOME")
    return Path(given) / "cache" if given else Path(platformdirs.user_cache_dir(APP, appauthor=False))


def default_library() -> Path:
    """The library that is used when none is named."""
    return data_folder() / "library"


def demo_library() -> Path:
    """Where `ibid demo` keeps its library."""
    return data_folder() / "demo"


def _from_environment() -> dict[str, Any]:
    names = {f.name: f"IBID_{f.name.upper()}" for f in fields(Config)}
    return {name: os.environ[key] for name, key in names.items() if os.environ.get(key)}


def _from_file() -> dict[str, Any]:
    path = config_path()
    if not path.is_file():
        return {}
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: {error}; correct the file or remove it") from error
    known = [f.name for f in fields(Config)]
    for key in values:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]!r}?" if near else f"known are: {', '.join(known)}"
            raise UsageError(f"{path}: unknown setting {key!r}; {hint}")
        if not isinstance(values[key], str):
            raise UsageError(f'{path}: {key} must be a text in quotes, as in {key} = "…"')
    return values
