"""The one way the page listens to small events: at once, without a spinner, never public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def listen(
    event: Callable[..., Any], handler: Callable[..., Any], inputs: Any, outputs: Any, **more: Any
) -> Any:
    """Answer an event past the queue; `more` goes to Gradio as it is."""
    return event(
        handler, inputs, outputs, queue=False, show_progress="hidden", api_visibility="private", **more
    )
