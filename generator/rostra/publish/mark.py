"""The file by which a branch or a bucket is known to be ours."""

from __future__ import annotations

import re

import msgspec
from msgspec import Struct

from rostra import __version__
from rostra.errors import RostraError
from rostra.publish.difference import printable

MARK = ".rostra-published"


class PublishMark(Struct, frozen=True, kw_only=True):
    """Who published last: the version of Rostra, and the commit that the site was built from, where it is known.

    ``unsure`` are files of which nobody knows whether they were written, because the writing broke off.
    """

    version: str
    source: str | None = None
    unsure: tuple[str, ...] = ()


def encode_mark(mark: PublishMark) -> bytes:
    """The mark as it is published."""
    return msgspec.json.format(msgspec.json.encode(mark), indent=1) + b"\n"


def decode_mark(content: bytes) -> PublishMark:
    """A mark that was published; raises RostraError where it is none."""
    try:
        return msgspec.json.decode(content, type=PublishMark)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise RostraError(
            f"{MARK} there is not as Rostra writes it: {error}", hint="look who changed it; publish elsewhere meanwhile"
        ) from error


def refuse_older(mark: PublishMark) -> None:
    """Raises RostraError where a later version of Rostra published last."""
    if _order(mark.version) > _order(__version__):
        raise RostraError(
            f"Rostra {printable(mark.version)} published last, and this is {__version__}",
            hint=f"install Rostra {printable(mark.version)} or later, so that nothing of it is lost",
        )


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])
