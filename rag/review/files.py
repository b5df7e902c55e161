"""Files of a review are whole or as they were: written aside, then put in place in one step each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from index.disk import replace, write_file
from index.errors import IbidError


def write_all(files: Mapping[Path, bytes]) -> None:
    """Write every file aside first and only then exchange them, so that a full disk loses nothing.

    :raises IbidError: a file cannot be written; none of the old ones has been touched.
    """
    parts = {path: path.with_name(f".{path.name}.part") for path in files}
    path = next(iter(files), Path())
    try:
        for path, data in files.items():
            write_file(parts[path], data)
        for path, part in parts.items():
            replace(part, path)
    except OSError as error:
        raise IbidError(
            f"{path}: not written ({error.strerror or error}); what was there is as it was: "
            "free some space or choose another place with -o"
        ) from error
    finally:
        for part in parts.values():
            _discard(part)


def _discard(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return
