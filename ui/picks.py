"""Boxes that are ticked in a fragment, as the page's script reports them: numbers with commas between."""

from __future__ import annotations

import re
from typing import Any

import gradio as gr

MOST = 50_000


def bridge(elem_id: str, label: str) -> gr.Textbox:
    """A box nobody sees, through which the page's script tells what was ticked or opened."""
    return gr.Textbox(visible="hidden", elem_id=elem_id, label=label, max_length=10 * MOST)


def numbers(value: Any) -> list[int]:
    """The numbers a client sent, each once; whatever is not a number is left out."""
    if not isinstance(value, str):
        return []
    found = re.findall(r"(?<![^,])\d{1,12}(?![^,])", value[: 10 * MOST])
    return list(dict.fromkeys(int(number) for number in found[:MOST]))
