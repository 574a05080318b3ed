"""Secret keys, each in a file beside a site's settings, that only its owner may read."""

from __future__ import annotations

import secrets

from rostra.config.site import Site
from rostra.errors import RostraError, UsageError

REDACTIONS = "redactions.key"
"""What makes the addresses of debates and posts whose own would tell what is redacted."""
LOST = "the addresses of debates and posts that would tell a name change"


def load_key(site: Site, name: str, lost: str) -> bytes:
    """A site's key of a name, made where there is none yet; without it, what is ``lost`` happens.

    Raises UsageError where it is no key, and RostraError for a locked site without one.
    """
    path = site.root / name
    if not path.exists():
        if site.locked:
            hint = "give it to the machine that builds, as a secret file beside rostra.toml"
            raise RostraError(f"there is no key, and with a new one {lost}", path=name, hint=hint)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise UsageError("this is no key", path=name, hint=f"restore it; without it {lost}") from error
    if not key:
        raise UsageError("this key is empty", path=name, hint=f"restore it; without it {lost}")
    return key
