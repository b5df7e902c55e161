"""One writer at a time: a lock file in the library, and the process id of who holds it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import LibraryError

LOCK_FILE = "writer.lock"
PID_FILE = "writer.pid"


@contextmanager
def writer_lock(library: Path, wait_s: float = 0.2) -> Iterator[None]:
    """Hold the library's only write permission.

    The operating system frees the lock when its holder dies, so a killed writer blocks nobody.

    :raises LibraryError: when another process still writes after `wait_s` seconds.
    """
    lock = FileLock(library / LOCK_FILE)
    try:
        lock.acquire(timeout=wait_s, poll_interval=0.05)
    except Timeout:
        raise LibraryError(
            f"{library} is being written by {_holder(library)}; try again when it is done"
        ) from None
    except OSError as error:
        raise LibraryError(f"{library} cannot be written: {error.strerror or error}") from error
    try:
        (library / PID_FILE).write_text(str(os.getpid()), encoding="ascii")
        yield
    finally:
        lock.release()


def _holder(library: Path) -> str:
    try:
        return f"process {int((library / PID_FILE).read_text(encoding='ascii'))}"
    except (OSError, ValueError):
        return "another process"
