"""The file that marks a branch or a bucket as ours."""

from __future__ import annotations

import re

import msgspec
from msgspec import Struct

from rostra import __version__
from rostra.errors import RostraError
from rostra.publish.difference import terminal_text

MARK = ".rostra-published"


class PublishMark(Struct, frozen=True, kw_only=True):
    """Who published last: the version of Rostra, and the source commit, if known.

    ``unsure`` are files that may or may not have been written, because publishing was interrupted.
    """

    version: str
    source: str | None = None
    unsure: tuple[str, ...] = ()


def encode_mark(mark: PublishMark) -> bytes:
    """Return the published form of a mark."""
    return msgspec.json.format(msgspec.json.encode(mark), indent=1) + b"\n"


def decode_mark(content: bytes) -> PublishMark:
    """Parse a published mark; raises RostraError if it is not one."""
    try:
        return msgspec.json.decode(content, type=PublishMark)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RostraError(
            f"{MARK} there is not as Rostra writes it: {error}",
            hint="find out who changed it; until then, publish elsewhere",
        ) from error


def refuse_older(mark: PublishMark) -> None:
    """Raise RostraError if a later version of Rostra published last."""
    if _order(mark.version) > _order(__version__):
        raise RostraError(
            f"Rostra {terminal_text(mark.version)} published last, and this is {__version__}",
            hint=f"install Rostra {terminal_text(mark.version)} or later, so that nothing of it is lost",
        )


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
