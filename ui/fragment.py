"""The one component that shows HTML made by `ui.render`, `ui.sources` and the tabs.

`gr.HTML` compiles its template in the browser, which the content security policy forbids
(`unsafe-eval`), and passes on whatever it is given. Markdown needs neither, and sanitises: a second
line behind the escaping. Formulas stay off, as they would restore text that was escaped.
"""

from __future__ import annotations

from typing import Any

import gradio as gr


def fragment(html: str = "", **more: Any) -> gr.Markdown:
    """A place on the page that shows a fragment; `more` goes to Gradio as it is."""
    return gr.Markdown(html, sanitize_html=True, latex_delimiters=[], **more)
