"""What the microservice tests share: the misbehaving services, the real ones over the network, and a loop to call them in."""

import asyncio
import http.client
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from core.microservices import http as client
from e2e.faulty import FaultyServices


@pytest.fixture
def run():
    """Runs a coroutine in a fresh loop, and closes the connections that it made."""

    def run(coroutine):
        async def main():
            try:
                return await coroutine
            finally:
                await client.aclose()

        return asyncio.run(main())

    return run


@pytest.fixture(scope="session")
def faulty_process():
    with FaultyServices() as services:
        yield services


@pytest.fixture
def faulty(faulty_process, settings, tmp_path):
    """Both services over the network, good until told otherwise."""
    faulty_process.reset()
    settings.PROMOS_URL = faulty_process.promos_url
    settings.RECOMMENDATIONS_URL = faulty_process.recommendations_url
    return faulty_process


@pytest.fixture
def embedded(settings, tmp_path):
    """Both services in this process, without anybody's events."""
    settings.PROMOS_URL = settings.RECOMMENDATIONS_URL = ""
    settings.RECOMMENDATIONS_DATABASE = str(tmp_path / "recommendations.sqlite3")


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    """{"promos": URL, "recommendations": URL, "database": path} of the services that come along, each served alone."""
    database = tmp_path_factory.mktemp("served") / "recommendations.sqlite3"
    with alone("promos", {}) as promos, alone("recommendations", {"RECOMMENDATIONS_DATABASE": str(database)}) as recommendations:
        yield {"promos": promos, "recommendations": recommendations, "database": database}


@pytest.fixture(params=["embedded", "over the network"])
def services(request, settings):
    """The services that come with the project, in both forms in which the site can call them."""
    if request.param == "embedded":
        return request.getfixturevalue("embedded")
    served = request.getfixturevalue("served")
    settings.PROMOS_URL, settings.RECOMMENDATIONS_URL = served["promos"], served["recommendations"]
    return served


@contextmanager
def alone(name, environment):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = f"core.microservices.reference.{name}:app"
    command = [sys.executable, "-m", "uvicorn", app, "--port", str(port), "--log-level", "warning"]
    process = subprocess.Popen(command, env=os.environ | environment)
    try:
        end = time.monotonic() + 20
        while ask(f"http://127.0.0.1:{port}/health") is None:
            assert process.poll() is None and time.monotonic() < end, f"{name} did not start"
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def ask(url, method="GET", body=None):
    """(status, body) of a plain request, None when nobody listens."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=5)
    try:
        connection.request(method, url.removeprefix(f"{parts.scheme}://{parts.netloc}"), body)
        response = connection.getresponse()
        return response.status, response.read()
    except ConnectionError:
        return None
    finally:
        connection.close()
