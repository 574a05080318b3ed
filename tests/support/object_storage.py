"""Object storage on loopback, as moto serves it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from fsspec import get_filesystem_class

from support.optional_parts import missing


@contextmanager
def object_storage() -> Iterator[str]:
    """The address of an S3-compatible server."""
    try:
        from moto.server import ThreadedMotoServer
    except ImportError:
        missing("moto")
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


def use_storage(patch: pytest.MonkeyPatch, address: str) -> None:
    """Have clients of S3 use a server that accepts any key.

    A client keeps the address of the server with which it began, so those of earlier tests are forgotten.
    """
    get_filesystem_class("s3").clear_instance_cache()
    for name, value in (
        ("ENDPOINT_URL", address),
        ("ACCESS_KEY_ID", "none"),
        ("SECRET_ACCESS_KEY", "none"),
        ("DEFAULT_REGION", "us-east-1"),
    ):
        patch.setenv(f"AWS_{name}", value)
