"""A build publishes the pictures and files of posts, each once, only as what it is, and nothing from elsewhere."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import time
import zipfile
from email.mime.application import MIMEApplication
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import Any

import feedparser
import pytest
from click.testing import CliRunner

from rostra.build.pipeline import BuildReport, build
from rostra.check import check
from rostra.cli.media import command
from rostra.config.redaction_rules import RedactionRule, append_rule, file_at
from rostra.config.site import load_site
from rostra.errors import NotInLedger, UsageError
from rostra.media.download import Downloader
from rostra.media.downloads import FOLDER
from rostra.system.file_state import FINE
from support.media_servers import Server, warc
from support.sample_pictures import TOLD, picture

GATE, WHEEL = picture("PNG", (300, 200)), picture("JPEG", (320, 200))


def site(folder: Path, files: dict[str, bytes | str], settings: str = "") -> Path:
    """A site with these files."""
    (folder / "content").mkdir(parents=True, exist_ok=True)
    for name, content in {"rostra.toml": f'title = "T"\n{settings}', **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def built(folder: Path) -> BuildReport:
    return build(load_site(folder))


def posts(*bodies: str, **more: Any) -> str:
    """Posts in the neutral format, each answering the first."""
    rows = (
        {"id": str(n), "parent": "1" if n > 1 else None, "author": f"A{n}", "created": f"2024-03-0{n}T09:00:00Z", "body": body, "dialect": "markdown", **more}
        for n, body in enumerate(bodies, 1)
    )  # fmt: skip
    return "".join(json.dumps(row) + "\n" for row in rows)


def published(folder: Path) -> dict[str, bytes]:
    """The files of the site below ``media/``."""
    media = folder / "public/media"
    return {
        path.relative_to(folder / "public").as_posix(): path.read_bytes()
        for path in sorted(media.rglob("*"))
        if path.is_file()
    }


def path_of(content: bytes, extension: str) -> str:
    digest = sha256(content).hexdigest()
    return f"media/{digest[:2]}/{digest}.{extension}"


def page(folder: Path) -> str:
    """The page of the debate “gate”, or of the only one."""
    gate = folder / "public/debates/gate/index.html"
    (found,) = [gate] if gate.exists() else (folder / "public/debates").glob("*/index.html")
    return found.read_text()


def thread(folder: Path) -> Any:
    (found,) = sorted((folder / "public/debates").glob("*/thread.json"))
    return json.loads(found.read_bytes())


def images(html: str) -> list[str]:
    return re.findall(r"<img [^>]*>", html)


def test_a_picture_beside_a_dump_is_shown_with_its_size_and_words(tmp_path: Path) -> None:
    site(tmp_path, {"content/gate.jsonl": posts("See ![the gate](pics/gate.png)."), "content/pics/gate.png": GATE})
    report = built(tmp_path)
    assert (report.failures, report.problems) == ((), ())
    assert list(published(tmp_path)) == [path_of(GATE, "png")]
    assert TOLD.encode() not in b"".join(published(tmp_path).values())
    (image,) = images(page(tmp_path))
    assert f'src="../../{path_of(GATE, "png")}"' in image
    for part in ('width="300"', 'height="200"', 'alt="the gate"', 'loading="lazy"'):
        assert part in image
    assert f'href="../../{path_of(GATE, "png")}"' in page(tmp_path)
    post = thread(tmp_path)["posts"][0]
    assert post["pictures"][0]["file"] == path_of(GATE, "png")
    assert post["text"] == "See the gate."


def test_a_picture_without_words_is_called_by_its_file(tmp_path: Path) -> None:
    site(tmp_path, {"content/gate.jsonl": posts("![](gate.png)"), "content/gate.png": GATE})
    built(tmp_path)
    assert 'alt="The file gate.png"' in images(page(tmp_path))[0]


def test_however_many_posts_show_it_a_picture_is_published_once(tmp_path: Path) -> None:
    site(
        tmp_path,
        {
            "content/gate.jsonl": posts("![a](a.png)", "![b](b.png) ![a](a.png)"),
            "content/a.png": GATE,
            "content/b.png": GATE,
        },
    )
    built(tmp_path)
    assert list(published(tmp_path)) == [path_of(GATE, "png")]
    assert len(images(page(tmp_path))) == 3


@pytest.mark.parametrize(
    "address",
    ["../secret.png", "../content/../secret.png", "%2e%2e/secret.png", "/../secret.png", "..%2fsecret.png", "..\\secret.png", ".hidden/x.png",
     "link.png", "linked/x.png", "other/x.png", "other.png/x.png", "pipe.png", "pics", "file:///etc/passwd", "x%00.png", "Other_files/x.png"],
)  # fmt: skip
def test_no_address_leads_out_of_what_belongs_to_the_dump(tmp_path: Path, address: str) -> None:
    files: dict[str, bytes | str] = {
        "content/gate.jsonl": posts(f"![x](<{address}>)"), "secret.png": GATE, "content/.hidden/x.png": GATE, "away/x.png": GATE,
        "content/pics/y.png": WHEEL, "content/Other.html": "<p>x", "content/Other_files/x.png": GATE,
    }  # fmt: skip
    site(tmp_path, files)
    (tmp_path / "content/link.png").symlink_to(tmp_path / "secret.png")
    (tmp_path / "content/linked").symlink_to(tmp_path / "away")
    os.mkfifo(tmp_path / "content/pipe.png")
    with zipfile.ZipFile(tmp_path / "content/other.png", "w") as archive:
        archive.writestr("x.png", GATE)
    built(tmp_path)
    assert path_of(GATE, "png") not in published(tmp_path)
    assert "not archived" in page(tmp_path) or "<img" not in page(tmp_path)


@pytest.mark.parametrize("name", ["notes.txt", "plan.zip", "other.jsonl", "gate.toml", "card.html"])
def test_posts_cannot_have_another_dump_or_a_card_published(tmp_path: Path, name: str) -> None:
    content = {"plan.zip": b"PK\x05\x06" + b"\0" * 18, "gate.toml": b'title = "Gate"\npublish_dump = false\n'}
    site(tmp_path, {"content/gate.jsonl": posts(f"![x]({name})"), f"content/{name}": content.get(name, b"A secret.\n")})
    built(tmp_path)
    assert published(tmp_path) == {}


def test_what_a_browser_could_run_is_withheld_and_this_is_said(tmp_path: Path) -> None:
    site(tmp_path, {"content/gate.jsonl": posts("![x](x.png)"), "content/x.png": "<svg onload='alert(1)'/>"})
    report = built(tmp_path)
    assert published(tmp_path) == {}
    assert "alert" not in page(tmp_path)
    assert [p.code for _, p in report.problems if p.code != "left-out"] or report.failures


def test_a_picture_in_a_body_itself_is_published(tmp_path: Path) -> None:
    data = "data:image/png;base64," + base64.b64encode(GATE).decode()
    site(
        tmp_path,
        {
            "content/gate.jsonl": posts(f"![the gate]({data})")
            + posts(f'<p>x <img src="{data}" alt="g"></p>', dialect="html").replace('"id": "1"', '"id": "2"')
        },
    )
    built(tmp_path)
    assert list(published(tmp_path)) == [path_of(GATE, "png")]
    assert len(images(page(tmp_path))) == 2
    assert "data:image/png" not in page(tmp_path)


def test_a_drawing_in_a_body_itself_is_withheld(tmp_path: Path) -> None:
    site(
        tmp_path,
        {
            "content/gate.jsonl": posts(
                "<p><img src=\"data:image/svg+xml,%3Csvg onload='alert(1)'/%3E\" alt='x'></p>", dialect="html"
            )
        },
    )
    built(tmp_path)
    assert published(tmp_path) == {}
    assert "<img" not in page(tmp_path)


def letter(*parts: MIMEBase | MIMEText, text: str = "Look.", kind: str = "plain", **headers: str) -> str:
    whole = MIMEMultipart("related")
    for name, value in {
        "From": "Ada <ada@mill.example>",
        "Subject": "The wheel",
        "Message-ID": "<1@mill.example>",
        "Date": "Fri, 01 Mar 2024 09:00:00 +0000",
        **headers,
    }.items():
        whole[name] = value
    whole.attach(MIMEText(text, kind))
    for part in parts:
        whole.attach(part)
    return f"From ada@mill.example Fri Mar  1 09:00:00 2024\n{whole.as_string()}\n"


def part(content: bytes, name: str, *, cid: str | None = None, kind: type[Any] = MIMEImage) -> Any:
    made = kind(content)
    made.add_header("Content-Disposition", "inline" if cid else "attachment", filename=name)
    if cid:
        made.add_header("Content-ID", f"<{cid}>")
    return made


def test_mail_shows_its_pictures_and_offers_its_files(tmp_path: Path) -> None:
    plan = b"%PDF-1.7 plan"
    box = letter(
        part(WHEEL, "wheel.jpg", cid="w@x"),
        part(GATE, "gate.png"),
        part(plan, "../plan.pdf", kind=MIMEApplication),
        part(b"MZ\x90", "gate.jpg", kind=MIMEApplication),
        text='<p>Look at <img src="cid:w@x" alt="the wheel"> here.</p>',
        kind="html",
    )
    site(tmp_path, {"content/list.mbox": box})
    report = built(tmp_path)
    assert set(published(tmp_path)) == {path_of(WHEEL, "jpg"), path_of(GATE, "png"), path_of(plan, "pdf")}
    html = page(tmp_path).partition("<main")[2]
    assert 'alt="the wheel"' in html
    assert html.count(path_of(WHEEL, "jpg")) == 2  # the link and the image within it, and not again as an attachment
    assert f'<a href="../../{path_of(plan, "pdf")}" download="plan.pdf" type="application/pdf">' in html
    assert "it is a program" in html
    assert "withheld" in {problem.code for _, problem in report.problems}


@pytest.mark.parametrize("cid", ["part1.ABC.DEF@mill.example", "image001.png@01D8A2B3.12345678"])
def test_a_part_whose_id_looks_like_an_e_mail_address_is_shown_and_the_id_is_not(tmp_path: Path, cid: str) -> None:
    text = f'<p>Look at <img src="cid:{cid}" alt="the wheel"> and <img src="cid:lost.{cid}" alt="that">.</p>'
    site(tmp_path, {"content/list.mbox": letter(part(WHEEL, "wheel.jpg", cid=cid), text=text, kind="html")})
    built(tmp_path)
    assert list(published(tmp_path)) == [path_of(WHEEL, "jpg")]
    assert 'alt="the wheel"' in page(tmp_path)
    for path in (tmp_path / "public/debates").rglob("*"):
        assert not path.is_file() or cid.encode() not in path.read_bytes(), path


def test_files_of_two_copies_of_a_message_are_one_message(tmp_path: Path) -> None:
    box = letter(part(GATE, "gate.png"))
    site(tmp_path, {"content/list.mbox": box + box})
    built(tmp_path)
    assert len(thread(tmp_path)["posts"]) == 1
    assert list(published(tmp_path)) == [path_of(GATE, "png")]


def test_a_forwarded_message_brings_its_files(tmp_path: Path) -> None:
    inner = MIMEBase("message", "rfc822")
    inner.set_payload(letter(part(GATE, "gate.png")).partition("\n")[2])
    site(tmp_path, {"content/list.mbox": letter(inner)})
    built(tmp_path)
    assert list(published(tmp_path)) == [path_of(GATE, "png")]


def test_a_part_of_one_message_is_not_shown_by_another(tmp_path: Path) -> None:
    box = letter(part(GATE, "gate.png", cid="g@x")) + letter(
        text='<p><img src="cid:g@x" alt="x"></p>',
        kind="html",
        **{"Message-ID": "<2@mill.example>", "In-Reply-To": "<1@mill.example>"},
    )
    site(tmp_path, {"content/list.mbox": box})
    built(tmp_path)
    assert len(images(page(tmp_path))) == 1


def test_a_packed_mailbox_and_one_that_grows_show_their_pictures(tmp_path: Path) -> None:
    import gzip

    box = letter(part(GATE, "gate.png"))
    site(tmp_path, {"content/list.mbox.gz": gzip.compress(box.encode())})
    built(tmp_path)
    assert list(published(tmp_path)) == [path_of(GATE, "png")]
    more = letter(part(WHEEL, "wheel.jpg"), **{"Message-ID": "<2@mill.example>"})
    site(tmp_path, {"content/list.mbox.gz": gzip.compress((box + more).encode())})
    built(tmp_path)
    assert set(published(tmp_path)) == {path_of(GATE, "png"), path_of(WHEEL, "jpg")}


def test_a_saved_page_shows_what_was_saved_with_it(tmp_path: Path) -> None:
    cell = '<div class="post" id="p{0}"><div class="postbody"><p class="author">by <strong><a href="./memberlist.php?u=1">Ada</a></strong> » 01 Mar 2024, 09:0{0}</p><div class="content">Look: <img src="./Gate_files/gate.png" alt="the gate"></div></div></div>'
    html = f'<!DOCTYPE html><html><body id="phpbb"><h2 class="topic-title"><a href="./viewtopic.php?t=1">Gate</a></h2>{cell.format(1)}{cell.format(2)}</body></html>'
    site(
        tmp_path,
        {
            "content/Gate.html": html,
            "content/Gate_files/gate.png": GATE,
            "content/Gate_files/style.css": "p {}",
            "content/Gate_files/run.js": "1",
        },
    )
    report = built(tmp_path)
    assert report.failures == ()
    assert list(published(tmp_path)) == [path_of(GATE, "png")]


def export(folder: Path, files: dict[str, bytes | str], name: str = "content/export.zip") -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as archive:
        for inner, content in files.items():
            archive.writestr(inner, content)


def test_a_slack_export_shows_what_was_saved_with_it(tmp_path: Path) -> None:
    said = [
        {
            "type": "message",
            "user": "U1",
            "text": "Look",
            "ts": "1709283600.000100",
            "files": [
                {
                    "id": "F1",
                    "name": "gate.png",
                    "title": "The gate",
                    "url_private": "https://files.slack.com/files-pri/T1-F1/gate.png",
                }
            ],
        }
    ]
    files: dict[str, bytes | str] = {
        "channels.json": '[{"id":"C1","name":"mill"}]',
        "users.json": '[{"id":"U1","name":"ada"}]',
        "mill/2024-03-01.json": json.dumps(said),
        "__uploads/F1/gate.png": GATE,
        "../evil.png": WHEEL,
    }
    site(tmp_path, {})
    export(tmp_path, files)
    built(tmp_path)
    assert list(published(tmp_path)) == [path_of(GATE, "png")]


def test_a_discord_export_shows_what_was_saved_with_it(tmp_path: Path) -> None:
    said = {
        "guild": {"id": "1", "name": "Mill"},
        "channel": {"id": "2", "name": "gate", "type": "GuildTextChat"},
        "messages": [
            {
                "id": "3",
                "type": "Default",
                "timestamp": "2024-03-01T09:00:00+00:00",
                "content": "Look",
                "author": {"id": "4", "name": "ada", "nickname": "Ada"},
                "attachments": [{"id": "5", "url": "gate.json_Files/gate-1A2B.png", "fileName": "gate.png"}],
            }
        ],
    }
    site(tmp_path, {"content/gate.json": json.dumps(said), "content/gate.json_Files/gate-1A2B.png": GATE})
    report = built(tmp_path)
    assert report.failures == ()
    assert list(published(tmp_path)) == [path_of(GATE, "png")]
    assert thread(tmp_path)["posts"][0]["attachments"][0]["file"] == path_of(GATE, "png")


def test_a_zulip_export_offers_its_uploads(tmp_path: Path) -> None:
    said = {
        "zerver_message": [
            {
                "id": 1,
                "sender": 7,
                "recipient": 3,
                "subject": "gate",
                "content": "Look: [gate.png](/user_uploads/2/ab/gate.png)",
                "date_sent": 1709283600.0,
            }
        ],
        "zerver_userprofile": [{"id": 7, "full_name": "Ada"}],
    }
    realm = {
        "zerver_userprofile": [{"id": 7, "full_name": "Ada"}],
        "zerver_stream": [{"id": 5, "name": "mill"}],
        "zerver_recipient": [{"id": 3, "type": 2, "type_id": 5}],
    }
    site(
        tmp_path,
        {
            "content/export/messages-000001.json": json.dumps(said),
            "content/export/realm.json": json.dumps(realm),
            "content/export/uploads/2/ab/gate.png": GATE,
        },
    )
    report = built(tmp_path)
    assert report.failures == ()
    assert list(published(tmp_path)) == [path_of(GATE, "png")]


def test_a_private_debate_publishes_no_file(tmp_path: Path) -> None:
    said = {
        "guild": {"id": "0", "name": "Direct Messages"},
        "channel": {"id": "2", "name": "Bob", "type": "DirectTextChat"},
        "messages": [
            {
                "id": "3",
                "type": "Default",
                "timestamp": "2024-03-01T09:00:00+00:00",
                "content": "Look",
                "author": {"id": "4", "name": "ada"},
                "attachments": [{"id": "5", "url": "gate.json_Files/gate.png", "fileName": "gate.png"}],
            }
        ],
    }
    site(tmp_path, {"content/gate.json": json.dumps(said), "content/gate.json_Files/gate.png": GATE})
    built(tmp_path)
    assert published(tmp_path) == {}


MAPPED = '[media]\n"https://mill.example/uploads/" = "uploads/"\n'


@pytest.mark.parametrize(
    "address", ["https://mill.example/uploads/a%20b/gate.png", "http://mill.example/uploads/a%20b/gate.png?x=1#y"]
)
def test_addresses_lead_to_the_publishers_folder(tmp_path: Path, address: str) -> None:
    site(
        tmp_path,
        {
            "content/gate.jsonl": posts(
                f"![the gate]({address}) and [the plan](https://mill.example/uploads/plan.pdf)"
            ),
            "uploads/a b/gate.png": GATE,
            "uploads/plan.pdf": b"%PDF-1.7",
        },
        MAPPED,
    )
    built(tmp_path)
    assert set(published(tmp_path)) == {path_of(GATE, "png"), path_of(b"%PDF-1.7", "pdf")}
    assert 'download="plan.pdf"' in page(tmp_path)


@pytest.mark.parametrize(
    "rest",
    ["../secret.png", "%2e%2e/secret.png", "..%2Fsecret.png", "x/..%2F..%2Fsecret.png", "link.png", ".git/x.png"],
)
def test_no_address_leads_out_of_the_publishers_folder(tmp_path: Path, rest: str) -> None:
    site(
        tmp_path,
        {
            "content/gate.jsonl": posts(f"![x](https://mill.example/uploads/{rest})"),
            "uploads/.git/x.png": GATE,
            "secret.png": GATE,
        },
        MAPPED,
    )
    (tmp_path / "uploads/link.png").symlink_to(tmp_path / "secret.png")
    built(tmp_path)
    assert published(tmp_path) == {}


def test_a_card_maps_addresses_for_its_dump_only(tmp_path: Path) -> None:
    body = posts("![x](https://mill.example/uploads/gate.png)")
    card = '[media]\n"https://mill.example/" = "saved"\n'
    site(
        tmp_path,
        {
            "content/gate.jsonl": body,
            "content/gate.toml": card,
            "content/well.jsonl": body.replace("A1", "B1"),
            "content/saved/uploads/gate.png": GATE,
        },
    )
    report = built(tmp_path)
    assert report.failures == ()
    shown = {
        path.parent.name: "<img" in path.read_text() for path in (tmp_path / "public/debates").glob("*/index.html")
    }
    assert shown == {"gate": True, "well": False}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('"https://x.example/" = "nowhere"', "does not exist"),
        ('"nothing" = "content"', "not an absolute address"),
        ('"https://x.example/" = "rostra.toml"', "neither a folder"),
        ('"https://x.example/" = "https://y.example"', "no folder or file"),
    ],
)
def test_a_wrong_map_is_an_error_with_its_line(tmp_path: Path, line: str, said: str) -> None:
    site(tmp_path, {"content/gate.jsonl": posts("x")}, f"[media]\n{line}\n")
    with pytest.raises(Exception, match=said) as error:
        built(tmp_path)
    assert getattr(error.value, "line", None) == 3


def test_pictures_that_no_post_shows_are_told_and_not_published(tmp_path: Path) -> None:
    site(tmp_path, {"content/gate.jsonl": posts("x"), "content/lone.png": GATE, "content/other.jpg": WHEEL})
    report = built(tmp_path)
    assert (report.failures, published(tmp_path)) == ((), {})
    assert [(path, p.code) for path, p in report.problems] == [("content/lone.png", "unused-media")]


def test_what_no_longer_belongs_to_a_post_is_removed(tmp_path: Path) -> None:
    site(tmp_path, {"content/gate.jsonl": posts("![x](gate.png)"), "content/gate.png": GATE})
    built(tmp_path)
    assert published(tmp_path)
    site(tmp_path, {"content/gate.jsonl": posts("nothing")})
    built(tmp_path)
    assert published(tmp_path) == {}


def test_an_unchanged_file_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from rostra.build import media_files

    site(tmp_path, {"content/gate.jsonl": posts("![x](gate.png)"), "content/gate.png": GATE})
    built(tmp_path)
    before = published(tmp_path)
    monkeypatch.setattr(media_files, "finished", None)  # calling it fails
    site(tmp_path, {"content/well.jsonl": posts("Another debate.")})
    report = built(tmp_path)
    assert (report.failures, published(tmp_path)) == ((), before)
    assert not any(path.startswith("media/") for path in report.written.changed)


def test_a_changed_file_is_read_again_and_a_lost_one_made_again(tmp_path: Path) -> None:
    site(tmp_path, {"content/gate.jsonl": posts("![x](gate.png)"), "content/gate.png": GATE})
    built(tmp_path)
    (tmp_path / "content/gate.png").write_bytes(WHEEL)
    built(tmp_path)
    assert list(published(tmp_path)) == [path_of(WHEEL, "jpg")]
    before = published(tmp_path)
    (tmp_path / "public" / path_of(WHEEL, "jpg")).unlink()
    built(tmp_path)
    assert published(tmp_path) == before


def test_a_rebuild_equals_a_clean_build(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {
        "content/list.mbox": letter(part(GATE, "gate.png")),
        "content/gate.jsonl": posts("![x](a.jpg)"),
        "content/a.jpg": WHEEL,
    }
    site(tmp_path / "one", {"content/gate.jsonl": posts("![x](b.jpg)"), "content/b.jpg": GATE})
    built(tmp_path / "one")
    (tmp_path / "one/content/b.jpg").unlink()
    for name in ("one", "two"):
        site(tmp_path / name, files)
        built(tmp_path / name)
    assert published(tmp_path / "one") == published(tmp_path / "two")
    assert (tmp_path / "one/public/debates/gate/index.html").read_bytes() == (
        tmp_path / "two/public/debates/gate/index.html"
    ).read_bytes()


def test_a_damaged_cache_costs_time_only(tmp_path: Path) -> None:
    site(tmp_path, {"content/gate.jsonl": posts("![x](gate.png)"), "content/gate.png": GATE})
    built(tmp_path)
    before = published(tmp_path)
    (tmp_path / ".rostra/media.sqlite").write_bytes(b"damaged" * 1000)
    site(tmp_path, {"content/well.jsonl": posts("Another debate.")})
    built(tmp_path)
    assert published(tmp_path) == before


def test_a_write_in_the_site_never_reaches_the_original(tmp_path: Path) -> None:
    site(tmp_path, {"content/gate.jsonl": posts("![x](gate.pdf)"), "content/gate.pdf": b"%PDF-1.7 plan"})
    built(tmp_path)
    (path,) = published(tmp_path)
    with (tmp_path / "public" / path).open("r+b") as file:
        file.write(b"changed")
    assert (tmp_path / "content/gate.pdf").read_bytes() == b"%PDF-1.7 plan"


def test_a_redacted_file_is_gone_everywhere(tmp_path: Path) -> None:
    files: dict[str, bytes | str] = {
        "content/gate.jsonl": posts("![x](gate.png)", "![again](gate.png) ![wheel](wheel.jpg)"),
        "content/gate.png": GATE,
        "content/wheel.jpg": WHEEL,
        "content/list.mbox": letter(part(GATE, "gate.png")),
    }
    site(tmp_path, files, "publish_addresses = true\n")
    built(tmp_path)
    copies = list((tmp_path / "public").rglob("*list.mbox"))
    assert copies
    digest = file_at(load_site(tmp_path), f"https://mill.example/{path_of(GATE, 'png')}")
    append_rule(tmp_path, RedactionRule(file=digest))
    report = built(tmp_path)
    assert report.failures == ()
    assert list(published(tmp_path)) == [path_of(WHEEL, "jpg")]
    encoded = base64.b64encode(GATE)[:40]
    assert not [
        path
        for path in (tmp_path / "public").rglob("*")
        if path.is_file() and (encoded in path.read_bytes() or digest.encode() in path.read_bytes())
    ]
    assert "it was redacted by the publisher" in page(tmp_path)
    (tmp_path / "redactions.toml").unlink()
    built(tmp_path)
    assert set(published(tmp_path)) == {path_of(GATE, "png"), path_of(WHEEL, "jpg")}
    assert list((tmp_path / "public").rglob("*list.mbox")) == copies


@pytest.mark.parametrize("kept", [True, False])
def test_a_redacted_post_takes_its_files_along_unless_another_shows_them(tmp_path: Path, kept: bool) -> None:
    site(
        tmp_path,
        {
            "content/gate.jsonl": posts("A debate.", "![x](gate.png)", "![x](gate.png)" if kept else "No picture."),
            "content/gate.png": GATE,
        },
    )
    built(tmp_path)
    append_rule(tmp_path, RedactionRule(post=thread(tmp_path)["posts"][1]["id"], thread="gate"))
    built(tmp_path)
    assert list(published(tmp_path)) == [path_of(GATE, "png")] * kept
    assert len(images(page(tmp_path))) == kept


def test_a_withdrawn_post_publishes_no_file(tmp_path: Path) -> None:
    site(
        tmp_path,
        {
            "content/list.mbox": letter(text="First.")
            + letter(part(GATE, "gate.png"), **{"Message-ID": "<2@mill.example>", "In-Reply-To": "<1@mill.example>"})
        },
    )
    built(tmp_path)
    id = thread(tmp_path)["posts"][1]["id"]
    site(tmp_path, {"content/list.toml": f'[[correction]]\npost = "{id}"\nwithdrawn = "It was private."\n'})
    report = built(tmp_path)
    assert (report.failures, published(tmp_path)) == ((), {})


def test_a_draft_publishes_no_file(tmp_path: Path) -> None:
    site(
        tmp_path,
        {
            "content/gate.jsonl": posts("![x](gate.png)"),
            "content/gate.png": GATE,
            "content/gate.toml": "draft = true\n",
        },
    )
    built(tmp_path)
    assert published(tmp_path) == {}


def test_files_that_may_hold_a_hidden_name_are_withheld(tmp_path: Path) -> None:
    files = [
        part(b"Zeus was here.\n", "a.txt", kind=MIMEApplication),
        part(b"Nobody was here.\n", "b.txt", kind=MIMEApplication),
        part(b"%PDF-1.7 Zeus", "c.pdf", kind=MIMEApplication),
        part(GATE, "gate.png"),
    ]
    site(tmp_path, {"content/list.mbox": letter(*files)})
    built(tmp_path)
    assert len(published(tmp_path)) == 4
    append_rule(tmp_path, RedactionRule(person="Zeus"))
    for _ in range(2):
        report = built(tmp_path)
        assert report.failures == ()
        assert set(published(tmp_path)) == {path_of(b"Nobody was here.\n", "txt"), path_of(GATE, "png")}
        site(tmp_path, {"content/more.jsonl": posts("Another debate.")})


def test_a_rule_of_a_file_that_no_post_shows_is_told(tmp_path: Path) -> None:
    site(tmp_path, {"content/gate.jsonl": posts("x")})
    append_rule(tmp_path, RedactionRule(file="ab" * 32))
    report = built(tmp_path)
    assert [problem.code for _, problem in report.problems] == ["unused-rule"]


@pytest.mark.parametrize("where", ["media/ab/" + "ab" * 32 + ".png", "nothing.png", "https://x.example/"])
def test_a_file_that_is_not_there_cannot_be_redacted(tmp_path: Path, where: str) -> None:
    site(tmp_path, {"content/gate.jsonl": posts("x")})
    built(tmp_path)
    with pytest.raises(UsageError):
        file_at(load_site(tmp_path), where)


def test_an_original_can_be_named_by_its_path(tmp_path: Path) -> None:
    site(tmp_path, {"gate.png": GATE})
    assert file_at(load_site(tmp_path), str(tmp_path / "gate.png")) == sha256(GATE).hexdigest()


EXTRAS = "extras = true\n"


@pytest.mark.parametrize("address", ["", 'address = "https://mill.example/debates/"\n'])
def test_feeds_previews_and_data_name_the_pictures(tmp_path: Path, address: str) -> None:
    files = [part(GATE, "gate.png"), part(b"%PDF-1.7", "plan.pdf", kind=MIMEApplication)]
    site(
        tmp_path,
        {
            "content/list.mbox": letter(
                part(WHEEL, "wheel.jpg", cid="w@x"),
                *files,
                text='<p><img src="cid:w@x" alt="the wheel"> <a href="/plan">plan</a></p>',
                kind="html",
            )
        },
        EXTRAS + address,
    )
    built(tmp_path)
    up = "https://mill.example/debates/" if address else "../../"
    folder = next((tmp_path / "public/debates").glob("*/index.html")).parent
    entry = feedparser.parse((folder / "feed.xml").read_bytes()).entries[0]
    html = entry.content[0].value if address else unescape((folder / "feed.xml").read_text())
    for path in (path_of(WHEEL, "jpg"), path_of(GATE, "png"), path_of(b"%PDF-1.7", "pdf")):
        assert f'{up}{path}"' in html
    # Previews are made by crawlers, which need absolute addresses.
    assert bool(address) == ('property="og:image" content="' + up + path_of(WHEEL, "jpg") in page(tmp_path))
    assert bool(address) == (
        f'"{up}{path_of(GATE, "png")}"' in page(tmp_path).partition("ld+json")[2].partition("</script>")[0]
    )
    assert thread(tmp_path)["posts"][0]["attachments"][1]["file"] == path_of(GATE, "png")


def test_a_page_asks_for_nothing_elsewhere(tmp_path: Path) -> None:
    site(
        tmp_path,
        {
            "content/gate.jsonl": posts("![here](gate.png) ![gone](https://x.example/gone.png)"),
            "content/gate.png": GATE,
        },
    )
    built(tmp_path)
    assert re.findall(r'(?:src|srcset)="([^"]*)"', "".join(images(page(tmp_path)))) == [f"../../{path_of(GATE, 'png')}"]
    assert page(tmp_path).count("(not archived)") == 1
    report = check(load_site(tmp_path))
    assert [each for each in report.findings if each.code != "no-address"] == []


def test_a_picture_within_a_link_to_its_full_size_is_marked_as_not_archived(tmp_path: Path) -> None:
    plain, titled = "https://x.example/gate.png", 'https://x.example/wheel.png "The wheel"'
    small = "![here](https://x.example/small.png)"
    site(tmp_path, {"content/gate.jsonl": posts(f"[{small}]({plain})\n\n[{small}]({titled})")})
    built(tmp_path)
    assert 'title="The wheel"' in page(tmp_path)
    assert "(2 pictures not archived)" in page(tmp_path)


def test_missing_pictures_of_one_name_in_a_row_are_numbered_and_explained_once(tmp_path: Path) -> None:
    row = "![](https://x.example/1.png)\\\n![](https://x.example/2.png)"
    other = "![](https://x.example/3.png) and ![](https://x.example/4.png) ![key](https://x.example/5.png)"
    unfit = "![](1.png) ![](2.png) ![](https://x.example/6.png)"
    files: dict[str, bytes | str] = {f"content/{n}.png": GATE[:40] for n in (1, 2)}
    site(tmp_path, {"content/gate.jsonl": posts(row, other, unfit), **files})
    built(tmp_path)
    said = re.findall(r'<div class="body e-content">\n(.*?)\n</div>', page(tmp_path), re.DOTALL)
    assert "<br>" not in said[0]
    shown = [" ".join(re.sub(r"<[^>]*>", "", each).split()) for each in said]
    assert shown[:2] == [
        "picture 1 picture 2 (2 pictures not archived)",
        "picture (not archived) and picture (not archived) key (not archived)",
    ]
    assert re.fullmatch(r"picture 1 picture 2 \(not published: [^)]+\) picture \(not archived\)", shown[2])


def test_a_build_without_changes_looks_at_no_picture(tmp_path: Path) -> None:
    from rostra.build.rebuild import rebuild

    site(
        tmp_path,
        {"content/gate.jsonl": posts("![x](https://mill.example/uploads/gate.png)"), "uploads/gate.png": GATE},
        MAPPED,
    )
    time.sleep(2 * FINE / 1e9)  # a file that was saved just now may be saved again unseen
    loaded = load_site(tmp_path)
    rebuild(loaded, lambda standing: build(loaded, None, standing))
    assert rebuild(loaded, lambda _: pytest.fail("it was built again")).posts == 1
    (tmp_path / "uploads/gate.png").write_bytes(WHEEL)
    rebuild(loaded, lambda standing: build(loaded, None, standing))
    assert list(published(tmp_path)) == [path_of(WHEEL, "jpg")]


def test_what_is_missing_is_listed_by_host_and_fetched(tmp_path: Path, server: Server) -> None:
    server.answers["/gate.png"] = [(200, {}, GATE)]
    site(
        tmp_path,
        {
            "content/gate.jsonl": posts(f"![x]({server.at}/gate.png) ![y](https://x.example/gone.png) ![z](here.png)"),
            "content/here.png": WHEEL,
        },
    )
    runner = CliRunner()
    assert runner.invoke(command, ["--site", str(tmp_path)]).exception
    built(tmp_path)
    shown = runner.invoke(command, ["--site", str(tmp_path)])
    assert shown.exit_code == 0
    assert f"{server.at}/gate.png" in shown.output
    assert "x.example: 1 file" in shown.output
    assert "here.png" not in shown.output
    Downloader(tmp_path / FOLDER, private=True, sleep=lambda _: None).fetch([f"{server.at}/gate.png"], lambda *_: None)
    report = built(tmp_path)
    assert report.failures == ()
    assert set(published(tmp_path)) == {path_of(GATE, "png"), path_of(WHEEL, "jpg")}
    assert "gate.png" not in runner.invoke(command, ["--site", str(tmp_path)]).output


def test_pictures_come_out_of_web_archives(tmp_path: Path) -> None:
    address = "https://mill.example/uploads/gate.png"
    archive = warc(
        (address, "200 OK", GATE), ("https://mill.example/uploads/page.png", "200 OK", b"<html>no picture</html>")
    )
    body = posts(
        f"![x]({address}) ![y](https://mill.example/uploads/page.png) ![z](https://mill.example/uploads/none.png)"
    )
    site(
        tmp_path,
        {"content/gate.jsonl": body, "content/crawl.warc.gz": archive},
        '[media]\n"https://mill.example/" = "content/crawl.warc.gz"\n',
    )
    for _ in range(2):
        report = built(tmp_path)
        assert report.failures == ()
        assert list(published(tmp_path)) == [path_of(GATE, "png")]
        assert {problem.code for _, problem in report.problems} == {"withheld"}
        site(
            tmp_path,
            {"content/more.jsonl": posts("Another debate.")},
            '[media]\n"https://mill.example/" = "content/crawl.warc.gz"\n',
        )


def media_of(folder: Path) -> list[str]:
    """The lines of the ledger about files."""
    return [line for line in (folder / "rostra.ledger").read_text().splitlines() if line.startswith("media/")]


def test_the_ledger_keeps_the_addresses_of_files(tmp_path: Path) -> None:
    site(
        tmp_path,
        {
            "content/gate.jsonl": posts("![x](gate.png) ![y](wheel.jpg)"),
            "content/gate.png": GATE,
            "content/wheel.jpg": WHEEL,
        },
    )
    built(tmp_path)
    both = sorted((path_of(GATE, "png"), path_of(WHEEL, "jpg")))
    assert media_of(tmp_path) == both
    kept = (tmp_path / "content/gate.png").rename(tmp_path / "away.png")
    report = built(tmp_path)
    assert [problem.code for _, problem in report.problems] == ["lost-media"]
    assert media_of(tmp_path) == sorted((path_of(GATE, "png") + " !", path_of(WHEEL, "jpg")))
    assert built(tmp_path).problems == ()
    kept.rename(tmp_path / "content/gate.png")
    shutil.rmtree(tmp_path / ".rostra")
    assert built(tmp_path).problems == ()
    assert media_of(tmp_path) == both
    append_rule(tmp_path, RedactionRule(file=sha256(GATE).hexdigest()))
    built(tmp_path)
    assert media_of(tmp_path) == [path_of(WHEEL, "jpg")]


def test_a_locked_build_publishes_no_new_file(tmp_path: Path) -> None:
    site(tmp_path, {"content/gate.jsonl": posts("![x](gate.png)"), "content/gate.png": GATE})
    built(tmp_path)
    build(load_site(tmp_path, locked=True))
    (tmp_path / "content/gate.png").write_bytes(WHEEL)
    with pytest.raises(NotInLedger, match="media/"):
        build(load_site(tmp_path, locked=True))
    assert list(published(tmp_path)) == [path_of(GATE, "png")]
