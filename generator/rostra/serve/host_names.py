"""Which names of this machine the preview server answers to."""

from __future__ import annotations

import socket
from ipaddress import ip_address

LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})


def answers_to(host: str, called: str) -> bool:
    """Whether a server that listens on ``host`` answers requests for a host name.

    Otherwise a page elsewhere could point its own name at this machine and read the preview (DNS rebinding);
    numeric addresses cannot be abused like that.
    """
    if called in LOOPBACK or called == (f"[{host}]" if ":" in host else host.lower()):
        return True
    if host in LOOPBACK or host == "::1":
        return False
    if called in (socket.gethostname().lower(), socket.getfqdn().lower()):
        return True
    try:
        return bool(ip_address(called.strip("[]")))
    except ValueError:
        return False
