"""`ibid doctor`: is everything in place, in ten lines."""

from __future__ import annotations

import sys

_PACKAGES = ("llama-index-core", "faiss-cpu", "tantivy", "torch", "transformers", "xllamacpp", "gradio")


def doctor() -> int:
    """Check packages, models and the default library."""
    import importlib.metadata

    from index.build import is_library
    from index.errors import IbidError
    from rag.config import Config
    from rag.models import list_models

    bad = 0
    for package in _PACKAGES:
        try:
            sys.stdout.write(f"ok       {package} {importlib.metadata.version(package)}\n")
        except importlib.metadata.PackageNotFoundError:
            sys.stdout.write(f"missing  {package}: pip install {package}\n")
            bad += 1
    for row in list_models():
        sys.stdout.write(f"{row.status:<8} {row.name}{'' if row.status == 'ok' else ': ' + row.how_to_get}\n")
        bad += row.status != "ok"
    library = Config.load().library
    if not is_library(library):
        sys.stdout.write(f"none     no library at {library} yet: ibid index add PATH\n")
        return 1 if bad else 0
    try:
        from index.audit import verify

        faults = verify(library).faults
        sys.stdout.write(f"{'damaged' if faults else 'ok':<8} library {library}\n")
        bad += bool(faults)
    except IbidError as error:
        sys.stdout.write(f"damaged  {error}\n")
        bad += 1
    return 1 if bad else 0
