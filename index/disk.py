"""Every durable write of a library goes through these few functions.

The order that survives a crash is always the same: write under a temporary name, `sync_file`
each file, `sync_dir` the folder, `replace`, `sync_dir` the parent. Keeping the calls here lets
a test stop the process before any one of them. A failed sync is never retried: the kernel may
have dropped the pages and would then report success for data that is gone.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path


def write_file(path: Path, data: bytes) -> None:
    """Write `data` to `path` and force it to the disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def sync_file(path: Path) -> None:
    """Force what another library has written to `path` to the disk."""
    descriptor = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_dir(path: Path) -> None:
    """Force the names inside a folder to the disk (Windows does so by itself)."""
    if os.name == "nt":
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace(source: Path, target: Path) -> None:
    """Rename in one step; `target` is the old file or the new one, never a part of either."""
    os.replace(source, target)


def remove_tree(path: Path) -> None:
    """Delete a folder or file; what another process still holds open stays for the next sweep."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def tree_bytes(path: Path) -> int:
    """The size of all files below a folder."""
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            try:
                total += os.stat(os.path.join(folder, name)).st_size
            except FileNotFoundError:  # swept by a writer meanwhile
                continue
    return total
