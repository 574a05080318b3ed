"""The preview serves what a static host would, tells pages of changes, and gives nothing else away."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect
from watchdog.observers import Observer

from rostra.errors import UsageError
from rostra.serve.files import find
from rostra.serve.host_names import answers_to
from rostra.serve.preview import preview as serve
from rostra.serve.watch import Watcher
from support.optional_parts import Preview
from support.preview_server import ask, serving, until


def test_it_serves_as_static_hosts_do(unchanged: Preview) -> None:
    status, headers, body = ask(unchanged, "/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert b"/__rostra__/live.js" in body
    assert b"/__rostra__/" not in (unchanged.output / "index.html").read_bytes()
    assert ask(unchanged, "/debates/well")[:1] == (301,)
    assert ask(unchanged, "/debates/well/")[0] == 200
    assert ask(unchanged, "/about")[0] == 200
    assert ask(unchanged, "/debates/well/thread.json")[1]["content-type"] == "application/json"
    status, _, body = ask(unchanged, "/nowhere")
    assert status == 404
    assert b"There is no page at this address" in body


def test_it_answers_ranges_and_etags(unchanged: Preview) -> None:
    whole = ask(unchanged, "/debates/well/well.txt")
    assert ask(unchanged, "/debates/well/well.txt", If_None_Match=whole[1]["etag"])[0] == 304
    status, _, part = ask(unchanged, "/debates/well/well.txt", Range="bytes=5-9")
    assert (status, part) == (206, whole[2][5:10])
    page = ask(unchanged, "/")
    assert ask(unchanged, "/", If_None_Match=page[1]["etag"])[0] == 304
    assert ask(unchanged, "/", "HEAD")[2] == b""


REDIRECTS = """
# old
/old/1 /debates/well/ 302 # where it stood
  /older /about.html
/post /debates/well/#p-1 301
/twice /first 301
/twice /second 301
/t/:slug/:id /debates/:slug/?n=:id 308
/news/* /blog/:splat 301
/gone/* /about.html 404
/shown /about 200
/about /elsewhere 301
/debates/well/well.txt /forced 301!
/viewtopic.php t=:topic /debates/:topic/ 301
/loop /loop/ 301
/round /about/../round 301
/here/* /:splat 301
/back/* /\\evil.example/:splat 301
/anywhere/* https://:splat 301
/host/* //:splat 301
/script javascript:alert(1) 301
/abroad /fr/ 302 Country=fr
/odd /about.html 999
/double/:a/:a /about.html 301
/proxied https://elsewhere.example/:splat 200
/d%C3%A9j%C3%A0 /about.html 301
/secret /../rostra.toml 200
only-one-word
"""


@pytest.mark.parametrize(
    ("asked", "status", "location"),
    [
        ("/old/1", 302, "/debates/well/"),
        ("/old/1/", 302, "/debates/well/"),
        ("/old/1?a=b", 302, "/debates/well/"),
        ("/old/12", 404, None),
        ("/older", 301, "/about.html"),
        ("/post?a=b", 301, "/debates/well/#p-1"),
        ("/twice", 301, "/first"),
        ("/t/well/7", 308, "/debates/well/?n=7"),
        ("/t/well/7/more", 404, None),
        ("/t/caf%C3%A9%20x/7", 308, "/debates/caf%C3%A9%20x/?n=7"),
        ("/t/a%0d%0aSet-Cookie:x/7", 308, "/debates/a%0D%0ASet-Cookie%3Ax/?n=7"),
        ("/news", 301, "/blog/"),
        ("/news/2024/03", 301, "/blog/2024/03"),
        ("/newsletter", 404, None),
        ("/gone/for/good", 404, None),
        ("/shown", 200, None),
        ("/about", 200, None),
        ("/debates/well/well.txt", 301, "/forced"),
        ("/viewtopic.php?f=1&t=well", 301, "/debates/well/"),
        ("/viewtopic.php?f=1", 404, None),
        ("/loop/", 404, None),
        ("/here//evil.example", 301, "/evil.example"),
        ("/here/%2f%2fevil.example", 301, "/evil.example"),
        ("/here/%5Cevil.example", 404, None),
        ("/here/%09/evil.example", 301, "/%09/evil.example"),
        ("/back/x", 301, "/evil.example/x"),
        ("/anywhere/evil.example", 404, None),
        ("/host/evil.example", 404, None),
        ("/script", 404, None),
        ("/abroad", 404, None),
        ("/odd", 404, None),
        ("/double/x/y", 404, None),
        ("/proxied", 302, "https://elsewhere.example/:splat"),
        ("/d%C3%A9j%C3%A0", 301, "/about.html"),
        ("/secret", 404, None),
        ("/only-one-word", 404, None),
    ],
)
def test_redirects_are_followed_as_hosts_follow_them(
    tmp_path: Path, asked: str, status: int, location: str | None
) -> None:
    site = tmp_path / "site"
    (site / "debates/well").mkdir(parents=True)
    for name in ("about.html", "debates/well/index.html", "debates/well/well.txt", "404.html"):
        (site / name).write_text(name)
    (tmp_path / "rostra.toml").write_text("secret")
    (site / "_redirects").write_text(REDIRECTS)
    path, _, query = asked.partition("?")
    found = find(site, path, "/", query)
    assert (found.status, found.location) == (status, location)
    if asked in ("/gone/for/good", "/shown", "/about"):
        assert found.file == site / "about.html"


def test_redirects_speak_of_the_whole_domain_also_where_the_site_stands_below_a_path(tmp_path: Path) -> None:
    (tmp_path / "about.html").write_text("about")
    (tmp_path / "_redirects").write_text("/t/gate/42 /archive/about.html 301\n/archive/old /archive/about 200\n")
    assert find(tmp_path, "/t/gate/42", "/archive/").location == "/archive/about.html"
    assert find(tmp_path, "/archive/old", "/archive/").file == tmp_path / "about.html"
    assert find(tmp_path, "/archive/t/gate/42", "/archive/").status == 404


def test_rules_that_are_changed_are_read_again(preview: Preview) -> None:
    (preview.output / "_redirects").write_text("/old /debates/well/ 302\n")
    assert ask(preview, "/old")[1]["location"] == "/debates/well/"
    (preview.output / "_redirects").write_text("/old /about.html#a 301\n")
    assert ask(preview, "/old?b=c")[1]["location"] == "/about.html?b=c#a"


@pytest.mark.parametrize(
    "path",
    [
        "/../rostra.toml", "/..%2frostra.toml", "/%2e%2e/rostra.toml", "/%2e%2e%2frostra.toml", "/%252e%252e%252frostra.toml",
        "/..%5crostra.toml", "/..\\rostra.toml", "/debates/../../rostra.toml", "/debates/%2e%2e/%2e%2e/rostra.toml", "//rostra.toml",
        "//etc/hostname", "/%2fetc/hostname", "/etc/hostname", "/debates//../../../rostra.toml", "/.%00./rostra.toml", "/rostra.toml%00.html",
        "/%c0%ae%c0%ae/rostra.toml", "/link/secret.txt", "/secret-link.txt", "/.git/config", "/.nojekyll", "/%2enojekyll", "/__rostra__/../app.py", "/__rostra__/app.py",
    ],
)  # fmt: skip
def test_nothing_outside_the_output_is_served_by_any_spelling(unchanged: Preview, path: str) -> None:
    status, _, body = ask(unchanged, path)
    assert status in (400, 404)
    assert b"secret" not in body
    assert b"title =" not in body


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "", "[::2]"])
def test_a_name_that_is_not_ours_gets_no_answer(unchanged: Preview, host: str) -> None:
    for path in ("/", "/__rostra__/events", "/debates/well/thread.json"):
        status, _, body = ask(unchanged, path, Host=host)
        assert status in (400, 421)
        assert b"well" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_nothing_can_be_written(unchanged: Preview, method: str) -> None:
    assert ask(unchanged, "/index.html", method)[0] == 405


def test_it_listens_on_loopback_only(unchanged: Preview) -> None:
    parts = urlsplit(unchanged.address)
    assert parts.hostname == "127.0.0.1"
    with socket.socket() as probe:
        # Another loopback address is refused too: the server is bound to the one, not to all.
        assert probe.connect_ex(("127.0.0.2", parts.port or 0)) != 0


def test_a_port_that_is_taken_is_said(unchanged: Preview) -> None:
    port = urlsplit(unchanged.address).port or 0
    with pytest.raises(UsageError, match="is taken") as raised:
        serve(unchanged.folder, host="127.0.0.1", port=port, announce=lambda line: None)
    assert "--port" in (raised.value.hint or "")


@contextmanager
def events(preview: Preview) -> Iterator[Iterator[dict[str, Any]]]:
    """What an open page is told from now on."""
    parts = urlsplit(preview.address)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=20) as stream:
        stream.sendall(f"GET /__rostra__/events HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        told = (json.loads(line[6:]) for line in stream.makefile("rb") if line.startswith(b"data: "))
        next(told)
        yield told


def test_the_stream_tells_of_a_build(preview: Preview) -> None:
    with events(preview) as told:
        (preview.folder / "content/about.md").write_text("# Another title\n")
        assert "about.html" in next(told)["changed"]


@pytest.mark.parametrize(
    "path",
    [
        "content/well.txt",
        "content/well.toml",
        "content/new/debate.txt",
        "rostra.toml",
        "layouts/404.html",
        "layouts/styles/95-own.css",
    ],
)
def test_every_kind_of_source_is_watched(preview: Preview, path: str) -> None:
    before = len(preview.builds)
    target = preview.folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(target.read_text() + "\n" if target.exists() else "Shall we?\n\n  1 year ago\n\n  Yes.\n")
    until(lambda: len(preview.builds) > before)


def test_an_editors_rename_and_replace_is_a_change(preview: Preview) -> None:
    dump = preview.folder / "content/well.txt"
    swap = preview.folder / "content/.well.txt.swp"
    swap.write_text(dump.read_text().replace("I have.", "I have indeed."))
    swap.replace(dump)
    until(lambda: b"I have indeed." in ask(preview, "/debates/well/")[2])


def test_a_burst_is_gathered_and_its_end_is_not_missed(preview: Preview) -> None:
    before = len(preview.builds)
    for n in range(300):
        (preview.folder / "content/well.txt").write_text(f"Shall we {n}?\n\n    1 year ago\n\n    Yes.\n")
    until(lambda: b"Shall we 299?" in ask(preview, "/debates/well/")[2])
    assert len(preview.builds) - before <= 10


def test_its_own_output_does_not_set_it_off(preview: Preview) -> None:
    before = len(preview.builds)
    (preview.folder / "content/about.md").write_text("# Once\n")
    until(lambda: b"Once" in ask(preview, "/about")[2])
    # A page is shown before its build ends.
    until(lambda: len(preview.builds) > before)
    settled = -1
    while settled != len(preview.builds):
        # An event of the edit may come late where the machine is busy.
        settled = len(preview.builds)
        time.sleep(2)
    (preview.output / "stray.txt").write_text("x")
    time.sleep(1)
    assert len(preview.builds) == settled


def test_after_a_build_that_fails_the_last_good_site_stays_up(preview: Preview) -> None:
    (preview.folder / "rostra.toml").write_text("titel = 4\n")
    until(lambda: any("did you mean 'title'" in line for line in preview.lines))
    assert ask(preview, "/debates/well/")[0] == 200


def test_a_card_that_is_wrong_leaves_the_last_good_page_with_the_error_over_it(preview: Preview) -> None:
    page = ask(preview, "/debates/well/")[2].partition(b"<script src")[0]
    with events(preview) as told:
        (preview.folder / "content/well.toml").write_text("oops = = 1\n")
        (error,) = next(each for each in told if each.get("errors"))["errors"]
        assert error["where"] == "content/well.toml:1"
        assert ask(preview, "/debates/well/")[2].partition(b"<script src")[0] == page
        (preview.folder / "content/well.toml").write_text('title = "Mended"\n')
        # A build tells twice: with its pages, and at its end.
        assert any(each.get("errors") == [] for each in told)
    until(lambda: b"Mended" in ask(preview, "/debates/well/")[2])


def test_a_style_that_comes_with_its_folder_is_shown(preview: Preview) -> None:
    ready = preview.folder.parent / "ready/styles"
    ready.mkdir(parents=True)
    (ready / "95-own.css").write_text("body { border-top: 7px solid green; }\n")
    with events(preview) as told:
        ready.rename(preview.folder / "layouts/styles")
        assert any(each.get("style") == "rostra.css" for each in told)


def test_two_previews_of_one_site_both_tell_their_pages(preview: Preview) -> None:
    with serving(preview.folder) as other, events(preview) as here, events(other) as there:
        for n in range(3):
            (preview.folder / "content/about.md").write_text(f"# Number {n}\n")
            for told in (here, there):
                assert any(each.get("changed") for each in told)
            until(lambda n=n: f"Number {n}".encode() in ask(other, "/about")[2])  # type: ignore[misc]
            # What one of them makes, the other may see later.
            time.sleep(0.5)


def test_what_is_served_is_made_anew_where_somebody_deletes_what_is_kept(preview: Preview) -> None:
    # At once, since the preview removes files there meanwhile.
    rmtree((preview.folder / ".rostra").rename(preview.folder.with_name("deleted")), ignore_errors=True)
    until(lambda: ask(preview, "/debates/well/")[0] == 200)
    builds = len(preview.builds)
    (preview.folder / "content/about.md").write_text("# Once more\n")
    until(lambda: len(preview.builds) > builds and b"Once more" in ask(preview, "/about")[2])


def test_a_bug_is_told_in_the_browser_and_the_next_save_builds_again(
    preview: Preview, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = preview.folder / "content/about.md"
    with events(preview) as told:
        with monkeypatch.context() as patch:
            patch.setattr("rostra.render.pages.archive_units", lambda *_: 1 / 0)
            about.write_text("# Lost\n")
            (error,) = next(told)["errors"]
        assert error["message"].startswith("ZeroDivisionError")
        assert "bug" in error["hint"]
        until(lambda: any("Traceback" in line for line in preview.lines))
        assert b"Lost" not in ask(preview, "/about")[2]
        about.write_text("# Found\n")
        until(lambda: b"Found" in ask(preview, "/about")[2])
        assert not next(told)["errors"]


def test_the_browser_reloads_in_place_swaps_styles_and_shows_errors(preview: Preview, browser: Browser) -> None:
    dump = preview.folder / "content/well.txt"
    names = [f"{'BCDFGHJKLMNPRSTVWZ'[n % 18]}{'aeiou'[n % 5]}{'dlmnrstv'[n // 5]}a" for n in range(40)]
    long = "".join(f"\n    • {name}\n    1 year ago\n\n    {'Words that fill a line. ' * 30}\n" for name in names)
    dump.write_text("Shall we?\n" + long)
    until(lambda: names[-1].encode() in ask(preview, "/debates/well/")[2])
    page = browser.new_page(viewport={"width": 1000, "height": 600}, reduced_motion="reduce")
    with page.expect_response("**/__rostra__/events"):
        page.goto(preview.address + "debates/well/")
    page.wait_for_timeout(300)
    page.evaluate("document.querySelectorAll('article.post')[20].scrollIntoView()")
    top = "document.querySelectorAll('article.post')[20].getBoundingClientRect().top"
    before = page.evaluate(top)

    page.evaluate("window.notReloaded = true")
    absent: list[str] = []
    page.on("response", lambda response: absent.append(response.url) if response.status == 404 else None)
    (preview.folder / "layouts/styles").mkdir(parents=True)
    (preview.folder / "layouts/styles/95-own.css").write_text("body { border-top: 7px solid green; }\n")
    expect(page.locator("body")).to_have_css("border-top-width", "7px", timeout=20_000)
    assert page.evaluate("window.notReloaded") is True

    dump.write_text(dump.read_text().replace("Shall we?", "Shall we, now?"))
    expect(page.locator("article.post").first).to_contain_text("Shall we, now?", timeout=20_000)
    # A page with this policy evaluates no text, so the wait is here.
    until(lambda: abs(page.evaluate(top) - before) < 12)
    assert absent == []

    (preview.folder / "rostra.toml").write_text('title = "T"\nlanguge = "<b>en</b>"\n')
    expect(page.locator("#rostra-errors")).to_contain_text("rostra.toml:2", timeout=20_000)
    expect(page.locator("#rostra-errors")).to_contain_text("did you mean 'language'?")
    (preview.folder / "rostra.toml").write_text('title = "T"\n')
    expect(page.locator("#rostra-errors")).to_have_count(0, timeout=20_000)
    page.close()


def test_a_style_is_shown_before_the_site_is_built_with_it(preview: Preview) -> None:
    with events(preview) as told:
        (preview.folder / "layouts/styles").mkdir(parents=True, exist_ok=True)
        (preview.folder / "layouts/styles/95-own.css").write_text("body { color: green }")
        restyled = next(event for event in told if "style" in event)
    assert restyled["style"] == "rostra.css"
    until(lambda: b"color: green" in ask(preview, restyled["href"])[2])
    assert ask(preview, "/__rostra__/styles/../app.py")[0] == 404


def test_new_settings_are_followed_without_a_restart(preview: Preview) -> None:
    (preview.folder / "more").mkdir()
    (preview.folder / "more/other.txt").write_text("Shall we?\n\n    1 year ago\n\n    Other words.\n")
    (preview.folder / "rostra.toml").write_text('title = "T"\ncontent = ["content", "more"]\n')
    until(lambda: b"Other words." in ask(preview, "/debates/other/")[2])
    (preview.folder / "more/other.txt").write_text("Shall we?\n\n    1 year ago\n\n    Changed words.\n")
    until(lambda: b"Changed words." in ask(preview, "/debates/other/")[2])


def test_drafts_are_shown_and_what_is_published_is_not_touched(preview: Preview) -> None:
    (preview.folder / "content/news.md").write_text("+++\ndraft = true\n+++\n# News\n\nNot yet.\n")
    until(lambda: b"Not yet." in ask(preview, "/news")[2])
    assert not (preview.folder / "public").exists()


def test_a_burst_of_files_is_one_build(preview: Preview) -> None:
    until(lambda: preview.builds)
    before = len(preview.builds)
    for n in range(400):
        (preview.folder / f"content/page-{n}.md").write_text(f"# Page {n}\n")
    until(lambda: b"Page 399" in ask(preview, "/page-399")[2], seconds=60)
    until(lambda: any(made.changed for made in preview.builds[before:]))
    time.sleep(1)
    # One, but for a machine so busy that the burst itself paused.
    assert 1 <= sum(bool(made.changed) for made in preview.builds[before:]) <= 3
    assert all(ask(preview, f"/page-{n}")[0] == 200 for n in range(0, 400, 7))


@pytest.mark.parametrize(
    ("listens", "called", "answers"),
    [
        ("127.0.0.1", "192.168.1.7", False),
        ("0.0.0.0", "192.168.1.7", True),
        ("0.0.0.0", "evil.example", False),
        ("::", "[fe80::1]", True),
        ("::1", "[::1]", True),
        ("127.0.0.1", "", False),
    ],
)
def test_a_name_is_answered_only_where_nobody_else_can_have_pointed_it(
    listens: str, called: str, answers: bool
) -> None:
    assert answers_to(listens, called) is answers


def test_where_there_are_no_native_events_the_disk_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(*_: object, **__: object) -> None:
        raise OSError(28, "inotify watch limit reached")

    monkeypatch.setattr(Observer, "start", none_left)
    acted = threading.Event()
    watcher = Watcher(acted.set, lambda path: None, [], lambda error: None)
    watcher.start([tmp_path])
    (tmp_path / "new.txt").write_text("new")
    assert acted.wait(20)
    watcher.stop()
