"""The one way the page listens to small events: at once, without a spinner, never public."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def listen(
    event: Callable[..., Any],
    handler: Callable[..., Any],
    inputs: Any,
    outputs: Any,
    *,
    says: bool = False,
    **more: Any,
) -> Any:
    """Answer an event at once; `more` goes to Gradio as it is.

    `says` is for a handler with a passing message (`gr.Info`, `gr.Warning`): Gradio drops the messages
    of what runs past its queue, so such a handler runs in it, waiting for nothing.
    """
    return event(
        handler,
        inputs,
        outputs,
        queue=says,
        concurrency_limit=None,
        show_progress="hidden",
        api_visibility="private",
        **more,
    )
