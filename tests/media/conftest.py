"""A server of pictures on loopback."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from support.media_servers import Server


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.server.shutdown()
    made.server.server_close()
