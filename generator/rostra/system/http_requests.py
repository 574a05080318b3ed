"""Requests to servers that strangers named: not within private networks, and with limits on time."""

from __future__ import annotations

import http.client
import ipaddress
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

PATIENCE = 20.0
"""How many seconds to wait for the beginning of an answer, and for more of it."""
LONGEST_WAIT = 60.0
"""The most seconds that a host may request with ``Retry-After``; one that requests more is skipped."""


@contextmanager
def requesting(
    method: str, url: str, headers: Mapping[str, str], *, private: bool = False
) -> Iterator[http.client.HTTPResponse]:
    """Send one request and yield the response, with its body unread.

    ``private`` allows addresses of this machine and its network.  Raise OSError, HTTPException or ValueError.
    """
    parts = urlsplit(url)
    if not parts.hostname or parts.scheme not in ("http", "https"):
        raise ValueError("no host")
    port = parts.port or (443 if parts.scheme == "https" else 80)
    place = _place(parts.hostname, port, private=private)
    connection: http.client.HTTPConnection
    if parts.scheme == "https":
        connection = http.client.HTTPSConnection(parts.hostname, port, timeout=PATIENCE)
    else:
        connection = http.client.HTTPConnection(parts.hostname, port, timeout=PATIENCE)
    # Connect to the address that was checked: another look-up of the name may give another one.
    connection._create_connection = lambda _, *rest: socket.create_connection(place, *rest)  # type: ignore[attr-defined]  # noqa: SLF001  # the only way to say where
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request(method, quote(path, safe="/%?=&;:@!$'()*+,~[]-._"), headers=dict(headers))
        yield connection.getresponse()
    finally:
        connection.close()


def _place(host: str, port: int, *, private: bool) -> tuple[str, int]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise ValueError(f"{host!r} is not a host") from error
    for *_, place in found:
        if private or ipaddress.ip_address(str(place[0]).partition("%")[0]).is_global:
            return str(place[0]), port
    raise ValueError("it is in a private network, and is not requested")


def asked_wait(said: str | None, now: float) -> float | None:
    """Return the seconds that ``Retry-After`` requests (RFC 9110, 10.2.3); None if it requests none, or too many."""
    if said is None:
        return None
    try:
        seconds = float(said) if said.strip().isdigit() else parsedate_to_datetime(said).timestamp() - now
    except (TypeError, ValueError):
        return None
    return max(0.0, seconds) if seconds <= LONGEST_WAIT else None
