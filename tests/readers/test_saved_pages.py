"""Pages as browsers and programs save them: behind styles, in archives, one part after another."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.ingest.inspection import inspections
from rostra.readers import Dump, choose
from rostra.readers.dumps.dump import HEAD
from rostra.readers.dumps.saved_pages import is_archive, page_in
from support.thread_lines import shown

FORUM = Path(__file__).parent / "forum"
SAVED = sorted(path for path in FORUM.glob("*.html"))
STYLES = "<style>\n.a{color:red}\n</style>"


def tree(dump: Path) -> list[str]:
    return [line for edition in inspections(dump) for line in shown(edition)]


@pytest.mark.parametrize("page", SAVED, ids=lambda page: page.stem)
@pytest.mark.parametrize("size", [HEAD - 400, HEAD, 3 * HEAD])
def test_posts_are_found_behind_whatever_styles_stand_first(page: Path, size: int, tmp_path: Path) -> None:
    html = page.read_text(encoding="utf-8")
    copy = tmp_path / page.name
    copy.write_text(html.replace("</head>", f"{STYLES}{'/' * size}</head>").replace(STYLES, STYLES[:-8]).replace("//</head>", "</style></head>"), encoding="utf-8")  # fmt: skip
    assert choose(Dump(copy)).NAME == "forum"
    assert tree(copy) == tree(page)


def test_attributes_need_no_quotation_marks(tmp_path: Path) -> None:
    copy = tmp_path / "page.html"
    html = (FORUM / "xenforo.html").read_text(encoding="utf-8")
    copy.write_text(html.replace('data-content="post-12"', "data-content=post-12").replace('data-content="post-13"', "data-content=post-13"), encoding="utf-8")  # fmt: skip
    assert choose(Dump(copy)).NAME == "forum"
    assert tree(copy) == tree(FORUM / "xenforo.html")


def archive(html: str, headers: str, charset: str = "utf-8") -> bytes:
    body = base64.encodebytes(html.encode(charset)).decode()
    text = f'{headers}MIME-Version: 1.0\nContent-Type: multipart/related;\n\ttype="text/html";\n\tboundary="--b"\n\n\n----b\nContent-Type: text/html; charset={charset}\nContent-Transfer-Encoding: base64\nContent-Location: https://mill.example/viewtopic.php?t=9\n\n{body}\n----b\nContent-Type: text/css\n\n.a{{}}\n----b--\n'
    return text.replace("\n", "\r\n").encode()


CHROME = "From: <Saved by Blink>\nSnapshot-Content-Location: https://mill.example/viewtopic.php?t=7\nSubject: The upper gate\nDate: Mon, 4 Mar 2024 09:00:00 -0000\n"
EXPLORER = 'From: "Saved by Internet Explorer 11"\nSubject: The upper gate\nDate: Mon, 4 Mar 2024 09:00:00 -0000\n'
OPERA = "Content-Location: https://mill.example/viewtopic.php?t=7\nSubject: The upper gate\n"


@pytest.mark.parametrize("headers", [CHROME, EXPLORER, OPERA])
def test_an_archive_is_the_page_in_it_and_no_letter(headers: str, tmp_path: Path) -> None:
    dump = tmp_path / "page.mhtml"
    dump.write_bytes(archive((FORUM / "vbulletin3.html").read_text(encoding="utf-8"), headers))
    assert choose(Dump(dump)).NAME == "forum"
    assert [line for line in tree(dump) if " post " in line] == [line for line in tree(FORUM / "vbulletin3.html") if " post " in line]  # fmt: skip
    # A folder of them is read as they are.
    assert choose(Dump(tmp_path)).NAME == "forum"
    dump.write_bytes(archive("<html><title>Gates</title><p>All that is known.", headers))
    assert choose(Dump(dump)).NAME == "html"
    assert "0 post - | - | - | All that is known." in tree(dump)


@pytest.mark.parametrize(
    "field", ["Message-ID: <a@mill.example>", "To: bede@hill.example", "Received: from mill.example"]
)
def test_a_letter_in_html_is_no_archive(field: str) -> None:
    assert is_archive(archive("<p>x", CHROME))
    assert not is_archive(archive("<p>x", f"{CHROME}{field}\n"))
    assert not is_archive(archive("<p>x", "From: Ada <ada@mill.example>\nSubject: x\n"))
    assert not is_archive(b"From ada Mon Mar  4 09:00:00 2024\n" + archive("<p>x", CHROME))


def test_an_archive_is_read_in_the_charset_of_its_part(tmp_path: Path) -> None:
    dump = tmp_path / "page.mht"
    dump.write_bytes(archive("<html><p>Кто открыл ворота?", CHROME, "windows-1251"))
    assert page_in(Dump(dump))[:2] == ("<html><p>Кто открыл ворота?", "https://mill.example/viewtopic.php?t=7")


def test_a_page_says_where_it_was_saved_from(tmp_path: Path) -> None:
    dump = tmp_path / "page.html"
    for above in ("<!-- saved from url=(0042)https://mill.example/showthread.php?t=7 -->", "<!--\n Page saved with SingleFile \n url: https://mill.example/showthread.php?t=7 \n saved date: Mon -->"):  # fmt: skip
        dump.write_text(f"<!DOCTYPE html>{above}<html><p>Words.", encoding="utf-8")
        assert page_in(Dump(dump)).url == "https://mill.example/showthread.php?t=7"


def test_a_later_page_alone_is_not_the_opening_and_joins_the_first_in_another_dump(tmp_path: Path) -> None:
    pages = FORUM / "vbulletin4-pages"
    (edition,) = inspections(pages / "page-2.html")
    first, *others = [each.post for each in edition.posts]
    assert (first.raw.kind, edition.thread.title) == ("missing", "The upper gate")
    assert {each.raw.native_id: each.depth for each in others} == {"21": 1, "13": 1, "22": 1}
    assert [problem.code for problem in edition.problems] == ["missing-opening", "missing-post"]
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n', encoding="utf-8")
    for page in pages.glob("*.html"):
        (tmp_path / "content" / page.name).write_bytes(page.read_bytes())
    assert build(load_site(tmp_path))
    (document,) = tmp_path.glob("public/debates/*/thread.json")
    assert '"kind":"missing"' not in document.read_text(encoding="utf-8")
    assert document.read_text(encoding="utf-8").count('"native_id":"') == 5


@pytest.mark.parametrize(
    ("title", "address", "later"),
    [
        ("The gate - Page 2 - Mill", None, True),
        ("The gate - Page 1 - Mill", None, False),
        ("The gate - Seite 2", None, True),
        ("The gate, page 2 - Mill", None, False),
        ("The gate - Page 2 - Mill", "https://mill.example/showthread.php?t=7", False),
        ("The gate", "https://mill.example/viewtopic.php?t=7&amp;start=15", True),
        ("The gate", "https://mill.example/viewtopic.php?t=7&amp;start=0", False),
        ("The gate", "https://mill.example/index.php?topic=7.15", True),
        ("The gate", "https://mill.example/index.php?topic=7.0", False),
        ("The gate", "https://mill.example/threads/7-gate/page10", True),
        ("The gate", "https://mill.example/threads/7-gate/page1", False),
        ("The gate", "https://mill.example/showthread.php?t=7&amp;page=2", True),
    ],
)
def test_which_page_it_is_stands_in_its_address_or_title(
    title: str, address: str | None, later: bool, tmp_path: Path
) -> None:
    html = (FORUM / "vbulletin3.html").read_text(encoding="utf-8")
    link = f'<link rel="canonical" href="{address}">' if address else ""
    own = '<link rel="canonical" href="https://mill.example/showthread.php?t=7" />'
    before, _, rest = html.replace(own, "").partition("</title>")
    assert own in html
    dump = tmp_path / "page.html"
    dump.write_text(f"{before.rpartition('>')[0]}>{title}</title>{link}{rest}", encoding="utf-8")
    (edition,) = inspections(dump)
    assert (edition.posts[0].post.raw.kind == "missing") is later
