"""Pictures and recordings of our own making, with metadata that must not be published."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from PIL import Image, PngImagePlugin

TOLD = "51.5007 N 0.1246 W by Zeus"
"""What their metadata say."""


def picture(format: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **more: Any) -> bytes:
    """A picture whose left half is red, with EXIF, XMP, a comment and text where the format has them."""
    image = Image.new(mode, size, "white")
    image.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    exif = Image.Exif()
    exif[0x010E] = TOLD
    exif[0x0112] = more.pop("orientation", 1)
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", TOLD)
    own: dict[str, Any] = {
        "JPEG": {"exif": exif, "comment": TOLD.encode(), "xmp": TOLD.encode()},
        "PNG": {"pnginfo": text, "exif": exif},
        "WEBP": {"exif": exif, "xmp": TOLD.encode()},
        "AVIF": {"exif": exif, "xmp": TOLD.encode()},
        "GIF": {"comment": TOLD.encode()},
    }.get(format, {})
    out = BytesIO()
    image.save(out, format, **own, **more)
    return out.getvalue()


def animation(format: str, frames: int = 3) -> bytes:
    """An animation of plain colours."""
    colours = ["red", "green", "blue", "black", "yellow"]
    made = [Image.new("RGB", (20, 10), colours[n % 5]) for n in range(frames)]
    out = BytesIO()
    more: dict[str, Any] = {"comment": TOLD.encode()} if format == "GIF" else {}
    made[0].save(out, format, save_all=True, append_images=made[1:], duration=80, loop=0, **more)
    return out.getvalue()


def box(name: bytes, content: bytes = b"") -> bytes:
    """A box of an ISO base media file."""
    return (8 + len(content)).to_bytes(4) + name + content


def recording(brand: bytes = b"isom") -> bytes:
    """A film without pictures that says where it was made."""
    told = box(b"udta", box(b"\xa9xyz", TOLD.encode()))
    return (
        box(b"ftyp", brand + b"\0\0\2\0" + brand)
        + box(b"moov", box(b"mvhd", b"\0" * 100) + told)
        + box(b"mdat", b"sound")
    )


def sound(tagged: bool = True) -> bytes:
    """Two frames of silence as MP3, with tags around them."""
    frame = b"\xff\xfb\x90\x00" + b"\0" * 413
    if not tagged:
        return frame * 2
    told = TOLD.encode()
    tag = b"ID3\x04\0\0" + bytes((0, 0, 0, len(told))) + told
    return tag + frame * 2 + b"TAG" + told.ljust(125, b"\0")
