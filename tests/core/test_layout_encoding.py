"""Files of a site that are no UTF-8: what is said of them, and that nothing is built of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from rostra.build.pipeline import build
from rostra.cli.layouts import command
from rostra.config.site import Site, load_site
from rostra.errors import UsageError
from rostra.render.templates import Layouts
from rostra.serve.preview import Preview

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset={}\\n"\n\n'
SAID = 'msgid "All debates"\nmsgstr "Sämtliche Debatten"\n'
MARK = b"\xef\xbb\xbf"

WRONG = [
    ("layouts/404.html", "{# ä #}\n".encode("utf-16"), 1),
    ("layouts/404.html", b"{# one #}\n{# two #}\n\xe4\n", 3),
    ("layouts/404.html", MARK + b"{# one #}\n\xe4\n", 2),
    ("layouts/styles/95-x.css", b"\xff\xfe", 1),
    ("layouts/styles/95-x.css", b"a {}\r\n\r\nb { content: '\xff\xfe' }\r\n", 3),
    ("layouts/styles/30-debate.css", b"/* \xe9 */", 1),
    ("layouts/scripts/95-x.js", b"// one\n// \xe9\n", 2),
    ("layouts/words/de.po", (HEAD.format("utf-8") + SAID).encode("latin-1"), 6),
    ("layouts/words/de.po", (HEAD.format("UTF8") + SAID).encode("latin-1"), 6),
    ("layouts/words/de.po", SAID.encode("latin-1"), 2),
    ("layouts/words/de.po", (HEAD.format("utf-8") + SAID).encode("utf-16"), 1),
    ("layouts/words/de-AT.po", b"# \xe9\n", 1),
    ("redactions.toml", b"# \xe9\n", 1),
]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    put(tmp_path, "content/gate.md", b"# The upper gate\n\n## [1] ada, 2024-03-04 09:00 UTC\n\nWho opened it?\n")
    put(tmp_path, "rostra.toml", b'title = "Mill"\nlanguage = "de-AT"\n')
    return load_site(tmp_path)


def put(folder: Path, name: str, said: bytes) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(said)


@pytest.mark.parametrize(("name", "said", "line"), WRONG)
def test_what_is_no_utf_8_says_where_and_what_to_do_and_nothing_is_built(
    site: Site, name: str, said: bytes, line: int
) -> None:
    put(site.root, name, said)
    with pytest.raises(UsageError) as raised:
        build(site)
    assert str(raised.value) == f"{name}:{line}: not UTF-8\nhint: save the file as UTF-8"
    assert not (site.output / "index.html").exists()


@pytest.mark.parametrize(("name", "said", "line"), {name: (name, *rest) for name, *rest in WRONG}.values())
def test_a_preview_shows_it_and_goes_on(site: Site, name: str, said: bytes, line: int) -> None:
    put(site.root, name, said)
    preview = Preview(site.root)
    (error,) = preview.build().errors
    assert str(error).startswith(f"{name}:{line}: not UTF-8")
    (site.root / name).unlink()
    assert preview.build().errors == ()


def test_a_layout_of_another_folder_is_called_as_the_settings_call_it(site: Site) -> None:
    put(site.root, "rostra.toml", b'title = "Mill"\nlayouts = "look/now"\n')
    put(site.root, "look/now/404.html", b"\n\xff")
    with pytest.raises(UsageError) as raised:
        build(load_site(site.root))
    assert (raised.value.path, raised.value.line) == ("look/now/404.html", 2)


def test_a_list_of_layouts_says_it_of_a_template_whose_blocks_cannot_be_read(site: Site) -> None:
    put(site.root, "layouts/mine.html", b"\n\xff")
    listed = CliRunner().invoke(command, ["--site", str(site.root)])
    assert isinstance(listed.exception, UsageError)
    assert (listed.exception.path, listed.exception.line) == ("layouts/mine.html", 2)


def test_a_list_of_layouts_is_given_whatever_stands_in_a_style(site: Site) -> None:
    put(site.root, "layouts/styles/95-x.css", b"\xff")
    assert "95-x.css" in CliRunner().invoke(command, ["--site", str(site.root)], catch_exceptions=False).output


def test_a_byte_order_mark_reaches_no_page_style_or_script(site: Site) -> None:
    put(site.root, "layouts/404.html", MARK + b'{% extends "built-in/404.html" %}\n')
    put(site.root, "layouts/styles/95-x.css", MARK + b"a {}\n")
    put(site.root, "layouts/scripts/95-x.js", MARK + b"// x\n")
    put(site.root, "layouts/words/de.po", MARK + (HEAD.format("utf-8") + SAID).encode())
    build(site)
    written = [path for path in site.output.rglob("*") if path.suffix in (".html", ".css", ".js")]
    assert written
    assert not [path for path in written if MARK in path.read_bytes()]
    assert Layouts(site).words.say("All debates") == "Sämtliche Debatten"


def test_a_catalogue_that_says_in_which_other_encoding_it_is_is_read_in_that(site: Site) -> None:
    put(site.root, "layouts/words/de.po", (HEAD.format("ISO-8859-1") + SAID).encode("latin-1"))
    assert Layouts(site).words.say("All debates") == "Sämtliche Debatten"
