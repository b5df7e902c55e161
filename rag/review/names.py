"""The papers of a library by the names that an outline or an instruction gives them: key or id."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from index.types import Paper


class Names:
    """What papers are called."""

    def __init__(self, papers: Iterable[Paper], key: Callable[[Paper], str]) -> None:
        self.by_key = {key(p): p.id for p in papers}
        self._ids = set(self.by_key.values())

    def find(self, name: str) -> str | None:
        """The id that a key or id stands for."""
        return name if name in self._ids else self.by_key.get(name)

    def of(self, names: list[str] | None) -> tuple[str, ...]:
        """Ids of keys or ids; unknown ones stay, to be told."""
        return tuple(self.find(n.removeprefix("@")) or n for n in names or ())
