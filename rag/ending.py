"""An end of one's own: set by itself, or by the end it hangs on."""

from __future__ import annotations

import threading


class End(threading.Event):
    """Set when its own work has ended or when `outer` is; setting it leaves `outer` alone."""

    def __init__(self, outer: threading.Event) -> None:
        super().__init__()
        self._outer = outer

    def is_set(self) -> bool:
        """Whether this or the outer end has come."""
        return super().is_set() or self._outer.is_set()
