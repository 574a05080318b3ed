"""What bytes are is decided by the bytes: a name or a type that somebody wrote changes nothing."""

from __future__ import annotations

import pytest

from rostra.media import kinds
from rostra.media.kinds import HEAD, Kind, NotPublished, is_text, sniff
from support.sample_pictures import animation, picture, recording, sound


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (picture("JPEG"), kinds.JPEG),
        (picture("PNG"), kinds.PNG),
        (picture("GIF"), kinds.GIF),
        (b"GIF87a" + b"\0" * 20, kinds.GIF),
        (picture("WEBP"), kinds.WEBP),
        (picture("AVIF"), kinds.AVIF),
        (animation("WEBP"), kinds.WEBP),
        (recording(b"isom"), kinds.MP4),
        (recording(b"mp42"), kinds.MP4),
        (recording(b"M4A "), kinds.M4A),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm", kinds.WEBM),
        (b"OggS\0\2" + b"\0" * 22 + b"\x01vorbis", kinds.OGG),
        (b"OggS\0\2" + b"\0" * 22 + b"\x80theora", kinds.OGV),
        (sound(), kinds.MP3),
        (sound(tagged=False), kinds.MP3),
        (b"%PDF-1.7\n", kinds.PDF),
        (b"PK\x03\x04rest", kinds.ZIP),
        (b"PK\x05\x06" + b"\0" * 18, kinds.ZIP),
        ("größer\n".encode(), kinds.TEXT),
        (b"a < b <b", kinds.TEXT),
        (b"<3 this", kinds.TEXT),
    ],
)
def test_what_may_be_published_is_known_by_its_first_bytes(content: bytes, kind: Kind) -> None:
    assert sniff(content[:HEAD]) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"\xef\xbb\xbf \n\t<!DOCTYPE html><script>alert(1)</script>",
        b"<!-- x --><html>",
        b"<SCRIPT>alert(1)</SCRIPT>",
        b"<iframe src=x>",
        b"<p>text</p>",
        b"<a href=x>",
    ],
)
def test_pages_and_drawings_that_can_run_are_never_published(content: bytes) -> None:
    found = sniff(content)
    assert isinstance(found, NotPublished)
    assert "browser" in found.what


@pytest.mark.parametrize(
    "content",
    [b"", b"MZ\x90\0", b"\x7fELF\2", b"#!/bin/sh\n", b"II*\0", b"BM\x36", b"\0\0\1\0\1\0", b"RIFF\0\0\0\0WAVE", b"Rar!\x1a\x07\0",
     b"\x1f\x8b\x08", b"8BPS", b"\0" * 40, b"text\0with a zero", b"esc\x7f", recording(b"qt  "), recording(b"heic"), b"\x1aE\xdf\xa3matroska",
     b"\xff\xfb\x90\x00" + b"\0" * 600, b" " * 256 + b" ustar", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"],
)  # fmt: skip
def test_everything_else_is_refused_with_a_reason(content: bytes) -> None:
    found = sniff(content[:HEAD])
    assert isinstance(found, NotPublished) or (found == kinds.TEXT and content.startswith(b" "))


def test_one_frame_of_sound_may_be_chance() -> None:
    one = sound(tagged=False)[: len(sound(tagged=False)) // 2]
    assert sniff(one + b"\0\0\0\0") != kinds.MP3
    assert sniff(one + b"\xff\xfb\x90\x00") == kinds.MP3


@pytest.mark.parametrize(
    "frame", [b"\xff\xeb\x90\x00", b"\xff\xfb\xf0\x00", b"\xff\xfb\x00\x00", b"\xff\xfb\x9c\x00", b"\xff\xf9\x90\x00"]
)
def test_frames_with_values_that_are_reserved_are_no_sound(frame: bytes) -> None:
    assert sniff((frame + b"\0" * 413) * 3) != kinds.MP3


def test_text_holds_no_bytes_of_programs() -> None:
    assert is_text("line\r\n\ttab \x1b[0m ä".encode())
    assert not any(is_text(bytes((byte,))) for byte in (0, 1, 8, 11, 14, 26, 28, 31, 127))
