"""Secret keys, each in a file beside a site's settings, that only its owner may read."""

from __future__ import annotations

import secrets
from pathlib import Path

from rostra.errors import UsageError


def load_key(root: Path, name: str, lost: str) -> bytes:
    """A site's key of a name, made where there is none yet; raises UsageError where it is no key, with what is ``lost`` without it."""
    path = root / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise UsageError("this is no key", path=name, hint=f"restore it; without it {lost}") from error
    if not key:
        raise UsageError("this key is empty", path=name, hint=f"restore it; without it {lost}")
    return key
