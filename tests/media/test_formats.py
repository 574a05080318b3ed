"""What each format says of its files leads to them, and to nothing else."""

from __future__ import annotations

import json
import re
import zipfile
from hashlib import sha1
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from support.media_servers import warc
from support.sample_pictures import picture

GATE, WHEEL = picture("PNG", (300, 200)), picture("JPEG", (320, 200))
SIGNS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def built(folder: Path, files: dict[str, bytes | str], settings: str = "") -> list[bytes]:
    """Build a site of these files; return what it publishes below ``media/``, largest names last."""
    for name, content in {"rostra.toml": f'title = "T"\n{settings}', **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert build(load_site(folder)).failures == ()
    return sorted(path.name for path in (folder / "public/media").rglob("*") if path.is_file())  # type: ignore[misc]


def named(content: bytes, ending: str) -> Any:
    from hashlib import sha256

    return f"{sha256(content).hexdigest()}.{ending}"


def posts(folder: Path) -> list[dict[str, Any]]:
    (found,) = (folder / "public/debates").glob("*/thread.json")
    return list(json.loads(found.read_bytes())["posts"])


def page(folder: Path) -> str:
    (found,) = (folder / "public/debates").glob("*/index.html")
    return found.read_text(encoding="utf-8")


CELL = '<div class="post" id="p{0}"><div class="postbody"><p class="author">by <strong><a href="./memberlist.php?u=1">Ada</a></strong> » 01 Mar 2024, 09:0{0}</p><div class="content">Look: {1}</div></div></div>'


def archive(*parts: tuple[str, bytes], images: tuple[str, ...]) -> bytes:
    """A page as browsers save it in one file, with its parts, each with its header."""
    from base64 import encodebytes

    cells = "".join(CELL.format(n, f'<img src="{address}" alt="">') for n, address in enumerate(images, 1))
    html = f'<!DOCTYPE html><html><body id="phpbb"><h2 class="topic-title"><a href="./viewtopic.php?t=1">Gate</a></h2>{cells}</body></html>'
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://mill.example/viewtopic.php?t=1\r\nSubject: Gate\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related; type="text/html"; boundary="----b"\r\n\r\n'
    )
    whole = head.encode()
    whole += f"------b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Location: https://mill.example/viewtopic.php?t=1\r\n\r\n{html}\r\n".encode()
    for header, content in parts:
        whole += f"------b\r\n{header}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + encodebytes(content)
    return whole + b"------b--\r\n"


@pytest.mark.parametrize("name", ["content/Gate.mhtml", "content/pages/Gate.mht"])
def test_a_page_saved_in_one_file_shows_its_pictures(tmp_path: Path, name: str) -> None:
    whole = archive(
        ("Content-Type: image/png\r\nContent-Location: https://mill.example/images/gate.png", GATE),
        ("Content-Type: image/jpeg\r\nContent-ID: <wheel@mhtml.blink>", WHEEL),
        (
            "Content-Type: image/png\r\nContent-Location: https://mill.example/images/unused.png",
            picture("PNG", (40, 40)),
        ),
        images=("images/gate.png", "cid:wheel@mhtml.blink"),
    )
    assert built(tmp_path, {name: whole}) == sorted([named(GATE, "png"), named(WHEEL, "jpg")])


def test_a_drawing_in_such_a_page_is_withheld(tmp_path: Path) -> None:
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    part = ("Content-Type: image/png\r\nContent-Location: https://mill.example/gate.png", drawing)
    assert built(tmp_path, {"content/Gate.mhtml": archive(part, images=("gate.png",))}) == []
    assert "could run" in page(tmp_path)


def telegram(*messages: dict[str, Any]) -> str:
    said = [
        {"id": n, "type": "message", "date": f"2024-03-01T09:0{n}:00", "date_unixtime": str(1709283600 + 60 * n), "from": "Ada", "from_id": "user1", "text": "Look", **each}
        for n, each in enumerate(messages, 1)
    ]  # fmt: skip
    return json.dumps({"name": "Mill", "type": "public_supergroup", "id": 9, "messages": said})


TELEGRAM = telegram(
    {"photo": "photos/photo_1.png"},
    {"file": "files/wheel.jpg", "file_name": "The wheel.jpg", "media_type": "document", "mime_type": "image/jpeg"},
    {"photo": "(File not included. Change data exporting settings to download.)"},
    {"photo": "../../secret.png"},
)
TELEGRAM_FILES: dict[str, bytes | str] = {
    "result.json": TELEGRAM,
    "photos/photo_1.png": GATE,
    "files/wheel.jpg": WHEEL,
    "photos/unnamed.png": picture("PNG", (50, 50)),
}


def zipped(folder: Path, name: str, files: dict[str, bytes | str]) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as archive:
        for inner, content in files.items():
            archive.writestr(inner, content)


@pytest.mark.parametrize("where", ["content", "content/export", "zip"])
def test_telegrams_export_shows_its_pictures_and_files(tmp_path: Path, where: str) -> None:
    files = {f"{where}/{name}": content for name, content in TELEGRAM_FILES.items()}
    if where == "zip":
        zipped(tmp_path, "content/export.zip", TELEGRAM_FILES)
        files = {}
    found = built(tmp_path, {**files, "secret.png": picture("PNG", (60, 60))})
    assert found == sorted([named(GATE, "png"), named(WHEEL, "jpg")])
    names = [[file["name"] for file in post["attachments"]] for post in posts(tmp_path)]
    assert names == [["photo_1.png"], ["The wheel.jpg"], ["photo"], ["secret.png"]]


WHATSAPP = (
    "[04/03/24, 10:00:01] Ada: \u200e<attached: 00000012-PHOTO-2024-03-04-10-00-01.png>\n"
    "[04/03/24, 10:00:02] Bede: Which gate?\n"
)
ANDROID = "04/03/24, 10:00 - Ada: \u200eIMG-20240304-WA0001.png (file attached)\nThe gate\n04/03/24, 10:01 - Bede: Which gate?\n"


@pytest.mark.parametrize(("chat", "name"), [(WHATSAPP, "00000012-PHOTO-2024-03-04-10-00-01.png"), (ANDROID, "IMG-20240304-WA0001.png"), (ANDROID.replace("file attached", "Datei angehängt"), "IMG-20240304-WA0001.png")])  # fmt: skip
@pytest.mark.parametrize("where", ["beside", "folder", "zip"])
def test_whatsapps_export_shows_its_pictures(tmp_path: Path, chat: str, name: str, where: str) -> None:
    files: dict[str, bytes | str] = {"_chat.txt": chat, name: GATE, "other.png": WHEEL}
    if where == "zip":
        zipped(tmp_path, "content/WhatsApp Chat - Mill.zip", files)
        files = {}
    folder = "content/chat" if where == "folder" else "content"
    assert built(tmp_path, {f"{folder}/{each}": content for each, content in files.items()}) == [named(GATE, "png")]
    assert posts(tmp_path)[0]["attachments"][0]["name"] == name


@pytest.mark.parametrize(
    "words", ["See plan.pdf (the second one)", "plan.pdf (my own version)", "plan.pdf (file attached?)"]
)
def test_words_about_a_file_are_words(tmp_path: Path, words: str) -> None:
    built(tmp_path, {"content/_chat.txt": f"[04/03/24, 10:00:01] Ada: {words}\n[04/03/24, 10:00:02] Bede: Yes.\n"})
    assert (posts(tmp_path)[0]["text"], posts(tmp_path)[0]["attachments"]) == (words, [])


def key(content: bytes) -> str:
    """The key of a file in Discourse: its SHA-1 as a number of base 62."""
    number, found = int(sha1(content).hexdigest(), 16), ""
    while number:
        number, sign = divmod(number, 62)
        found = SIGNS[sign] + found
    return found


def topic(*bodies: str, field: str = "raw") -> str:
    said = [
        {"id": 10 + n, "post_number": n, "username": "ada", "created_at": f"2024-03-01T09:0{n}:00Z", "topic_id": 7, field: body}
        for n, body in enumerate(bodies, 1)
    ]  # fmt: skip
    return json.dumps({"id": 7, "title": "The gate", "post_stream": {"posts": said}})


def original(content: bytes, depth: int, ending: str = "png") -> str:
    digest = sha1(content).hexdigest()
    return f"uploads/default/original/{depth + 1}X/{''.join(f'{each}/' for each in digest[:depth])}{digest}.{ending}"


RAW = f"The ![old gate|690x400, 50%](upload://{key(GATE)}.png) of the mill, and [a wheel.jpg|attachment](upload://{key(WHEEL)}.jpg) (3 KB)."


@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_short_addresses_of_discourse_lead_to_its_uploads(tmp_path: Path, depth: int) -> None:
    files: dict[str, bytes | str] = {"content/topic.json": topic(RAW), f"content/{original(GATE, depth)}": GATE, f"content/{original(WHEEL, depth, 'jpg')}": WHEEL}  # fmt: skip
    assert built(tmp_path, files) == sorted([named(GATE, "png"), named(WHEEL, "jpg")])
    assert 'alt="old gate"' in page(tmp_path)
    assert posts(tmp_path)[0]["text"] == "The old gate of the mill, and a wheel.jpg (3 KB)."


def test_a_link_to_an_attachment_as_discourse_shows_it_leads_there_too(tmp_path: Path) -> None:
    cooked = f'<p><a class="attachment" href="/uploads/short-url/{key(WHEEL)}.jpg">wheel.jpg</a> (3 KB)</p>'
    files: dict[str, bytes | str] = {"content/topic.json": topic(cooked, field="cooked"), f"content/{original(WHEEL, 2, 'jpg')}": WHEEL}  # fmt: skip
    assert built(tmp_path, files) == [named(WHEEL, "jpg")]


def test_the_publishers_folder_and_web_archive_have_them_as_the_forum_did(tmp_path: Path) -> None:
    card = 'url = "https://mill.example/t/7"\n'
    files: dict[str, bytes | str] = {"content/topic.json": topic(RAW), "content/topic.toml": card}
    mapped = '[media]\n"https://mill.example/uploads/" = "kept"\n'
    kept = original(GATE, 1).removeprefix("uploads/")
    assert built(tmp_path / "a", {**files, f"kept/{kept}": GATE}, mapped) == [named(GATE, "png")]
    found = warc((f"https://mill.example/{original(WHEEL, 2, 'jpg')}", "200 OK", WHEEL))
    mapped = '[media]\n"https://mill.example/" = "forum.warc"\n'
    assert built(tmp_path / "b", {**files, "forum.warc": found}, mapped) == [named(WHEEL, "jpg")]


def test_what_is_typed_as_code_stays_as_typed(tmp_path: Path) -> None:
    built(tmp_path, {"content/topic.json": topic(f"Write `![x|10x10](upload://{key(GATE)}.png)` for it.")})
    assert posts(tmp_path)[0]["text"] == f"Write ![x|10x10](upload://{key(GATE)}.png) for it."


@pytest.mark.parametrize("name", ["a|b", "10x10", "x|10x", "x|sized", "x|10x10 "])
def test_a_name_keeps_what_is_no_size(tmp_path: Path, name: str) -> None:
    built(tmp_path, {"content/topic.json": topic(f"See ![{name}](upload://{key(GATE)}.png)"), f"content/{original(GATE, 0)}": GATE})  # fmt: skip
    assert name.strip() in unescape(page(tmp_path))


def lines(*attachments: Any) -> str:
    return "".join(
        json.dumps({"id": str(n), "parent": "1" if n > 1 else None, "author": "Ada", "created": f"2024-03-0{n}T09:00:00Z", "body": "Look", "attachments": each}) + "\n"
        for n, each in enumerate(attachments, 1)
    )  # fmt: skip


def test_lines_of_posts_name_their_files(tmp_path: Path) -> None:
    text = lines(
        [{"path": "pics/gate.png", "name": "The gate", "media_type": "image/png"}],
        "wheel.jpg",
        ["https://mill.example/plan.pdf"],
        {"name": "lost.pdf"},
    )
    found = built(tmp_path, {"content/gate.jsonl": text, "content/pics/gate.png": GATE, "content/wheel.jpg": WHEEL})
    assert found == sorted([named(GATE, "png"), named(WHEEL, "jpg")])
    files = [post["attachments"][0] for post in posts(tmp_path)]
    assert [file["name"] for file in files] == ["The gate", "wheel.jpg", "plan.pdf", "lost.pdf"]
    assert [file["url"] for file in files] == [None, None, "https://mill.example/plan.pdf", None]
    (found_thread,) = (tmp_path / "public/debates").glob("*/thread.json")
    assert json.loads(found_thread.read_bytes())["problems"] == []


@pytest.mark.parametrize(
    "path", ["../secret.png", "/etc/passwd", "..", "a/../../secret.png", "gate.toml", ".hidden/x.png", "x\0.png"]
)  # fmt: skip
def test_the_path_of_a_file_leads_to_nothing_else(tmp_path: Path, path: str) -> None:
    files: dict[str, bytes | str] = {"content/gate.jsonl": lines([{"path": path}]), "secret.png": GATE, "content/.hidden/x.png": GATE}  # fmt: skip
    assert built(tmp_path, files) == []


@pytest.mark.parametrize("wrong", [[7], [{"media_type": "image/png"}], [[]], {"path": ["a.png"]}])
def test_what_is_no_file_is_told(tmp_path: Path, wrong: Any) -> None:
    built(tmp_path, {"content/gate.jsonl": lines(wrong)})
    (found,) = (tmp_path / "public/debates").glob("*/thread.json")
    codes = {problem["code"] for problem in json.loads(found.read_bytes())["problems"]}
    assert codes <= {"bad-field"}
    assert codes or wrong == [[]]
    assert not re.search(r"<img ", page(tmp_path))
