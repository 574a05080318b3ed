"""What is published of a file holds its pixels, its sound or its words, and nothing else."""

from __future__ import annotations

import struct
import zlib
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from rostra.i18n.catalogue import Catalogue
from rostra.i18n.reasons import reason
from rostra.media import images, prepare
from rostra.media.images import PIXELS, WIDTHS
from rostra.media.prepare import Prepared
from rostra.render.templates import built_in
from support.sample_pictures import TOLD, animation, box, picture, recording, sound

GERMAN = Catalogue("de", [built_in() / "words"])
FORMATS = ["JPEG", "PNG", "GIF", "WEBP", "AVIF"]


def made(tmp_path: Path, content: bytes) -> tuple[Prepared, dict[str, bytes]]:
    """What is made of a file, and the bytes of each file that is published, whose digests are as told.

    Why a file is not published can be said in German.
    """
    original = tmp_path / "original"
    original.write_bytes(content)
    found = prepare.prepare(original, sha256(content).hexdigest(), tmp_path / "out")
    files = {path: (tmp_path / "out" / path).read_bytes() for path in found.files}
    assert {path: sha256(each).hexdigest() for path, each in files.items()} == found.files
    assert original.read_bytes() == content
    assert found.why is None or reason(found.why, GERMAN).startswith("Die ")
    return found, files


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_that_an_image_says_besides_its_pixels_is_published(tmp_path: Path, format: str) -> None:
    found, files = made(tmp_path, picture(format))
    assert found.why is None
    (content,) = files.values()
    assert TOLD.encode() not in content
    assert b"Exif" not in content
    with Image.open(BytesIO(content)) as image:
        assert (image.format, image.size) == (format, (60, 40))
        assert not image.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "Comment"} & set(image.info)
        left, right = (image.convert("RGB").getpixel((x, 20)) for x in (10, 50))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert left[0] > 200 > 60 > left[1]
    assert min(right) > 240


@pytest.mark.parametrize("format", ["GIF", "WEBP", "PNG", "AVIF"])
def test_what_moves_still_moves_without_what_it_says(tmp_path: Path, format: str) -> None:
    found, files = made(tmp_path, animation(format))
    (content,) = files.values()
    assert TOLD.encode() not in content
    with Image.open(BytesIO(content)) as image:
        assert (image.n_frames, found.width, found.height) == (3, 20, 10)
        assert image.info.get("loop", 0) == 0
        assert round(float(image.info.get("duration") or 80)) == 80


def test_a_camera_that_was_held_sideways_is_turned(tmp_path: Path) -> None:
    found, files = made(tmp_path, picture("JPEG", (60, 40), orientation=6))
    assert (found.width, found.height) == (40, 60)
    with Image.open(BytesIO(next(iter(files.values())))) as image:
        red = image.convert("RGB").getpixel((20, 10))
    assert isinstance(red, tuple)
    assert red[0] > 200 > 60 > red[1]


def test_colours_are_those_of_the_profile_and_the_profile_is_gone(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    _, files = made(tmp_path, picture("JPEG", icc_profile=profile))
    assert profile[:40] not in next(iter(files.values()))


def test_a_damaged_profile_harms_nothing(tmp_path: Path) -> None:
    found, _ = made(tmp_path, picture("PNG", icc_profile=b"no profile at all"))
    assert found.why is None


@pytest.mark.parametrize(("format", "mode"), [("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "LA"), ("PNG", "1"), ("PNG", "P"), ("PNG", "I;16"), ("PNG", "RGBA"), ("WEBP", "RGBA"), ("GIF", "P")])  # fmt: skip
def test_every_kind_of_pixel_is_published(tmp_path: Path, format: str, mode: str) -> None:
    out = BytesIO()
    Image.new(mode, (30, 20)).save(out, format)
    found, files = made(tmp_path, out.getvalue())
    assert (found.why, found.width, found.height) == (None, 30, 20)
    with Image.open(BytesIO(next(iter(files.values())))) as image:
        image.load()


def test_the_same_bytes_give_the_same_bytes(tmp_path: Path) -> None:
    for format in FORMATS:
        content = picture(format, (900, 50))
        (tmp_path / "a").mkdir(exist_ok=True)
        (tmp_path / "b").mkdir(exist_ok=True)
        assert made(tmp_path / "a", content) == made(tmp_path / "b", content)


def noise(width: int, height: int) -> bytes:
    out = BytesIO()
    Image.effect_noise((width, height), 80).convert("RGB").save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize(("width", "copies"), [(899, []), (900, [720]), (1799, [720]), (1800, [720, 1440])])
def test_wide_images_have_smaller_copies(tmp_path: Path, width: int, copies: list[int]) -> None:
    found, files = made(tmp_path, noise(width, 30))
    assert [each.width for each in found.smaller] == copies
    assert set(copies) <= set(WIDTHS)
    for each in found.smaller:
        with Image.open(BytesIO(files[each.path])) as image:
            assert (image.format, image.width) == ("WEBP", each.width)
            assert image.height == max(1, round(30 * each.width / width))


def test_a_copy_that_is_not_smaller_is_not_made(tmp_path: Path) -> None:
    out = BytesIO()
    Image.new("1", (2000, 2)).save(out, "PNG")
    found, files = made(tmp_path, out.getvalue())
    assert (found.smaller, len(files)) == ((), 1)


def bomb(width: int, height: int) -> bytes:
    """A PNG that is a few bytes and says that it is huge."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 10_000))
        + chunk(b"IEND", b"")
    )


def test_a_bomb_is_refused_by_its_header(tmp_path: Path) -> None:
    found, files = made(tmp_path, bomb(60_000, 60_000))
    assert files == {}
    assert "pixels" in (found.why or "")


def test_as_many_pixels_as_allowed_are_decoded_and_not_one_row_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "PIXELS", 60 * 40)
    assert made(tmp_path, picture("PNG", (60, 40)))[0].why is None
    assert "million pixels" in (made(tmp_path, picture("PNG", (60, 41)))[0].why or "")
    assert PIXELS < 100_000_000


def test_all_frames_of_an_animation_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "FRAMES", 3 * 20 * 10)
    assert made(tmp_path, animation("GIF", 3))[0].why is None
    assert "frames" in (made(tmp_path, animation("GIF", 4))[0].why or "")


def test_an_image_of_too_many_bytes_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = picture("PNG")
    monkeypatch.setattr(prepare, "IMAGE", len(content))
    assert made(tmp_path, content)[0].why is None
    monkeypatch.setattr(prepare, "IMAGE", len(content) - 1)
    assert "MiB" in (made(tmp_path, content)[0].why or "")


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("cut", [0.3, 0.6])
def test_half_an_image_is_refused(tmp_path: Path, format: str, cut: float) -> None:
    content = picture(format, (300, 200))
    found, files = made(tmp_path, content[: int(len(content) * cut)])
    assert files == {} or format == "GIF"  # a GIF may end anywhere
    assert found.why == "it is damaged, and cannot be decoded" or format == "GIF"


@pytest.mark.parametrize("format", FORMATS)
def test_whatever_is_glued_to_an_image_is_lost(tmp_path: Path, format: str) -> None:
    script = b"<script>alert(1)</script>PK\x03\x04%PDF-"
    _, files = made(tmp_path, picture(format) + script)
    assert all(script not in content for content in files.values())


def test_a_gif_that_is_a_script_too_is_only_a_gif(tmp_path: Path) -> None:
    head = b"GIF89a/*" + picture("GIF")[8:] + b"*/=1;alert(1)"
    _, files = made(tmp_path, head)
    assert all(b"alert" not in content for content in files.values())


def test_a_page_with_the_name_of_an_image_is_refused(tmp_path: Path) -> None:
    found, files = made(tmp_path, b"<html><script>alert(1)</script>")
    assert files == {}
    assert "browser" in (found.why or "")


def test_a_film_does_not_say_where_it_was_made_and_keeps_its_offsets(tmp_path: Path) -> None:
    content = recording()
    found, files = made(tmp_path, content)
    (published,) = files.values()
    assert TOLD.encode() not in published
    assert (len(published), published.index(b"sound")) == (len(content), content.index(b"sound"))
    assert found.extension == "mp4"


@pytest.mark.parametrize(
    "spoiled", [box(b"moov", b"\0\0\0\4udta"), b"\0\0\0\0moov\0\0\0\1udta\0\0\0\0\0\0\0\7", box(b"moov") * 20_000]
)
def test_a_film_with_damaged_boxes_is_copied_as_far_as_they_are_sound(tmp_path: Path, spoiled: bytes) -> None:
    content = box(b"ftyp", b"isom\0\0\2\0") + spoiled
    assert len(next(iter(made(tmp_path, content)[1].values()))) == len(content)


def test_a_sound_does_not_say_whose_it_is(tmp_path: Path) -> None:
    content = sound()
    _, files = made(tmp_path, content)
    (published,) = files.values()
    assert TOLD.encode() not in published
    assert len(published) == len(content)
    assert sound(tagged=False) in published


@pytest.mark.parametrize(
    ("content", "text"),
    [("größer".encode(), "größer"), ("größer".encode("cp1252"), "größer"), (b"\xff\xfea\0b\0", None)],
)
def test_texts_are_published_as_utf_8(tmp_path: Path, content: bytes, text: str | None) -> None:
    found, files = made(tmp_path, content)
    assert [each.decode() for each in files.values()] == ([text] if text else [])
    assert (found.why is None) == (text is not None)


def test_a_text_with_bytes_of_a_program_further_down_is_refused(tmp_path: Path) -> None:
    assert made(tmp_path, b"text " * 2000 + b"\0")[1] == {}


def test_a_text_of_too_many_bytes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prepare, "TEXT", 10)
    assert made(tmp_path, b"0123456789")[0].why is None
    assert made(tmp_path, b"0123456789a")[0].why


def test_a_copy_is_never_the_original_by_another_name(tmp_path: Path) -> None:
    content = b"%PDF-1.7 plan"
    _, files = made(tmp_path, content)
    (path,) = files
    assert (tmp_path / "original").stat().st_nlink == 1
    with (tmp_path / "out" / path).open("ab") as copy:
        copy.write(b"changed")
    assert (tmp_path / "original").read_bytes() == content
