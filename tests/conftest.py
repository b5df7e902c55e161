"""What holds for every test: no network, no settings or folders of the user who runs it.

The network block covers this process; servers that a test starts are its own and listen on
loopback. `tests/benchmarks/offline.py` watches whole processes.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from pathlib import Path

import pytest

# Read when the Hugging Face and Gradio libraries are imported, so set before any of them is.
os.environ.update(
    HF_HUB_OFFLINE="1", HF_HUB_DISABLE_TELEMETRY="1", GRADIO_ANALYTICS_ENABLED="False", DO_NOT_TRACK="1"
)

ROOT = Path(__file__).resolve().parent.parent
_FOREIGN = ("IBID_", "OPENAI_")  # settings of whoever runs the tests, and keys to things that cost money
_KEPT = ("IBID_SHARED", "IBID_KILLS")  # what the tests themselves read


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory):
    """The user's environment is out of reach, also for fixtures that live longer than one test."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.startswith(_FOREIGN) and name not in _KEPT or name.startswith("XDG_"):
                patch.delenv(name)
        patch.setenv("HOME", str(home))
        _redirect(patch, home)
        yield


@pytest.fixture(autouse=True)
def _own_library(tmp_path, monkeypatch):
    """Each test has its own default library, history and settings file."""
    _redirect(monkeypatch, tmp_path)


def _redirect(patch, folder):
    patch.setenv("IBID_HOME", str(folder / "ibid-home"))
    patch.setenv("IBID_CONFIG", str(folder / "ibid-config.toml"))


class Network:
    """Stands before `socket` and notes every attempt to leave the machine."""

    def __init__(self):
        self.refused = []

    def check(self, host):
        if isinstance(host, bytes):
            host = host.decode(errors="replace")
        if not _is_here(host):
            self.refused.append(host)
            pytest.fail(f"a test reached for the network: {host}", pytrace=True)


def _is_here(host):
    if host in (None, "", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


@pytest.fixture(scope="session", autouse=True)
def _network_block():
    network = Network()
    connect, connect_ex, sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
    getaddrinfo = socket.getaddrinfo

    def checked(real):
        def call(self, *args):
            if self.family in (socket.AF_INET, socket.AF_INET6):
                network.check(args[-1][0])
            return real(self, *args)

        return call

    def lookup(host, *args, **kwargs):
        network.check(host)
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", checked(connect))
        patch.setattr(socket.socket, "connect_ex", checked(connect_ex))
        patch.setattr(socket.socket, "sendto", checked(sendto))
        patch.setattr(socket, "getaddrinfo", lookup)
        yield network


@pytest.fixture(autouse=True)
def network(_network_block):
    """Fails a test whose code tried to leave the machine, also when a thread or an `except` hid it."""
    _network_block.refused.clear()
    yield _network_block
    if _network_block.refused:
        pytest.fail(f"a test reached for the network: {', '.join(map(str, _network_block.refused))}")


@pytest.fixture(scope="session")
def shared():
    """A folder of real papers and labelled questions beside the repository; tests that use it are extra."""
    folder = Path(os.environ.get("IBID_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"no data at {folder}; name its place with IBID_SHARED")
    return folder
