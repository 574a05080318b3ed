"""E-mail addresses that a dump holds are left out of everything that is published, unless the site asks for them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.editorial.edition import edit, rendered
from rostra.markup import render
from rostra.model import Author, Body, Dialect, Mark, Note, RawPost, RawThread, Source, Thread
from rostra.privacy.email_addresses import BEFORE, CHUNK, EmailAddresses, hold_addresses, spells_addresses
from rostra.readers.sites import activitypub
from rostra.threads.assemble import assemble
from support.published_files import as_text

LEFT_OUT = [
    ("zeta@host.example", "zeta@…"),
    ("Zeta.T+x@mail.host.example, ok", "Zeta.T+x@…, ok"),
    ("zeta (at) host.example", "zeta@…"),
    ("zeta[AT]host.example", "zeta@…"),
    ("zeta%40host.example", "zeta@…"),
    ("<zeta@host.example>", "<zeta@…>"),
    ("mailto:zeta@host.example", "mailto:zeta@…"),
    ("ada/zeta@host.example", "ada/zeta@…"),
    ("b!zeta@host.example", "b!zeta@…"),
    ("z" * 90 + "@host.example", "z" * 90 + "@…"),
    ("write to zeta@host.example or eta@host.example.", "write to zeta@… or eta@…."),
]
STAYS = ["@zeta@host.example", "!tech@host.example", "say !tech@host.example", "https://zeta@host.example/x", "@zeta", "zeta@host", "a @ b.example", "x@1.2", "look at host.example"]  # fmt: skip


@pytest.mark.parametrize(("text", "left"), LEFT_OUT)
def test_an_address_is_left_out(text: str, left: str) -> None:
    for mask in (EmailAddresses(), EmailAddresses(mail=True)):
        assert mask.text(text) == left
        assert mask.text(left) == left
        assert mask.body(render(text, "text")).text == left


@pytest.mark.parametrize("text", STAYS)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert EmailAddresses().text(text) == text
    assert not EmailAddresses().tells(text)


@pytest.mark.parametrize("text", ["zeta at host.example", "zeta\nat host.example", "zeta AT host.example"])
def test_in_mail_it_is_left_out_as_archives_write_it(text: str) -> None:
    assert EmailAddresses(mail=True).text(text) == "zeta@…"
    assert EmailAddresses().text(text) == text


@pytest.mark.parametrize(
    ("text", "dialect", "spelled"),
    [
        ("<zeta at host.example> said so", "text", True),
        ("E-mail: zeta at host.example", "text", True),
        ("Email: zeta at host.example", "text", True),
        ("Mail:zeta at host.example", "text", True),
        ("zeta at host.example wrote:\n> Who?", "text", True),
        ("zeta at host.example a écrit :\n> Who?", "text", True),
        ("The plans at host.example show:\nall of it.", "text", False),
        ("zeta at host.example hasi sana:\n> Who?", "text", True),
        ("4.3.2024, zeta at host.example hasi:\n> Who?", "text", True),
        ("On 4 March 2024 09:00 zeta at host.example hasi sana yak:\n> Who?", "text", True),
        ("Zeta (zeta at host.example) hasi:\n> Who?", "text", True),
        ("zeta at host.example hasi sana yak ulu:\n> Who?", "text", False),
        ("zeta at host.example hasi:\nWho?", "text", False),
        ("look at host.example:\n> Who?", "text", False),
        ("Look at host.example yourself:\n> Who?", "text", False),
        ("Well, look at host.example yourself:\n> Who?", "text", False),
        ("In 2024 we looked at host.example again:\n> Who?", "text", False),
        ('<a href="mailto:list%40host.example">zeta at host.example</a>', "html", True),
        ('<a href="mailto:list%40host.example">Zeta</a>, look at host.example', "html", False),
        ('<a href="https://host.example/">look at host.example</a>', "html", False),
        ("look at host.example, it says: no", "text", False),
        ("I was at home.then I left", "text", False),
        ("<zeta at home>", "text", False),
    ],
)
def test_pages_of_mail_archives_are_read_as_mail_is(text: str, dialect: Dialect, spelled: bool) -> None:
    body = render(text, dialect)
    assert spells_addresses([Body(text="No address."), body]) is spelled
    raw = RawThread(posts=(RawPost(key="1", body=text, dialect=dialect),))
    source = Source(path="a", format="html", sha256="0")
    (made,) = edit(assemble(raw, id="a", title="A", source=source), addresses=False).posts
    assert ("zeta@…" in made.body.text) is spelled
    assert ("at host.example" in made.body.text) is ("at host.example" in body.text and not spelled)


@pytest.mark.parametrize(("length", "spelled"), [(278, True), (279, False)])
def test_the_end_of_a_line_above_a_quotation_is_searched(length: int, spelled: bool) -> None:
    assert spells_addresses([render(f"4, a at host.example {'x' * length}:\n> Who?", "text")]) is spelled


def test_links_and_notes_hold_none() -> None:
    mask = EmailAddresses()
    body = mask.body(render("[a](mailto:zeta@host.example) [b](https://x.example/?m=zeta%40host.example) [c](https://x.example/@zeta@host.example)[^1]\n\n[^1]: By *zeta@host.example*.", "markdown"))  # fmt: skip
    tags = [tag for _, tag in body.tags if tag.startswith("<a")]
    assert tags[:2] == ["<a>", "<a>"]
    assert "https://x.example/" in tags[2]
    assert body.notes[0].text == "By zeta@…."
    assert body.notes[0].html == "By <em>zeta@…</em>."
    same = render("No @ here, [a](https://x.example/@zeta).", "markdown")
    assert mask.body(same) is same or mask.body(same) == same


def test_of_authors_the_id_is_left_out_too_where_it_is_no_handle() -> None:
    mask = EmailAddresses()
    assert mask.author(Author(name="zeta@host.example", id="zeta@host.example")) == Author(name="zeta@…", id="zeta@…")
    handle = Author(name="Zeta", id="zeta@host.example", url="https://host.example/@zeta")
    assert mask.author(handle) == handle
    elsewhere = Author(name="Zeta", id="zeta@host.example", url="https://x.example/@zeta")
    assert mask.author(elsewhere).id == "zeta@…"
    assert mask.author(Author(name="Zeta")) == Author(name="Zeta")
    assert mask.author(Author(name="Zeta", url="https://x.example/@zeta")).id is None
    assert mask.author(Author(name="Zeta", given="zeta@host.example")).given == "zeta@…"


@pytest.mark.parametrize("at", ["@", "%40", "&#64;", " (at) "])
def test_a_tag_of_a_body_without_other_addresses_holds_none(at: str) -> None:
    tag = f'<a href="https://x.example/?m=zeta{at}host.example">'
    body = EmailAddresses().body(Body(text="Ask me.", tags=((4, tag), (6, "</a>"))))
    assert body.tags == ((4, "<a>"), (6, "</a>"))
    assert EmailAddresses().tells(f"by zeta{at}host.example")


def test_a_note_of_a_body_without_other_addresses_holds_none() -> None:
    note = Note(label="1", text="Ask zeta@host.example.", html="Ask zeta@host.example.", marker=0)
    (made,) = EmailAddresses().body(Body(text="Hm.", tags=((0, "<call 1>"),), notes=(note,))).notes
    assert (made.text, made.html) == ("Ask zeta@….", "Ask zeta@….")


def test_in_a_note_of_mail_it_is_left_out_as_archives_write_it() -> None:
    note = Note(label="1", text="Ask zeta at host.example.", html="Ask <b>zeta</b> at host.example.", marker=0)
    (made,) = EmailAddresses(mail=True).body(Body(text="Hm.", tags=((0, "<call 1>"),), notes=(note,))).notes
    assert (made.text, made.html) == ("Ask zeta@….", "Ask zeta@….")


def test_the_part_of_a_mail_that_a_tag_shows_is_no_address() -> None:
    part = ' href="cid:zeta@host.example"'
    assert not EmailAddresses().tells(f"<a{part}>")
    assert EmailAddresses().tells(part)


def test_what_mail_archives_write_is_no_address_elsewhere() -> None:
    assert EmailAddresses().text("zeta at host.example is not @zeta") == "zeta at host.example is not @zeta"


@pytest.mark.parametrize("at", ["@", "%40", "&#64;", "&#x40;", "\\u0040"])
@pytest.mark.parametrize("before", [0, 1, CHUNK - 20, CHUNK - 10, CHUNK - 5, CHUNK, CHUNK + 5, 2 * CHUNK - 9])
def test_a_dump_that_holds_one_is_known_wherever_it_stands(at: str, before: int) -> None:
    said = b" " * before + f"zeta{at}host.example and".encode() + b" " * 40
    assert hold_addresses(io.BytesIO(said))


def test_a_dump_that_begins_with_one_is_known() -> None:
    assert hold_addresses(io.BytesIO(b"zeta@host.example" + b" " * 1000))


def test_a_long_one_is_known_wherever_a_dump_is_cut() -> None:
    said = b"z" * 100 + b"@" + b"mill." * 10 + b"example "
    for cut in range(80, len(said), 7):
        assert hold_addresses(io.BytesIO(b" " * (CHUNK - cut) + said + b" " * 40))


def test_one_at_a_long_row_of_numbers_is_known_wherever_a_dump_is_cut() -> None:
    said = b"z@" + b"1." * 70 + b"example "
    for cut in range(130, len(said)):
        assert hold_addresses(io.BytesIO(b" " * (CHUNK - cut) + said + b" " * 40))


class Dripping(io.BytesIO):
    """A dump of which a few bytes are read at once, as of a packed one."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(size or 0, 10))


def test_a_dump_that_is_read_in_small_pieces_is_known() -> None:
    assert hold_addresses(Dripping(b"Ask the long-named-zeta@host.example for it."))
    assert not hold_addresses(Dripping(b"Ask the long-named-zeta of host.example for it."))


def test_a_dump_that_holds_none_is_known() -> None:
    for text in (*STAYS, "", "x" * BEFORE + "@"):
        assert not hold_addresses(io.BytesIO(text.encode())), text


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ('{"acct": "bede@weir.example", "username": "bede"}', False),
        ('{"subject": "acct:bede@weir.example"}', False),
        ('{"name": "@bede@weir.example"}', False),
        ('{"acct": "bede", "content": "bede@weir.example"}', True),
        ('{"acct": "bede@weir.example", "content": "Ask zeta@host.example"}', True),
        ('{"acct": "bede@weir.example", "content": "Ask @zeta"}', False),
        ('{"content": "Ask zeta@host.example", "acct": "bede@weir.example"}', True),
    ],
)
def test_a_name_with_its_server_is_no_address(said: str, holds: bool) -> None:
    assert hold_addresses(io.BytesIO(said.encode()), activitypub.HANDLES) == holds


def test_who_is_quoted_is_named_without_an_address() -> None:
    mask = EmailAddresses()
    assert mask.mark(Mark(author="zeta@host.example", post="1")) == Mark(author="zeta@…", post="1")
    assert mask.mark(Mark(post="zeta@host.example")) == Mark(post="zeta@host.example")


@pytest.mark.parametrize("shown", [False, True])
def test_of_any_format_addresses_are_published_only_where_the_site_asks(tmp_path: Path, shown: bool) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text(f'title = "Mill"\npublish_addresses = {str(shown).lower()}\n')
    post = {"id": "1", "parent": None, "author": "zeta@host.example", "title": "Ask zeta@host.example", "body": "Write to [me](mailto:zeta@host.example), zeta@host.example.", "tags": ["zeta@host.example"], "note": "zeta@host.example"}  # fmt: skip
    (tmp_path / "content/gate.jsonl").write_text(json.dumps(post))
    (tmp_path / "content/other.jsonl").write_text(
        json.dumps({**post, "author": "Eta", "title": "None", "body": "None.", "tags": [], "note": None})
    )
    for _ in range(2):
        assert not build(load_site(tmp_path)).failures
        files = {path.name: as_text(path) for path in (tmp_path / "public").rglob("*") if path.is_file()}
        assert any("zeta@host.example" in text for text in files.values()) == shown
        assert ("content-gate.jsonl" in files) == shown
        assert "content-other.jsonl" in files
    # What is asked otherwise changes all of it, also where the dump did not.
    (tmp_path / "rostra.toml").write_text(f'title = "Mill"\npublish_addresses = {str(not shown).lower()}\n')
    build(load_site(tmp_path))
    files = {path.name: as_text(path) for path in (tmp_path / "public").rglob("*") if path.is_file()}
    assert any("zeta@host.example" in text for text in files.values()) != shown


def letter(*said: str) -> Thread:
    """A debate by mail."""
    posts = tuple(
        RawPost(
            key=str(n),
            body=body,
            author=Author(name="Ada"),
            native_id=str(n),
            parent="1" if n > 1 else None,
            line=n,
            dialect="mail",
        )
        for n, body in enumerate(said, 1)
    )
    source = Source(path="gate.mbox", format="mail", sha256="")
    return assemble(RawThread(posts=posts), id="gate", title="Gate", source=source)


@pytest.mark.parametrize(
    "said",
    [
        "ada@mill.example <bede@weir.example> <cy@sluice.example> said so",
        "Said so.[1]\n\n[1] See ada@mill.example, bede@weir.example and cy@sluice.example.",
        "The gate stays shut, says ada@mill.example.",
        "The gate stays shut.",
    ],
)
def test_a_body_that_is_known_gives_the_edition_that_rendering_it_again_gives(said: str) -> None:
    """Whether words were lost is told of what was rendered, not of what is left of that."""
    thread = letter("Is it shut?", said)
    first = edit(thread, addresses=False)
    assert edit(thread, addresses=False, known=rendered(first)) == first
    assert first.problems == ()
    again = rendered(edit(thread))
    assert {body for body, _ in again} == {post.raw.body for post in thread.posts}
    assert edit(thread, known=again) == edit(thread)
