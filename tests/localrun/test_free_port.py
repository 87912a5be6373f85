"""Ports that servers are given to listen on."""

from pathlib import Path

import pytest

from localrun.processes import free_port, port_is_free

RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


@pytest.mark.skipif(not RANGE.exists(), reason="the system does not tell the range")
def test_no_outgoing_connection_can_take_the_port_of_a_server() -> None:
    first = int(RANGE.read_text().split()[0])
    for _ in range(50):
        port = free_port()
        assert 1024 < port < first
        assert port_is_free(port)
