"""The name under which a browser saves a file says what the file is, on every system."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.media import kinds
from rostra.media.kinds import KINDS, Kind
from rostra.media.names import ALIKE, LONGEST, media_path, saved_name

DIGEST = "ab" * 32


@pytest.mark.parametrize(
    ("given_name", "kind", "saved"),
    [
        ("gate.jpg", kinds.JPEG, "gate.jpg"),
        ("gate.JPEG", kinds.JPEG, "gate.JPEG"),
        ("gate.exe", kinds.JPEG, "gate.exe.jpg"),
        ("gate", kinds.PNG, "gate.png"),
        ("../../etc/passwd", kinds.TEXT, "passwd.txt"),
        ("C:\\temp\\run.bat", kinds.ZIP, "run.bat.zip"),
        ("plan.docx", kinds.ZIP, "plan.docx"),
        ("plan.docm", kinds.ZIP, "plan.docm.zip"),
        ("exe.\u202egnp.pdf", kinds.PDF, "exe.gnp.pdf"),
        ("con", kinds.TEXT, f"{DIGEST[:12]}.txt"),
        ("nul.txt", kinds.TEXT, f"{DIGEST[:12]}.txt"),
        ("", kinds.GIF, f"{DIGEST[:12]}.gif"),
        (" . ", kinds.GIF, f"{DIGEST[:12]}.gif"),
        (".jpg", kinds.JPEG, "jpg.jpg"),
        ('a"b<c>.pdf', kinds.PDF, "a_b_c_.pdf"),
        ("x" * 500 + ".pdf", kinds.PDF, "x" * LONGEST + ".pdf"),
        ("line\nbreak.pdf", kinds.PDF, "linebreak.pdf"),
    ],
)
def test_names_of_strangers_are_made_harmless(given_name: str, kind: Kind, saved: str) -> None:
    assert saved_name(given_name, kind, DIGEST) == saved


@given(st.text(max_size=60), st.sampled_from(KINDS))
def test_a_name_never_leads_elsewhere_and_ends_as_what_the_file_is(name: str, kind: Kind) -> None:
    saved = saved_name(name, kind, DIGEST)
    stem, _, extension = saved.rpartition(".")
    assert stem
    assert extension.lower() in ALIKE[kind] | {kind.extension}
    assert not set(saved) & set('/\\<>:"|?*\0\n\u202e\u200b')
    assert saved.isprintable()


def test_an_address_is_made_of_the_content_alone() -> None:
    assert media_path(DIGEST, "jpg") == f"media/ab/{DIGEST}.jpg"
    assert media_path(DIGEST, "webp", 720) == f"media/ab/{DIGEST}-720.webp"
