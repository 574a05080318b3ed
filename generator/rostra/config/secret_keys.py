"""Secret keys, each in a file beside a site's settings, readable only by its owner."""

from __future__ import annotations

import secrets

from rostra.config.site import Site
from rostra.errors import RostraError, UsageError

REDACTIONS = "redactions.key"
"""The key for addresses of debates and posts whose usual addresses would reveal something redacted."""
LOST = "the addresses of debates and posts that would reveal a name change"


def load_key(site: Site, name: str, lost: str) -> bytes:
    """Return a site's key of this name; create it if there is none.  ``lost`` says what happens without it.

    Raise UsageError if the file is not a key, and RostraError if a locked site has none.
    """
    path = site.root / name
    if not path.exists():
        if site.locked:
            hint = "give it to the machine that builds, as a secret file beside rostra.toml"
            raise RostraError(f"the key is missing, and with a new one {lost}", path=name, hint=hint)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise UsageError("this is not a key", path=name, hint=f"restore it; without it {lost}") from error
    if not key:
        raise UsageError("this key is empty", path=name, hint=f"restore it; without it {lost}")
    return key
