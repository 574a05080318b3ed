"""Decode an image and write it anew, without anything but its pixels.

Everything but pixels (EXIF, XMP, comments, thumbnails, text, colour profiles, bytes after the end) is removed on
purpose: it contains places, names and programs.  A rotation in EXIF and a colour profile are applied first.  Animations
stay animated.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from rostra.i18n import reasons
from rostra.media.kinds import AVIF, GIF, JPEG, PNG, WEBP, Kind

if TYPE_CHECKING:
    from PIL.Image import Image

PIXELS = 64_000_000
"""The most pixels of an image; each takes up to four bytes."""
FRAMES = 128_000_000
"""The most pixels of all frames of an animation."""
WIDTHS = (720, 1440)
"""The widths of smaller copies: a post's column, and the same on a screen with twice as many pixels."""
WORTH = 1.25
"""How many times wider than a smaller copy an image must be."""
FORMATS = {JPEG: "JPEG", PNG: "PNG", GIF: "GIF", WEBP: "WEBP", AVIF: "AVIF"}
OPAQUE = {"1", "L", "RGB", "P"}


class Unfit(Exception):
    """An image is not published; the message is the reason, a sentence."""


class Rewritten(NamedTuple):
    """An image written anew: its pixels' width and height, its bytes, and smaller copies by their widths, as WebP."""

    width: int
    height: int
    content: bytes
    smaller: tuple[tuple[int, bytes], ...]


def rewritten(original: Path, kind: Kind) -> Rewritten:
    """Return an image without metadata; raise Unfit if it is damaged, or too large to be decoded."""
    from PIL import Image

    with _unwarned(), original.open("rb") as stream:
        try:
            with Image.open(stream, formats=[FORMATS[kind]]) as image:
                _refuse_bomb(image)
                if getattr(image, "n_frames", 1) > 1:
                    return _animated(image, kind)
                return _still(image, kind)
        except Unfit:
            raise
        except Image.DecompressionBombError as error:
            raise Unfit(reasons.BOMB) from error
        except MemoryError:
            raise
        except Exception as error:
            # The decoders raise anything on damaged data: OSError, ValueError, SyntaxError, struct.error …
            raise Unfit(reasons.DAMAGED) from error


@contextmanager
def _unwarned() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _refuse_bomb(image: Image) -> None:
    """Raise Unfit by the header alone, before anything is decoded."""
    pixels = image.width * image.height
    if not pixels:
        raise Unfit(reasons.NO_PIXELS)
    if pixels > PIXELS:
        raise Unfit(reasons.MANY_PIXELS % {"num": pixels // 1_000_000, "most": PIXELS // 1_000_000})


def _still(image: Image, kind: Kind) -> Rewritten:
    from PIL import ImageOps

    image.load()
    tables = getattr(image, "quantization", None)
    sampling = _sampling(image) if kind is JPEG else -1
    pixels = _in_srgb(ImageOps.exif_transpose(image))
    if kind is JPEG and pixels.mode not in ("L", "RGB"):
        pixels = pixels.convert("RGB")
    content = _encoded(pixels, kind, tables, sampling)
    smaller = tuple(_smaller(pixels, len(content)))
    return Rewritten(pixels.width, pixels.height, content, smaller)


def _in_srgb(image: Image) -> Image:
    """Return the image without metadata, its colours as sRGB."""
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        from PIL import ImageCms

        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
            image = converted or image
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # without a usable profile, the pixels are taken as they are
    bare = image.copy()
    bare.info = {"transparency": image.info["transparency"]} if "transparency" in image.info else {}
    return bare


def _sampling(image: Any) -> int:
    """Return the colour sampling of a JPEG, so that re-encoding loses no more."""
    from PIL import JpegImagePlugin

    return int(JpegImagePlugin.get_sampling(image))


def _encoded(image: Image, kind: Kind, tables: dict[int, list[int]] | None = None, sampling: int = -1) -> bytes:
    out = BytesIO()
    if kind is JPEG:
        # With the same tables as before, rounded values are rounded to the same values again.
        own = {"qtables": tables} if tables and image.mode == "RGB" and len(tables) > 1 else {"quality": 90}
        sampled = {"subsampling": sampling} if sampling >= 0 and image.mode == "RGB" else {}
        image.save(out, "JPEG", optimize=True, progressive=True, **own, **sampled)
    elif kind is PNG:
        image.save(out, "PNG", optimize=False, compress_level=7)
    elif kind is WEBP:
        image.save(out, "WEBP", quality=88, method=4)
    elif kind is AVIF:
        image.save(out, "AVIF", quality=75, speed=8, max_threads=1)
    else:
        image.save(out, "GIF")
    return out.getvalue()


def _smaller(image: Image, size: int) -> Iterator[tuple[int, bytes]]:
    """Yield smaller copies that take fewer bytes; for a narrow image one of its own width, if that is much smaller."""
    from PIL import Image

    wide = "RGB" if image.mode in OPAQUE and "transparency" not in image.info else "RGBA"
    last = image
    found: list[tuple[int, bytes]] = []
    for width in sorted((each for each in WIDTHS if image.width >= each * WORTH), reverse=True):
        height = max(1, round(image.height * width / image.width))
        last = (last if last.mode == wide else last.convert(wide)).resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)  # fmt: skip
        out = BytesIO()
        last.save(out, "WEBP", quality=80, method=4)
        if len(out.getvalue()) < size:
            found.append((width, out.getvalue()))
    yield from reversed(found)


def _animated(image: Any, kind: Kind) -> Rewritten:
    """Return an animation with its frames, their times and its number of repeats."""
    from PIL import ImageSequence

    count = image.n_frames
    if count * image.width * image.height > FRAMES:
        raise Unfit(reasons.MANY_FRAMES % {"num": count, "most": FRAMES // 1_000_000})
    loop = image.info.get("loop")
    times = list[int]()

    def bare() -> Iterator[Image]:
        for frame in ImageSequence.Iterator(image):
            times.append(int(frame.info.get("duration", 100) or 0))
            copy = frame.convert("RGBA")
            copy.info = {}
            yield copy

    first, *rest = bare()
    out = BytesIO()
    options: dict[str, Any] = {"save_all": True, "append_images": rest, "duration": times}
    if loop is not None:
        options["loop"] = loop
    if kind is GIF:
        options["disposal"] = 2
    elif kind is WEBP:
        options |= {"quality": 85, "method": 3}
    elif kind is AVIF:
        options |= {"quality": 70, "speed": 8, "max_threads": 1}
    first.save(out, FORMATS[kind], **options)
    return Rewritten(image.width, image.height, out.getvalue(), ())
