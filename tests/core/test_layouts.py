"""A site's own layouts: one template, one block, one style, one variable; and what is said of one that is wrong."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from rostra.build.pipeline import build
from rostra.cli.layouts import command
from rostra.config.site import Site, load_site
from rostra.errors import UsageError
from rostra.render.eject import all_layouts, begin_override
from rostra.render.template_variables import templates, variable_lines
from rostra.render.templates import Layouts, built_in


@pytest.fixture
def site(tmp_path: Path) -> Site:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/gate.md").write_text(
        "# The upper gate\n\n## [1] ada, 2024-03-04 09:00 UTC\n\nWho opened it?\n"
    )
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n')
    return load_site(tmp_path)


def put(site: Site, name: str, text: str) -> None:
    path = site.root / "layouts" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


WRONG = [
    ("a\n{% if %}", "404.html", 2, "Expected an expression"),
    ("a\n{% block body %}", "404.html", 2, "Unexpected end of template"),
    ("a\n{{ nothing }}", "404.html", 2, "'nothing' is undefined"),
    ("a\n{{ site.nothing }}", "404.html", 2, "has no attribute 'nothing'"),
    ("a\n{{ site|nothing }}", "404.html", 2, "No filter named 'nothing'"),
    ("\n\n{% include 'no.html' %}", "404.html", 3, "there is no layout 'no.html'"),
    ("\n{% extends 'no.html' %}", "404.html", 2, "there is no layout 'no.html'"),
    ("\n{{ 3 + 'a' }}", "404.html", 2, "TypeError: unsupported operand"),
    ("\n{{ 3|day }}", "404.html", 2, "TypeError: 'int' object is not subscriptable"),
    ("\n{{ 1 / 0 }}", "404.html", 2, "ZeroDivisionError"),
    ("{% macro m(x) %}\n{{ x.y.z }}\n{% endmacro %}\n\n{{ m(site) }}", "404.html", 2, "has no attribute 'y'"),
    ("\n{% include 'part.html' %}", "part.html", 3, "ZeroDivisionError"),
    ("{% extends '404.html' %}", "404.html", 1, "extends or includes itself"),
    ("\n{% include '404.html' %}", "404.html", 2, "extends or includes itself"),
]


@pytest.mark.parametrize(("text", "file", "line", "message"), WRONG)
def test_a_layout_that_is_wrong_says_where_and_what_to_do(
    site: Site, text: str, file: str, line: int, message: str
) -> None:
    put(site, "404.html", text)
    put(site, "part.html", "1\n2\n{{ 1 / 0 }}\n")
    with pytest.raises(UsageError) as raised:
        build(site)
    error = raised.value
    assert (error.path, error.line) == (str(site.root / "layouts" / file), line)
    assert message in error.message
    assert error.hint
    assert not (site.output / "index.html").exists()


def test_what_goes_wrong_below_a_built_in_template_is_a_bug_and_not_called_a_layout_s_fault(site: Site) -> None:
    class Broken:
        def __bool__(self) -> bool:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Layouts(site).render("kept.html", {"kept": Broken()})


def test_one_block_is_replaced_and_the_rest_stays(site: Site) -> None:
    put(site, "404.html", '{% extends "built-in/404.html" %}\n{% block title %}Lost{% endblock %}\n')
    build(site)
    page = (site.output / "404.html").read_text()
    assert "<title>Lost</title>" in page
    assert "There is no page at this address" in page


@pytest.mark.parametrize("how", ["", " with context", " without context"])
def test_what_a_block_includes_is_where_it_is_included(site: Site, how: str) -> None:
    block = f"{{% block title %}}The{{% if 1 %}} {{% include 'part.html'{how} %}}{{% endif %}} gate{{% endblock %}}"
    put(site, "404.html", '{% extends "built-in/404.html" %}' + block)
    put(site, "part.html", "upper")
    build(site)
    assert "<title>The upper gate</title>" in (site.output / "404.html").read_text()


def test_a_template_that_all_pages_extend_is_replaced_for_all_of_them(site: Site) -> None:
    put(
        site,
        "base.html",
        '{% extends "built-in/base.html" %}\n{% block meta %}<meta name="x" content="y">{% endblock %}\n',
    )
    build(site)
    assert '<meta name="x" content="y">' in (site.output / "404.html").read_text()


def test_one_variable_of_the_styles_is_replaced_by_a_small_file(site: Site) -> None:
    put(site, "styles/95-own.css", ":root { --accent: #006; }\n")
    build(site)
    (style,) = (site.output / "assets").glob("*.css")
    assert style.read_text().rstrip().endswith(":root { --accent: #006; }")
    assert "--accent: #8a3324" in style.read_text()


def test_a_style_of_the_same_name_stands_for_the_built_in_one_alone(site: Site) -> None:
    name = min(path.name for path in (built_in() / "styles").glob("*.css"))
    put(site, f"styles/{name}", "main { color: teal; }\n")
    build(site)
    (style,) = (site.output / "assets").glob("*.css")
    assert style.read_text().startswith("main { color: teal; }")
    assert (built_in() / "styles" / name).read_text() not in style.read_text()


def test_every_layout_may_be_begun_as_it_is_and_changes_nothing(site: Site) -> None:
    build(site)
    before = {path.relative_to(site.output): path.read_bytes() for path in site.output.rglob("*.html")}
    for layout in list(all_layouts(site)):
        begin_override(site, layout.name)
    build(site)
    after = {path.relative_to(site.output): path.read_bytes() for path in site.output.rglob("*.html")}
    assert {path for path in before if _plain(before[path]) != _plain(after[path])} == set()
    assert all(layout.override and layout.built_in and not layout.changed for layout in all_layouts(site))


def _plain(page: bytes) -> bytes:
    """Without line ends and the digests of styles and scripts: each has a note of where it was begun."""
    return re.sub(rb"\s*\n\s*", b"", re.sub(rb"(assets/rostra)-\w+", rb"\1", page)).rstrip()


def test_every_block_may_be_begun_alone(site: Site) -> None:
    for layout in list(all_layouts(site)):
        for block in layout.blocks:
            path = begin_override(site, layout.name, block)
            assert path.read_text().startswith(f'{{% extends "built-in/{layout.name}" %}}\n{{% block {block}')
            Layouts(site).environment.get_template(layout.name)
            path.unlink()


def test_an_override_whose_built_in_layout_changed_is_told_of(site: Site) -> None:
    path = begin_override(site, "404.html")
    text = path.read_text()
    digest = text.rpartition(" #}")[0].rpartition(" ")[2]
    path.write_text(text.replace(digest, "0" * 12))
    ran = CliRunner().invoke(command, ["--site", str(site.root)])
    assert "404.html" in ran.output
    assert "overridden by layouts/404.html, copied from an older version: compare them" in ran.output


def test_the_command_lists_and_begins_and_overwrites_nothing(site: Site) -> None:
    run = CliRunner().invoke
    assert run(command, ["--site", str(site.root), "eject", "styles/10-base.css"]).exit_code == 0
    put(site, "styles/95-own.css", "")
    listed = run(command, ["--site", str(site.root)]).output
    assert "overridden by layouts/styles/10-base.css\n" in listed
    assert "added by layouts/styles/95-own.css\n" in listed
    assert "    blocks: title, " in listed
    for arguments, message in (
        (["eject", "styles/10-base.css"], "the site already has this layout"),
        (["eject", "styles/10-bose.css"], "there is no layout"),
        (["eject", "../../rostra.toml"], "there is no layout"),
        (["eject", "404.html", "--block", "bodi"], "has no block"),
    ):
        refused = run(command, ["--site", str(site.root), *arguments])
        assert isinstance(refused.exception, UsageError)
        assert message in refused.exception.message
        assert refused.exception.hint


def test_what_templates_see_is_written_down_as_it_is() -> None:
    """After a change: ``rostra layouts values`` prints what belongs at the end of content/manual/layouts.md."""
    written = (Path(__file__).parent.parent.parent / "content/manual/layouts.md").read_text(encoding="utf-8")
    assert written.endswith("\n".join(variable_lines()).rstrip() + "\n")


def test_what_templates_see_is_of_the_types_that_are_written_down(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, object]] = []
    render = Layouts.render

    def noted(self: Layouts, name: str, values: object) -> bytes:
        seen.append((name, values))
        return render(self, name, values)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(Layouts, "render", noted)
    build(site)
    assert {name for name, _ in seen} > {"404.html", "thread.html"}
    for name, values in seen:
        assert type(values) is templates()[name]


def test_every_page_has_a_type_for_what_its_template_sees() -> None:
    pages = {path.name for path in built_in().glob("*.html") if path.read_text().startswith("{% extends")}
    assert pages | {"base.html"} == set(templates())


def put_pages_of_every_kind(site: Site) -> Site:
    """Content of which a site has each kind of page but that of a debate that is gone."""
    content = site.root / "content"
    (content / "manual").mkdir()
    (content / "about.md").write_text("# About\n\nA mill.\n")
    for name in ("keys", "locks"):
        (content / f"manual/{name}.md").write_text(f"# The {name}\n\nThey are beside the gate.\n")
    said = "The upper gate was opened before the sun had risen over the hill, and nobody heard it."
    heads = (f"## [{n}] {'ada' if n % 2 else 'bede'}, 2024-03-{n:02} 09:00 UTC, answers {n - 1}" for n in range(2, 26))
    posts = "\n\n".join(f"{head}\n\n> {said}\n\nNo, says number {n}. {said}" for n, head in enumerate(heads, 2))
    (content / "mill.md").write_text(f"# The mill\n\n## [1] ada, 2024-03-01 09:00 UTC\n\n{said}\n\n{posts}\n")
    (content / "mill.toml").write_text('tags = ["water"]\n')
    forum = {
        "id": 1,
        "author": "cy",
        "thread": "42",
        "title": "The key",
        "body": "Who has it?",
        "url": "https://mill.example/t/42",
    }
    (content / "key.jsonl").write_text(json.dumps(forum) + "\n")
    (site.root / "rostra.toml").write_text(
        'title = "Mill"\nposts_a_page = 10\naddress = "https://archive.example/"\ntakes_over = ["https://mill.example"]\n'
    )
    return load_site(site.root)


def test_every_example_of_the_manual_has_its_effect_on_every_kind_of_page(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    manual = (Path(__file__).parent.parent.parent / "content/manual/layouts.md").read_text(encoding="utf-8")
    (template,) = re.findall(r"```jinja\n(.*?)```", manual, re.DOTALL)
    (style,) = re.findall(r"```css\n(.*?)```", manual, re.DOTALL)
    rendered: set[str] = set()
    render = Layouts.render

    def noted(self: Layouts, name: str, values: object) -> bytes:
        rendered.add(name)
        return render(self, name, values)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(Layouts, "render", noted)
    site = put_pages_of_every_kind(site)
    gone = site.root / "content/weir.md"
    gone.write_text("# The weir\n\n## [1] Ada, 2024-03-04 09:00 UTC\n\nWho shut it?\n")
    put(site, "base.html", template)
    put(site, "styles/95-own.css", style)
    build(site)
    gone.unlink()
    assert build(site).failures == ()
    assert rendered == templates().keys() - {"base.html"}
    pages = {path.relative_to(site.output).as_posix(): path.read_text() for path in site.output.rglob("*.html")}
    kinds = {
        "index.html", "404.html", "about.html", "manual.html", "debates/index.html", "debates/gate/index.html",
        "debates/mill/index.html", "debates/mill/2.html", "debates/weir/index.html", "people/index.html", "people/ada.html",
        "people/few_0.html", "quotations.html", "search.html", "t/42/index.html", "tags/index.html", "tags/water.html", "years/index.html",
    }  # fmt: skip
    assert kinds <= pages.keys()
    assert [name for name, page in pages.items() if '<meta name="author" content="The mill">' not in page] == []
    assert '<meta name="robots" content="noindex">' in pages["debates/weir/index.html"]
    assert '<meta property="og:type" content="article">' in pages["debates/gate/index.html"]
    (css,) = (site.output / "assets").glob("*.css")
    assert css.read_text().index("--accent: #8a3324") < css.read_text().index("--measure: 40rem")


def test_comments_of_built_in_parts_are_not_sent_and_those_of_the_site_are(site: Site) -> None:
    put(site, "styles/95-own.css", "/* kept */ p { margin: 0 }\n")
    put(site, "scripts/95-own.js", "// kept\nlet own = 1;\n")
    build(site)
    for ending, comment in (("css", r"/\*.*?\*/"), ("js", r"(?m)^ *//.*")):
        (part,) = (site.output / "assets").glob(f"rostra-*.{ending}")
        assert [
            found.strip("/* ") for found in re.findall(comment, part.read_text(), re.DOTALL if ending == "css" else 0)
        ] == ["kept"]


def test_fonts_are_small_licensed_and_asked_for_by_their_content(site: Site) -> None:
    build(site)
    (style,) = (site.output / "assets").glob("*.css")
    asked = re.findall(r"url\(([\w.-]+)\)", style.read_text())
    assert len(asked) == len(set(asked)) == 10
    assert {path.name for path in (site.output / "assets").glob("*.woff2")} == set(asked)
    latin = [name for name in asked if "-more-" not in name]
    assert sum((site.output / "assets" / name).stat().st_size for name in latin) < 80_000
    assert "SIL Open Font License" in (site.output / "assets/OFL.txt").read_text()


def test_a_font_of_the_site_replaces_the_built_in_one(site: Site) -> None:
    put(site, "fonts/serif.woff2", "own")
    build(site)
    assert [path.read_text() for path in (site.output / "assets").glob("serif-????????.woff2")] == ["own"]
