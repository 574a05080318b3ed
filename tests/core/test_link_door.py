"""Every address that Python, templates or scripts write as a link has passed ``web_address.py``, or is a path of the site.

A new place fails here until it calls one of those functions, or is listed below with a reason.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from jinja2 import Environment

ROOT = Path(__file__).parent.parent.parent
PACKAGE = ROOT / "generator" / "rostra"
LAYOUTS = ROOT / "layouts"

DOORS = {"web_address", "page_address", "site_address", "grounded", "grounded_here", "outward", "door"}
PATHS = {"href", "_href", "person_path", "page_name", "_dump_href", "quote"}
"""Functions that return a path of the site, made of ids, slugs and numbers, or percent-encoded whole."""
BEFORE = {"markup", "readers"}
"""Parts before the door: bodies are sanitised and flattened, addresses pass ``source_links``."""
ELSEWHERE = {"check", "publish", "hosts", "serve"}
"""Parts that write nothing of a site."""
LINK = r"href|src|action|formaction|srcset|poster|ping|cite|xlink:href"
WRITTEN = re.compile(rf"(?:\b(?:{LINK}|url|ref)\s*=\s*\{{?[\"']?|<(?:uri|loc|icon|logo)>)$")
NAMED = re.compile(r"(?:.*_)?(?:href|url|uri|src)|URL|itself|origin|image|canonical|replies|isBasedOn|@id")
LOCAL = re.compile(r"(?:\.\./|\?|#|[a-z]+/)")
"""What an address begins with that has no scheme."""

PASSED: dict[str, dict[str, str]] = {
    "render/marks": {"quoter.href": "of a post: `quoters` makes it of pages and ids"},
    "render/post_html": {
        "address": "a page of the archive and a post's id",
        "href": "of a note: a page and an id",
    },
    "store/archive": {"thread.url": "passed `source_links`"},
    "threads/assemble": {"raw.url": "passes `source_links` before, is replaced by what passed"},
    "crossrefs/resolve": {"url": "an address that `stored` passed through the door, or `#` and an id"},
    "system/remote_files": {"endpoint": "where storage is reached, in no page"},
    "privacy/masking": {
        "self.clear(thread.url)": "the same address, or none",
        "self.clear(raw.url)": "the same address, or none",
        "self.clear(each.url)": "the same address, or none",
        "self.clear(author.url)": "the same address, or none",
    },
    "render/pages/citations": {
        "f'{whole}#{each.post.id}' if each else whole": "`identity.href` of the debate, and a post's id",
        "item.get('URL', '')": "the same of the item",
    },
    "render/pages/feeds": {"page": "`identity.href` of a person's page"},
    "render/pages/frame": {
        "address + path.removesuffix('index.html') if address and (not absolute) else ''": "`identity.base`, and a path",
    },
    "render/pages/old_addresses": {
        "up + way.href": "`../` and a path of the site",
        "href": "a path of the site, from `archive`",
    },
    "render/pages/people": {"href": "a path of the site"},
    "render/pages/front": {
        "people.page(said.who) if said.who and said.named else None": "the path of a person's page",
        "people.page(quoted.who) if quoted.who else None": "the path of a person's page",
    },
    "render/pages/person": {"href": "a path of the site", "pages.get(name)": "the path of a person's page"},
    "render/pages/passages": {"f'{posts.href(each.post, 1)}-s{each.start}'": "a page, an id and an offset"},
    "render/pages/posts": {
        "f'#{id}' if page == 1 else f'{page_name(1)}#{id}'": "a page and an id",
        "opens[1] or opens[0]": "a number of posts",
    },
    "render/pages/prose": {"f'{each.slug}.html'": "the slug of a page"},
    "render/pages/below": {
        "UP + file.path": "a path of the site, made of a digest",
        "trusted_html(image(file, alt)) if is_image else None": "an element, whose address is such a path",
    },
    "render/media_html": {
        "up": "the way to the site's folder, or its address, before a path made of a digest",
        "', '.join(candidates)": "paths made of digests, with widths",
    },
    "media/prepare": {"_image": "a function, in a table of functions"},
    "render/pages/syndication": {
        "feed.itself": "`identity.href`, from `feeds`",
        "feed.href": "`identity.href`, from `feeds`",
        "entry.href": "`identity.href`, from `feeds`",
        "escaped(feed.itself)": "`identity.href`, from `feeds`",
        "escaped(feed.href)": "`identity.href`, from `feeds`",
        "escaped(entry.author_href)": "`identity.href`, from `feeds`",
        "escaped(entry.href)": "`identity.href`, from `feeds`",
        "escaped(entry.answers.ref)": "a tag URI of the site",
        "escaped(entry.answers.href)": "`identity.href`, from `feeds`",
        "escaped(entry.replies)": "`identity.href`, from `feeds`",
    },
    "render/pages/linked_data": {
        "origin": "what `page_address` returned",
        "[href(site, path, page) for path in islice(images, IMAGES)]": "`identity.href` of paths made of digests",
        "[preview, *root['image']] if 'image' in root else preview": "`identity.href`, and the same paths",
    },
    "render/notes": {"href": "of a note: a page and an id"},
    "render/pages/thread": {
        "f'{sheet.href}#{id}'": "a page and an id",
        "at": "`identity.href` of a path made of a digest",
    },
    "threads/merge": {
        "new.url or old.url": "passed `source_links`",
        "named.url or other.url": "passed `source_links`",
    },
    "render/thread_json": {"r.url": "of a reference, from `concordance`"},
    "ingest/assembling": {
        "raw.url": "passed `source_links` the line before",
        "raw.url or (filled(whole) if whole else None)": "passes `source_links` after",
        "filled(each, post.native_id)": "passes `source_links` after",
    },
}
"""By module: values that are written as links without calling a door there, each with the reason."""

READY = {
    "render/pages/pictures": ["''.join(_timeline(found, rows, layouts))", "''.join(_quoting(found, layouts))"],
    "render/pages/posts": ["published(each, context)", "earlier(of, each, context)"],
    "render/pages/below": ["headed(note)", "with_labels(note_html(each, n, base), words)", "image(file, alt)"],
    "render/pages/frame": ["policy()", """tongue + (f' dir="{side}"' if side != side_around else '')"""],
    "render/pages/prose": [
        "with_labels(grounded_here(html), words)",
        "headed(note)",
        "with_labels(grounded_here(note.html), words)",
    ],
    "render/pages/thread": ["data"],
    "render/pages/years": ["''.join(_bars(rows, words))"],
}
"""What templates write as HTML without escaping it."""

OUTWARD = {"post.url", "file.url", "origin"}
"""Expressions of templates that are addresses elsewhere: each is what `page_address` returned."""
OWN = {
    "record", "other.href", "up", "canonical", "style", "script", "image", "image_text", "path", "way", "way.href", "whole", "href", "dump_href", "entry.href", "said.href",
    "said.who_href", "tag_page(tag)", "page(name)", "post.href", "post.id", "post.parent.href", "post.who_page", "note.back", "passage.href", "step.href",
    "problem.post", "place.href", "person.address", "said.post", "each.href", "each.path", "each.to", "each.thread", "now", "row.href", "page.before",
    "page.after", "page.href", "page.slug", "section", "chapter.href", "font", "jump.path", "shelf.up.path", "sheets[sheet.number].href", "sheets[sheet.number - 2].href",
    "file.href", "icon", "picture.href", "picture.media_type", "picture.width", "picture.height",
    "'../' ~ now ~ '/index.html'",
}  # fmt: skip
"""Expressions of templates that are the site's own: paths, slugs, ids."""
SCRIPTS = {
    "20-address.js": ["location.replace(link.href)", 'location.replace(entry.querySelector("a").href.replace(/#.*/, "") + location.hash + directive())', 'location.replace("index.html" + location.hash + directive())', "location.replace(lost.root + sharedPage(name, lost.shelves))"],
    "35-walk.js": ["location.href = link.href"],
    "60-previews.js": ["location.href = link.href"],
    "65-lists.js": ["href: place.dataset.base + row.href"],
    "67-search.js": ["href: link", "href: address(hit)", "href: page(key", "location.href = `${way.href}#ask`"],
}  # fmt: skip
"""What scripts follow or write: links of the page, and paths that begin with the site's own."""


def places(node: ast.AST) -> Iterator[ast.expr]:
    """The values that are written as links: after ``href="`` in a text, as an argument, or under a key."""
    for each in ast.walk(node):
        match each:
            case ast.JoinedStr(values):
                for before, value in pairwise(values):
                    is_text = isinstance(before, ast.Constant) and isinstance(value, ast.FormattedValue)
                    if is_text and WRITTEN.search(str(before.value)):
                        yield value.value
            case ast.Call(keywords=keywords):
                yield from (given.value for given in keywords if given.arg and NAMED.fullmatch(given.arg))
            case ast.Dict(keys, values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and NAMED.fullmatch(str(key.value)):
                        yield value
            case ast.Assign([ast.Subscript(slice=ast.Constant(key))], value) if NAMED.fullmatch(str(key)):
                yield value


def called(node: ast.AST) -> set[str]:
    """The names of all functions that are called in a part of a program."""
    functions = [each.func for each in ast.walk(node) if isinstance(each, ast.Call)]
    return {each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in functions}


def is_led(value: ast.expr) -> bool:
    """Whether a value passes the door where it is written, or begins as no address elsewhere does."""
    match value:
        case ast.Constant():
            return True
        case ast.IfExp(body=one, orelse=other):
            return is_led(one) and is_led(other)
        case ast.JoinedStr([ast.Constant(text), *_]):
            return LOCAL.match(str(text)) is not None
        case ast.Call(ast.Name(name) | ast.Attribute(attr=name), arguments):
            return name in DOORS | PATHS or (name == "escaped" and all(map(is_led, arguments)))
    return False


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).with_suffix("").as_posix()
        if name.partition("/")[0] not in BEFORE | ELSEWHERE:
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def test_every_link_that_python_writes_passed_the_door_or_is_the_site_s_own() -> None:
    found = {
        name: values
        for name, tree in modules()
        if (values := {ast.unparse(value) for value in places(tree) if not is_led(value)})
    }
    assert found == {name: set(values) for name, values in PASSED.items()}


def test_bodies_become_html_only_where_their_links_are_led_outward() -> None:
    weaving = {
        (name, getattr(top, "name", ""))
        for name, tree in modules()
        for top in tree.body
        if "weave" in called(top) and not called(top) & DOORS
    }
    assert not weaving


def test_markup_that_templates_do_not_escape_is_known() -> None:
    found: dict[str, list[str]] = {}
    for name, tree in modules():
        for each in ast.walk(tree):
            if (
                isinstance(each, ast.Call)
                and isinstance(each.func, ast.Name)
                and each.func.id == "trusted_html"
                and each.args
            ):
                found.setdefault(name, []).append(ast.unparse(each.args[0]))
    assert {name: sorted(values) for name, values in found.items()} == {
        name: sorted(values) for name, values in READY.items()
    }


def test_a_body_is_sanitised_in_whatever_dialect_it_is() -> None:
    tree = ast.parse((PACKAGE / "markup/__init__.py").read_text(encoding="utf-8"))
    functions = [each for each in tree.body if isinstance(each, ast.FunctionDef)]
    made = {
        function.name: [
            ast.unparse(each.value) for each in ast.walk(function) if isinstance(each, ast.Return) and each.value
        ]
        for function in functions
    }
    assert made["_flat"] == ["flatten(clean(module.to_html(body)))"]
    assert set(made["render"]) == {"Body()", "find_notes(*_flat(body, dialect), unmade).body"}
    callers = [name for name, tree in modules() if "to_html" in called(tree)]
    assert not callers


def expressions(source: str) -> Iterator[str]:
    """What a template writes into attributes that are followed, and what it hands to messages that hold a link."""
    attribute = re.compile(rf"\s(?:{LINK}|content)\s*=\s*([\"'])(?:(?!\1).)*$", re.DOTALL)
    text, expression = "", ""
    for _, kind, value in Environment(autoescape=True).lex(source):
        if kind == "data":
            text += value
        elif kind == "variable_begin":
            expression = ""
        elif kind == "variable_end":
            tag = text[text.rfind("<") :]
            found = attribute.search(tag)
            if found and ("content" not in found[0] or re.search(r"refresh|og:(?:url|image)", tag)):
                yield expression.strip()
            yield from re.findall(r"\bhref=((?:[^,()\"]|\([^()]*\))+)\)", expression)
            text += "_"
        else:
            expression += value


def test_every_link_that_a_template_writes_is_known() -> None:
    found = {
        each
        for path in LAYOUTS.iterdir()
        if path.suffix in (".html", ".xml", ".svg")
        for each in expressions(path.read_text(encoding="utf-8"))
    }
    assert found == OUTWARD | OWN


def test_every_link_that_a_script_follows_or_writes_is_known() -> None:
    follows = re.compile(
        r"\b(?:href|src|action): (?:[^,}`]|`[^`]*`)+(?=,| \})|\blocation\.(?:replace|assign)\(.*?\)(?=;|$)"
        r"|(?:\blocation|\.(?:href|src|action|srcset|innerHTML|outerHTML)) = [^;]+|\blocation\.href = [^;]+"
        r"|\b(?:setAttribute\([\"'](?:href|src|action)|insertAdjacentHTML\(|document\.write\(|window\.open\().*?\)(?=;|$)"
    )
    found = {}
    for path in sorted((LAYOUTS / "scripts").iterdir()):
        if hits := [each[0] for each in follows.finditer(path.read_text(encoding="utf-8"))]:
            found[path.name] = hits
    assert found == SCRIPTS
