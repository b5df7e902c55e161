"""What stands between the page and everything else: environment, headers, and four middlewares.

The app is for one user on one computer. It answers to loopback names only, takes no request that
another site's page sends, loads nothing from outside, and bounds what can be uploaded. Pure ASGI,
so that streamed answers pass through unbuffered.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterable
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MB = 1024 * 1024
LARGEST_FILE = "10mb"
LARGEST_UPLOAD = 40 * MB
LARGEST_BODY = 1 * MB
UPLOAD_QUOTA = 200 * MB
UPLOAD_PATH = "/gradio_api/upload"

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; font-src 'self' data:; connect-src 'self'; "
    "frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
RESPONSE_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"]


def prepare_environment() -> Path:
    """Set what Gradio and the Hugging Face libraries read when imported; returns the upload folder.

    Call it before the first import of gradio. The folder is private and goes away at exit.
    """
    folder = Path(tempfile.mkdtemp(prefix="ibid-ui-"))  # mode 0700
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ.update(
        GRADIO_ANALYTICS_ENABLED="False",
        HF_HUB_OFFLINE="1",
        HF_HUB_DISABLE_TELEMETRY="1",
        DO_NOT_TRACK="1",
        GRADIO_TEMP_DIR=str(folder),
    )
    os.environ.pop("GRADIO_VIBE_MODE", None)  # it lets any visitor run code
    return folder


def is_loopback(host: str) -> bool:
    """Whether a server bound to this host is reachable from this computer alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def blocked_paths(folders: Iterable[Path], keep: Path) -> list[str]:
    """The folders as paths that the server must not serve, leaving out `keep` and what leads to it.

    A block takes precedence over everything in Gradio, so a folder that holds `keep` (the upload
    folder) is replaced by its other entries.
    """
    found: list[str] = []
    keep = keep.resolve()
    for folder in folders:
        folder = folder.resolve()
        if keep.is_relative_to(folder):
            if folder.parent == folder:  # the root of the disk: too wide to list
                continue
            entries = [entry for entry in _entries(folder) if not keep.is_relative_to(entry)]
            found += [str(entry) for entry in entries]
        elif not folder.is_relative_to(keep):
            found.append(str(folder))
    return sorted(set(found))


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []


class SecurityHeaders:
    """Adds the content security policy and its companions to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in RESPONSE_HEADERS.items():
                    headers[name] = value
            await send(message)

        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class SameOrigin:
    """Refuses, with 403, a request that changes something and comes from another site's page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if (
            scope["type"] == "http"
            and scope["method"] not in ("GET", "HEAD")
            and _is_foreign(Headers(scope=scope))
        ):
            await PlainTextResponse("Requests from other sites are refused.", 403)(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _is_foreign(headers: Headers) -> bool:
    """Browsers send `Origin` with every such request; programs (curl) send neither header."""
    if headers.get("sec-fetch-site") == "cross-site":
        return True
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != headers.get("host")


class BodyLimit:
    """Refuses, with 413, a body over its limit, and an upload once the upload folder is full.

    Gradio's own limit counts each file of a request apart. A body without a declared length is
    counted as it comes.
    """

    def __init__(self, app: ASGIApp, upload_folder: Path, quota: int = UPLOAD_QUOTA) -> None:
        self.app = app
        self.upload_folder = upload_folder
        self.quota = quota

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            await self.app(scope, receive, send)
            return
        limit = self._limit(scope["path"])
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdecimal() or int(declared) > limit:
            await _too_large(scope, receive, send)
            return
        seen = 0
        started = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > limit:
                raise _BodyTooLarge
            return message

        async def noted(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, counted, noted)
        except _BodyTooLarge:
            if not started:
                await _too_large(scope, receive, send)

    def _limit(self, path: str) -> int:
        if not path.endswith(UPLOAD_PATH):
            return LARGEST_BODY
        used = sum(f.stat().st_size for f in self.upload_folder.rglob("*") if f.is_file())
        return max(0, min(LARGEST_UPLOAD, self.quota - used))


class _BodyTooLarge(Exception):
    """More came than the limit allows."""


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("That is more than this page takes at once.", 413)(scope, receive, send)


def protect(app: Starlette, upload_folder: Path, *, hosts: Iterable[str] = LOOPBACK_NAMES) -> None:
    """Put the middlewares on the app; the last one added sees a request first."""
    app.add_middleware(BodyLimit, upload_folder=upload_folder)
    app.add_middleware(SameOrigin)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.add_middleware(SecurityHeaders)
