"""Both services for the member's pages: the real ones in this process, or none at all."""

import socket

import pytest
from asgiref.sync import async_to_sync

from core.microservices import http as client


@pytest.fixture(autouse=True)
def services(settings, tmp_path):
    """The services that come along, without anybody's events."""
    settings.PROMOS_URL = settings.RECOMMENDATIONS_URL = ""
    settings.RECOMMENDATIONS_DATABASE = str(tmp_path / "recommendations.sqlite3")
    yield
    async_to_sync(close_connections)()


async def close_connections():
    # Django's test client gives every request a loop of its own, so nobody else closes what that loop opened.
    for service in client._services:
        for _, session in list(service._sessions.items()):
            await session.close()


@pytest.fixture
def dead_port():
    """An address on this machine where nobody listens."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{held.getsockname()[1]}"


@pytest.fixture
def no_promos(settings, dead_port):
    settings.PROMOS_URL = dead_port


@pytest.fixture
def no_recommendations(settings, dead_port):
    settings.RECOMMENDATIONS_URL = dead_port
