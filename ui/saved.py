"""Files made for download: where they lie for a while, and the line that says one is there."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from gradio.utils import get_upload_folder

from ui.escaping import escape

EXPORT_FOLDER = "ibid-export-"
EXPORTS_KEPT = 2


def saved_html(path: Path, badge: str, said: str = "") -> str:
    """A line with the file's name, by whose id the page's script knows that the file is there.

    :param said: stands before the name, as HTML.
    """
    mark = path.parent.name.removeprefix(EXPORT_FOLDER).encode().hex()
    line = f'<p class="outcome answered saved" id="saved-{mark}"><span class="badge">{badge}</span>'
    return f"{line}<span>{said}{escape(path.name)}</span></p>"


def export_folder() -> Path:
    """A new folder among the private uploads; the exports before the last few go."""
    uploads = Path(get_upload_folder())
    uploads.mkdir(parents=True, exist_ok=True)
    older = sorted(uploads.glob(f"{EXPORT_FOLDER}*"), key=lambda folder: folder.stat().st_mtime)
    for folder in older[: -EXPORTS_KEPT or None]:
        shutil.rmtree(folder, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=EXPORT_FOLDER, dir=uploads))
