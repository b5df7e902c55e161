"""Pairs of papers that may be one work: listed for a person to decide, and the decision kept.

A confirmed pair becomes one paper, and a record that was merged so is known again when it is added
again. A rejected pair is never listed again.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

from index.build import writing
from index.catalog import Catalog
from index.dedupe import identity_keys, merge, record_key
from index.edits import editing
from index.encoders import Encoder
from index.errors import LibraryError
from index.intake import Intake
from index.likeness import Likeness, compare
from index.publish import publish
from index.types import Paper

MOST_OF_A_KEY = 30  # papers under one key that are compared with each other
_SHARED = (
    "SELECT group_concat(paper) FROM identities"
    " WHERE substr(key, 1, 2) IN ('t:', 's:', 'e:', 'p:', 'a:', 'x:') OR substr(key, 1, 4) = 'doi:'"
    " GROUP BY key HAVING count(*) > 1"
)


def doubtful_pairs(catalog: Catalog) -> Iterator[tuple[Paper, Paper]]:
    """Pairs that share a key, are doubtful, and have not been decided; the one added first stands first."""
    decided = catalog.judged_pairs() or frozenset()
    numbers = {
        pair
        for (group,) in catalog.rows(_SHARED)
        for pair in combinations(sorted(map(int, group.split(",")))[:MOST_OF_A_KEY], 2)
    }
    papers = catalog.papers_by_number({number for pair in numbers for number in pair})
    for first, second in sorted(numbers):
        a, b = papers[first], papers[second]
        if frozenset((a.id, b.id)) not in decided and compare(a, b) is Likeness.DOUBTFUL:
            yield a, b


def keep_apart(path: Path | str, a_id: str, b_id: str) -> None:
    """Note that two papers are two works. :raises LibraryError: for an unknown id."""
    with writing(Path(path)) as catalog:
        a, b = _two(catalog, a_id, b_id)
        with editing(catalog) as edit:
            edit.judge(a.id, b.id)


def unite(path: Path | str, a_id: str, b_id: str, encoder: Encoder) -> Paper:
    """Make two papers one under the first one's id. :raises LibraryError: for an unknown id."""
    with writing(Path(path)) as catalog:
        a, b = _two(catalog, a_id, b_id)
        merged = merge(a, b, keep_id=a.id)
        Intake(catalog, encoder).store([merged])
        with editing(catalog) as edit:
            edit.remove(b.id)
            edit.know(a.id, [*identity_keys(b), record_key(a), record_key(b)])
        publish(catalog)
    return merged


def _two(catalog: Catalog, a_id: str, b_id: str) -> tuple[Paper, Paper]:
    a, b = catalog.paper(a_id), catalog.paper(b_id)
    if a.id == b.id:
        raise LibraryError(f"{a_id} and {b_id} are one paper already; `ibid index duplicates` lists pairs")
    return a, b
