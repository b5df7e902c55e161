"""The strategies by name. To add one: a class over `Single`, and a row here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from index.errors import UsageError

if TYPE_CHECKING:
    from rag.strategies.single import Single

# On 53 development questions without a model no other strategy was better: uncertainty changed no answer and
# took 1.6 times as long; an ensemble of quotations is the quotation.
DEFAULT = "single"
STRATEGIES = {
    "single": "rag.strategies.single:Single",
    "iterative": "rag.strategies.iterative:Iterative",
    "uncertainty": "rag.strategies.uncertainty:Uncertainty",
    "ensemble": "rag.strategies.ensemble:Ensemble",
    "explain": "rag.strategies.explain:Explain",
}


def check_strategy(name: str) -> str:
    """The name, if there is such a strategy. :raises UsageError: there is none; names those there are."""
    if name not in STRATEGIES:
        *others, last = STRATEGIES
        raise UsageError(f"--strategy {name!r} does not exist; choose {', '.join(others)} or {last}")
    return name


def load_strategy(name: str) -> Single:
    """The strategy of that name. :raises UsageError: there is none."""
    module, _, cls = STRATEGIES[check_strategy(name)].partition(":")
    strategy: Single = getattr(import_module(module), cls)()
    return strategy
