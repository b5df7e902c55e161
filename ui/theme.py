"""The look of the page: paper and ink, one deep teal, system fonts only, light and dark.

Colours that carry text keep a contrast of at least 4.5:1 on their ground in both schemes
(`tests/test_ui_theme.py` computes it). Sizes and layout are in the style sheets of `assets`.
"""

from __future__ import annotations

from pathlib import Path

import gradio as gr

ASSETS = Path(__file__).parent / "assets"
SANS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "DejaVu Sans", "sans-serif")
MONO = ("ui-monospace", "SFMono-Regular", "Menlo", "Consolas", "DejaVu Sans Mono", "monospace")

# Names are roles; each has a light and a dark value. Written into the page as --ibid-<role>.
LIGHT = {
    "ground": "#faf8f3",
    "card": "#ffffff",
    "ink": "#1d2327",
    "soft": "#565e66",
    "rule": "#e1dccf",
    "accent": "#14566b",
    "accent-ink": "#ffffff",
    "mark": "#fdecaf",
    "mark-ink": "#1d2327",
    "good": "#1d5c3a",
    "good-ground": "#e3f1e6",
    "fair": "#744700",
    "fair-ground": "#fbeccc",
    "none": "#7b2436",
    "none-ground": "#f8e3e4",
}
DARK = {
    "ground": "#14181b",
    "card": "#1c2226",
    "ink": "#e9e6df",
    "soft": "#a9b0b6",
    "rule": "#323a40",
    "accent": "#86c5d8",
    "accent-ink": "#0d2129",
    "mark": "#5c4b12",
    "mark-ink": "#fdf6dd",
    "good": "#9ad6b0",
    "good-ground": "#1b3325",
    "fair": "#efc57c",
    "fair-ground": "#3a2d12",
    "none": "#f0a9b2",
    "none-ground": "#3d2026",
}


def theme() -> gr.themes.Base:
    """Gradio's own components in the colours of the page."""
    base = gr.themes.Base(font=SANS, font_mono=MONO, radius_size=gr.themes.sizes.radius_md)
    roles = {
        "body_background_fill": "ground",
        "background_fill_primary": "card",
        "background_fill_secondary": "ground",
        "body_text_color": "ink",
        "body_text_color_subdued": "soft",
        "block_background_fill": "card",
        "block_label_text_color": "soft",
        "block_title_text_color": "ink",
        "block_info_text_color": "soft",
        "block_border_color": "rule",
        "border_color_primary": "rule",
        "border_color_accent": "accent",
        "color_accent": "accent",
        "color_accent_soft": "ground",
        "link_text_color": "accent",
        "link_text_color_hover": "accent",
        "link_text_color_visited": "accent",
        "link_text_color_active": "accent",
        "input_background_fill": "card",
        "input_border_color": "rule",
        "input_border_color_focus": "accent",
        "input_placeholder_color": "soft",
        "button_primary_background_fill": "accent",
        "button_primary_background_fill_hover": "accent",
        "button_primary_text_color": "accent-ink",
        "button_secondary_background_fill": "card",
        "button_secondary_background_fill_hover": "ground",
        "button_secondary_border_color": "rule",
        "button_secondary_text_color": "ink",
        "checkbox_background_color_selected": "accent",
        "checkbox_border_color_selected": "accent",
        "checkbox_label_background_fill": "card",
        "checkbox_label_background_fill_selected": "card",
        "checkbox_label_text_color_selected": "ink",
        "slider_color": "accent",
    }
    values = {name: f"var(--ibid-{role})" for name, role in roles.items()}
    values |= {f"{name}_dark": value for name, value in values.items() if hasattr(base, f"{name}_dark")}
    return base.set(**values)


def css() -> str:
    """The page's style sheet: the colour roles, then the files of `assets`."""
    return (
        _roles(":root", LIGHT)
        + _roles(".dark", DARK)
        + "".join(map(_asset, ("page.css", "papers.css", "screen.css", "review.css")))
    )


def head() -> str:
    """What goes into the page's head: its scripts, inline, as nothing is loaded by address."""
    return "".join(
        f"<script>{_asset(name)}</script>" for name in ("screen.js", "papers.js", "pictures.js", "page.js")
    )


def _asset(name: str) -> str:
    return (ASSETS / name).read_text("utf-8")


def _roles(selector: str, colours: dict[str, str]) -> str:
    return selector + " {" + " ".join(f"--ibid-{role}: {value};" for role, value in colours.items()) + "}\n"
