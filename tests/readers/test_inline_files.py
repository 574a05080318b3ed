"""Files between the lines of a message are taken out of its words, and words that only look like one are not."""

from __future__ import annotations

from binascii import b2a_uu

import pytest

from rostra.readers.mail.inline_files import without_files

CODE = b2a_uu(b"The plan of the weir, drawn in ink by hand.x")
FILE = b"begin 644 plan of weir.txt\n" + CODE + CODE + b"`\nend\n"
YENC = b"=ybegin line=128 size=6 name=plan.bin\n\x93\x8c\xff\n=yend size=6\n"


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (FILE, "plan of weir.txt"),
        (FILE.replace(b"`\n", b""), "plan of weir.txt"),
        (FILE.replace(b"`\n", b" \n"), "plan of weir.txt"),
        (b"begin 0755 a\n" + CODE.rstrip() + b"\nend", "a"),
        (YENC, "plan.bin"),
    ],
)
def test_a_complete_file_is_taken_out(file: bytes, name: str) -> None:
    assert without_files(b"Here:\n\n" + file + b"\nDone.") == (
        b"Here:\n\n" + b"\n" * file.endswith(b"\n") + b"\nDone.",
        [name],
    )


@pytest.mark.parametrize(
    "words",
    [
        b"begin 644 plan.txt\nend\n",
        b"begin 644 plan.txt\n" + CODE,
        b"begin 644 plan.txt\n" + CODE + b"Some words between.\nend\n",
        b"begin 644 plan.txt\n" + CODE[:-1] + b"!!\nend\n",
        b"begin 64 plan.txt\n" + CODE + b"end\n",
        b"begin the work\nM\nend\n",
        b"> begin 644 plan.txt\n" + CODE + b"end\n",
        YENC.partition(b"=yend")[0],
    ],
)
def test_what_is_no_complete_file_stays(words: bytes) -> None:
    assert without_files(words) == (words, [])


def test_each_of_several_is_taken_out() -> None:
    assert without_files(FILE + b"and\n" + YENC + FILE) == (
        b"\nand\n\n\n",
        ["plan of weir.txt", "plan.bin", "plan of weir.txt"],
    )


def test_a_line_may_be_longer_by_one_sign_than_its_code() -> None:
    """Some encoders write a sign for the sum of each line."""
    assert without_files(b"begin 644 a\n" + CODE[:-1] + b"!\nend\n")[1] == ["a"]
