"""The block that `conftest.py` puts between the tests and the network."""

import os
import socket
import threading

import pytest


@pytest.mark.parametrize(
    "leave",
    [
        lambda: socket.create_connection(("192.0.2.1", 80), timeout=0.1),
        lambda: socket.getaddrinfo("example.com", 443),
        lambda: socket.socket().connect_ex(("203.0.113.5", 80)),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("198.51.100.7", 53)),
        lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::1", 80)),
    ],
    ids=["connection", "name", "connect_ex", "datagram", "ipv6"],
)
def test_leaving_the_machine_fails_with_the_address(leave, network):
    with pytest.raises(pytest.fail.Exception, match="example.com|192.0|203.0|198.51|2001:db8"):
        leave()
    assert len(network.refused) == 1
    network.refused.clear()


def test_an_attempt_that_a_thread_swallows_is_noted(network):
    def hidden():
        try:
            socket.getaddrinfo("telemetry.example.com", 443)
        except BaseException:
            pass

    thread = threading.Thread(target=hidden)
    thread.start()
    thread.join()
    assert network.refused == ["telemetry.example.com"]
    network.refused.clear()


def test_loopback_is_open():
    with socket.create_server(("127.0.0.1", 0)) as server:
        with socket.create_connection(server.getsockname(), timeout=2) as client:
            assert client.getpeername() == server.getsockname()


def test_settings_of_the_user_are_out_of_reach(tmp_path):
    from rag.config import config_path, data_folder

    assert data_folder().is_relative_to(tmp_path)
    assert config_path().is_relative_to(tmp_path)
    assert "OPENAI_API_KEY" not in os.environ
    assert os.environ["HF_HUB_OFFLINE"] == "1"
