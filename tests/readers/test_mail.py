"""Mail: mailboxes of every kind, threads by references, bodies as people type them, addresses kept back."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.errors import RostraError
from rostra.ingest.inspection import inspections
from rostra.markup import render
from rostra.model import Edition
from rostra.new_site import make_site
from rostra.readers import Dump, choose
from rostra.readers.mail import mail

SAMPLE = Path(__file__).parent.parent.parent / "seeds/mail/gate.mbox"


def read(path: Path) -> list[Edition]:
    return list(inspections(path))


def messages() -> list[bytes]:
    return [b"From " + part for part in SAMPLE.read_bytes().split(b"From ")[1:] if b"Message-ID" in part]


def test_the_sample_tells_who_when_what_and_whom_it_answers() -> None:
    (edition,) = read(SAMPLE)
    assert edition.thread.title == "The upper gate"
    posts = [
        (
            e.post.raw.native_id,
            e.post.depth,
            e.post.raw.kind,
            e.post.raw.author and e.post.raw.author.name,
            e.post.raw.created,
        )
        for e in edition.posts
    ]
    assert posts == [
        ("<one@mill.example>", 0, "post", "Ada Weir", "2024-03-04T09:00:00+01:00"),
        ("<two@hill.example>", 1, "post", "Bède", "2024-03-04T10:30:00+01:00"),
        ("<three@weir.example>", 1, "missing", None, None),
        ("<four@weir.example>", 2, "post", "cy", "2024-03-05T08:00:00Z"),
    ]
    assert [a.name for a in edition.posts[1].post.raw.attachments] == ["ice.jpg"]
    assert [e.post.raw.line for e in edition.posts if e.post.raw.kind == "post"] == [1, 19, 48]
    assert edition.posts[3].body.text == "From here it looked like the bridge."


def test_who_is_quoted_is_found_and_what_is_no_ones_words_is_told_apart() -> None:
    first, second, *_ = read(SAMPLE)[0].posts
    assert [b.kind for b in first.body.blocks] == ["paragraph", "paragraph", "signature"]
    assert [b.kind for b in second.body.blocks][:2] == ["attribution", "paragraph"]
    (quote,) = second.quotes
    assert quote.source is not None
    assert quote.source.post == first.post.id


@pytest.mark.parametrize("shape", ["crlf", "gz", "maildir", "files", "name", "no blank lines"])
def test_every_kind_of_mailbox_gives_the_same_thread(tmp_path: Path, shape: str) -> None:
    path = tmp_path / "box"
    if shape == "crlf":
        path.write_bytes(SAMPLE.read_bytes().replace(b"\n", b"\r\n"))
    elif shape == "gz":
        path.write_bytes(gzip.compress(SAMPLE.read_bytes()))
    elif shape == "name":
        path.write_bytes(SAMPLE.read_bytes())
    elif shape == "no blank lines":
        path.write_bytes(SAMPLE.read_bytes().replace(b"\n\nFrom ", b"\nFrom "))
    else:
        folder = path / "cur" if shape == "maildir" else path
        folder.mkdir(parents=True)
        for n, message in enumerate(messages()):
            (folder / f"{n}:2,S").write_bytes(message.partition(b"\n")[2])
    assert choose(Dump(path)).NAME == "mail"
    (edition,) = read(path)
    (expected,) = read(SAMPLE)
    assert [(e.post.id, e.post.parent) for e in edition.posts] == [(e.post.id, e.post.parent) for e in expected.posts]


def test_the_order_of_messages_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "box"
    path.write_bytes(b"".join(reversed([message.rstrip(b"\n") + b"\n\n" for message in messages()])))
    (edition,) = read(path)
    assert [e.post.raw.native_id for e in edition.posts] == [e.post.raw.native_id for e in read(SAMPLE)[0].posts]


def box(tmp_path: Path, *parts: str) -> list[Edition]:
    path = tmp_path / "box"
    path.write_text(
        "\n".join(f"From a@b.example Mon Mar  4 09:00:00 2024\nFrom: A <a@b.example>\n{part}\n" for part in parts)
    )
    return read(path)


def test_re_without_references_answers_only_where_it_is_certain(tmp_path: Path) -> None:
    one = box(tmp_path, "Subject: Gate\nMessage-ID: <1@x>\n\nOne", "Subject: Re: Gate\nMessage-ID: <2@x>\n\nTwo")
    assert [len(e.posts) for e in one] == [2]
    two = box(
        tmp_path,
        "Subject: Gate\nMessage-ID: <1@x>\n\nOne",
        "Subject: Gate\nMessage-ID: <3@x>\n\nOther",
        "Subject: Re: Gate\nMessage-ID: <2@x>\n\nTwo",
    )
    assert [len(e.posts) for e in two] == [1, 1, 1]


def test_messages_that_answer_each_other_in_a_ring_are_both_kept(tmp_path: Path) -> None:
    made = box(tmp_path, "Message-ID: <1@x>\nIn-Reply-To: <2@x>\n\nOne", "Message-ID: <2@x>\nIn-Reply-To: <1@x>\n\nTwo")
    assert sorted(e.body.text for each in made for e in each.posts) == ["One", "Two"]


def test_a_message_id_used_twice_is_told_and_nothing_is_lost(tmp_path: Path) -> None:
    (made,) = box(tmp_path, "Message-ID: <1@x>\n\nOne", "Message-ID: <1@x>\n\nOther", "Message-ID: <1@x>\n\nOne")
    assert sorted(e.body.text for e in made.posts if e.post.raw.kind == "post") == ["One", "Other"]
    assert sorted(p.code for p in made.problems if p.code.startswith("repeated")) == ["repeated-id", "repeated-post"]


@pytest.mark.parametrize(
    "date", ["yesterday", "Mon, 45 Foo 2024 99:99:99 +0100", "Mon, 4 Mar 2024 09:00:00 +9999", "Mon, 4 Mar 2024"]
)
def test_a_date_that_is_none_is_kept_as_it_is_written_and_never_invented(tmp_path: Path, date: str) -> None:
    (made,) = box(tmp_path, f"Message-ID: <1@x>\nDate: {date}\n\nOne")
    assert (made.posts[0].post.raw.created, made.posts[0].post.raw.created_text) == (None, date)


def test_addresses_are_published_only_where_the_site_asks(tmp_path: Path) -> None:
    list(make_site(tmp_path / "site", "T"))
    (tmp_path / "site/content/gate.mbox").write_bytes(SAMPLE.read_bytes())

    def published() -> bytes:
        assert build(load_site(tmp_path / "site")).failures == ()
        return b"".join(p.read_bytes() for p in (tmp_path / "site/public").rglob("*") if p.is_file())

    for address in (b"ada@mill.example", b"bede@hill.example"):
        assert address not in published()
    settings = tmp_path / "site/rostra.toml"
    settings.write_text(settings.read_text() + "publish_addresses = true\n")
    assert b"ada@mill.example" in published()
    assert (tmp_path / "site/public/dumps/content-gate.mbox").read_bytes() == SAMPLE.read_bytes()


@pytest.mark.parametrize(
    ("body", "depths"),
    [
        ("> one\n>> two\n\nmine", [1, 2, 0]),
        ("> one\n> > two\n> one again", [1, 2, 1]),
        ("AB> one\nmine", [1, 0]),
        (">one\n>\n>more", [1, 1]),
        ("a > b and b > c", [0]),
    ],
)
def test_quotation_marks_of_mail_at_any_depth(body: str, depths: list[int]) -> None:
    assert [block.depth for block in render(body, "mail").blocks] == depths


@pytest.mark.parametrize("seed", range(40))
def test_wherever_it_is_damaged_only_our_own_error_comes_out(tmp_path: Path, seed: int) -> None:
    data = bytearray(SAMPLE.read_bytes())
    for step in range(5):
        data[(seed * 97 + step * 331) % len(data)] = (seed * 31 + step * 57) % 256
    path = tmp_path / "box"
    path.write_bytes(data)
    try:
        threads = list(mail.read(Dump(path)))
    except RostraError:
        return
    assert sum(post.kind == "post" for thread in threads for post in thread.posts) >= 1
