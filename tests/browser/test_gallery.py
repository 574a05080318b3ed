"""Facts of pages of every kind, at two widths, light and dark: what a reader would notice first if it broke.

The pages are built once and one browser looks at them; nothing is compared by pixels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from rostra.build.pipeline import build
from rostra.config.site import load_site
from support.folder_server import served
from support.page_checkers import COLOURS, RULES, axe_violations, nu_messages

ROOT = Path(__file__).parent.parent.parent
MAIL = "From {who}@mill.example Mon Mar {day:2} 09:00:00 2024\nFrom: {name} <{who}@mill.example>\nDate: {day} Mar 2024 09:00:00 +0000\nMessage-ID: <{id}@mill.example>\n{answers}Subject: {subject}\n\n{body}\n\n"
PROSE = (
    "The miller opened the upper gate before the sun had risen over the\nhill, and by noon the meadow stood under water up "
    "to the fence. He\nsays that nobody had told him what the village had agreed, and that\nthe key hangs where it always did.\n"
)
VIEWS = [(width, scheme) for width in (1280, 360) for scheme in ("light", "dark")]


def mail() -> str:
    """A month: each letter quotes the one before it in full, wrapped anew by another program."""
    letters = [MAIL.format(who="ada", name="Ada", day=1, id=1, answers="", subject="Water in the meadow", body=PROSE)]
    for n in range(2, 13):
        pushed = "".join(f"> {line}\n" if len(line) < 60 else f"> {line[:66].rpartition(' ')[0]}\n> {line.rpartition(' ')[2]}\n" for line in PROSE.split("\n")[:-1])  # fmt: skip
        body = f"On Friday somebody wrote:\n{pushed}\nI do not think so, and number {n} of us agrees.\n\n{PROSE}\n-- \nBede\nThe Weir\nNorthbrook\n"
        letters.append(MAIL.format(who="bede", name="Bede of the Lower Mill and Weir", day=n, id=n, answers=f"In-Reply-To: <{n - 1}@mill.example>\n", subject="Re: Water in the meadow", body=body))  # fmt: skip
    return "".join(letters)


def noted() -> str:
    """Posts that quote each other, each with five notes called on two lines; those of every second one are long."""
    said = "The {n}. gate was shut[^1] and open[^2] and shut[^3] and half open[^4] on one line.\n\nA second paragraph of {n} says little[^5]."
    notes = "\n\n".join(f"[^{n}]: Note {n} names the board. {{more}}" for n in range(1, 6))
    quoted = "> The {n}. gate was shut and open and shut and half open on one line.\n\n"
    bodies = [
        f"{quoted.format(n=n - 1) if n > 1 else ''}{said.format(n=n)}\n\n{notes.format(more=PROSE.replace(chr(10), ' ') * (n % 2))}"
        for n in range(1, 7)
    ]
    lines = (
        {"id": n, "parent_id": n - 1 or None, "author": f"speaker {n}", "title": "Notes", "created": f"2024-03-0{n}T09:00:00Z", "body": body}
        for n, body in enumerate(bodies, 1)
    )  # fmt: skip
    return "\n".join(map(json.dumps, lines))


def scored() -> str:
    """Posts with all that a header may have: a long name, a date, a score of four digits, reactions, a parent far above; their title has a long word."""
    lines = (
        {"id": n, "parent_id": max(0, n - 3 + n % 2) or None, "author": f"Keeper {n} of the Lower Mill and Weir" if n % 2 else "Ada Weir",
         "title": "Scores of Keepers.of.the.Lower.Mill.and.the.Weir.2024", "created": f"2024-09-{10 + n}T22:00:00Z", "score": 1000 + n, "body": f"Number {n}: the weir was raised in the dry summer."}
        for n in range(1, 13)
    )  # fmt: skip
    return "\n".join(map(json.dumps, lines))


def posts(count: int) -> str:
    """A long debate: a comb of chains, seven levels deep."""
    lines = (
        {"id": n, "parent_id": (n - 1 if n % 7 != 1 else 1) if n > 1 else None, "author": f"speaker {n % 40}", "title": "Weirs",
         "created": f"2024-01-{1 + n % 28:02}T{n % 24:02}:00:00Z", "body": f"Answer number {n}: the weir was raised by two feet in the dry summer."}
        for n in range(1, count + 1)
    )  # fmt: skip
    return "\n".join(map(json.dumps, lines))


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of one debate of each kind."""
    folder = tmp_path_factory.mktemp("gallery")
    content = folder / "content"
    (content / "manual").mkdir(parents=True)
    (folder / "rostra.toml").write_text('title = "The gallery of the archive of the mill"\nposts_a_page = 2000\n')
    for name in ("keys", "locks", "gates"):
        (content / f"manual/{name}.md").write_text(f"# About {name}\n\nText.\n")
    (content / "about.md").write_text("# About this archive\n\nText.\n")
    (content / "seed.txt").write_bytes((ROOT / "seeds/text/rutkowski-ai-art.txt").read_bytes())
    (content / "month.mbox").write_text(mail())
    (content / "long.jsonl").write_text(posts(1100))
    (content / "one.jsonl").write_text(posts(1))
    (content / "notes.jsonl").write_text(noted())
    (content / "scores.jsonl").write_text(scored())
    (content / "hebrew.md").write_bytes((ROOT / "tests/browser/site/content/shaar.md").read_bytes())
    (content / "kialo.txt").write_bytes((ROOT / "seeds/kialo/gate.txt").read_bytes())
    (content / "topic.json").write_bytes((ROOT / "seeds/discourse/7.json").read_bytes())
    assert build(load_site(folder)).failures == ()
    return folder / "public"


@pytest.fixture(scope="session")
def gallery(built: Path) -> Iterator[str]:
    """The address of the site."""
    with served(built) as address:
        yield address


@pytest.fixture(scope="session")
def views(browser: Browser) -> Iterator[dict[tuple[int, str], Page]]:
    """One page of the browser for each width and scheme."""
    contexts = {
        (width, scheme): browser.new_context(viewport={"width": width, "height": 740}, color_scheme=scheme)  # type: ignore[arg-type]
        for width, scheme in VIEWS
    }
    yield {view: context.new_page() for view, context in contexts.items()}
    for context in contexts.values():
        context.close()


FACTS = """() => {
  const shown = (it) => it.checkVisibility() && it.getBoundingClientRect().width > 0;
  const top = (it) => Math.round(it.getBoundingClientRect().top + scrollY);
  const headers = [...document.querySelectorAll("article.post > header")].filter(shown);
  const texts = (it) => {
    const boxes = [], range = document.createRange(), nodes = document.createTreeWalker(it, NodeFilter.SHOW_TEXT);
    for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
      if (node.parentElement.closest("sup, .quoted-by")) continue;
      range.selectNode(node);
      boxes.push(...[...range.getClientRects()].filter((box) => box.width > 0));
    }
    return boxes;
  };
  const orphans = [...document.querySelectorAll(".post > .body p")].filter((p) => shown(p) && !p.closest("details:not([open])") && (() => {
    const lines = [];
    for (const box of texts(p)) {
      const last = lines[lines.length - 1];
      if (last && Math.abs(last.bottom - box.bottom) < 8) { last.right = Math.max(last.right, box.right); last.left = Math.min(last.left, box.left); }
      else lines.push({ bottom: box.bottom, left: box.left, right: box.right });
    }
    const wide = (line) => line.right - line.left;
    const most = Math.max(...lines.map(wide));
    return lines.slice(1, -1).some((line, n) => wide(line) < most / 4 && wide(lines[n]) > most / 2 && wide(lines[n + 2]) > most / 2);
  })()).map((p) => p.textContent.slice(0, 60));
  const notes = [...document.querySelectorAll(".notes li, .quoted-by > [popover]")].filter(shown).map((it) => it.getBoundingClientRect());
  // What the parts of a header take of its line, as far as they are seen.
  const crowded = headers.filter((it) => {
    const facts = it.querySelector(":scope > .facts").getBoundingClientRect();
    const parts = [...it.querySelectorAll(":scope > h3, :scope > .facts > *, :scope > .more > summary"), ...it.parentElement.querySelectorAll(":scope > .replies > summary")];
    const boxes = parts.filter(shown).map((part) => part.getBoundingClientRect()).sort((a, b) => a.left - b.left);
    return boxes.some((box, n) => boxes.slice(0, n).some((other) => box.left < other.right - 1 && box.top < other.bottom - 1 && other.top < box.bottom - 1)) || [...it.querySelectorAll(":scope > .facts > *")].filter(shown).some((part) => part.getBoundingClientRect().right > facts.right + 1 || part.getBoundingClientRect().left < facts.left - 1);
  }).map((it) => it.textContent.replace(/\\s+/g, " ").trim());
  // A part of a name is out of sight although what is beside it has more room than it needs.
  const cut = headers.filter((it) => {
    const name = it.querySelector("h3").lastElementChild, facts = it.querySelector(":scope > .facts"), kept = facts.style.cssText, has = facts.getBoundingClientRect().width;
    if (name.scrollWidth <= name.clientWidth + 1) return false;
    facts.style.cssText = "flex: none !important; width: min-content";
    const needs = facts.getBoundingClientRect().width;
    facts.style.cssText = kept;
    return has > needs + 1 || (name.title || name.textContent.trim()) !== name.textContent.trim();
  }).map((it) => it.textContent.replace(/\\s+/g, " ").trim());
  // A sign of a quotation between a word and a space, or within a word.
  const loose = [...document.querySelectorAll(".quoted-by, .source-inline")].filter((sign) => {
    const before = document.createTreeWalker(sign.closest("p, li, td, pre, h4, h5, h6") || sign.parentElement, NodeFilter.SHOW_TEXT);
    let last = null;
    for (let node = before.nextNode(); node && sign.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_PRECEDING; node = before.nextNode()) if (node.data) last = node;
    const after = sign.nextSibling?.textContent || "";
    return !last || /\\s$/.test(last.data) || (/[\\p{L}\\p{N}]$/u.test(last.data) && /^[\\p{L}\\p{N}]/u.test(after));
  }).map((sign) => sign.parentElement.textContent.slice(0, 80));
  // Facts of which the dot is seen at the beginning or the end of a line.
  const dangling = [...document.querySelectorAll(".dotted")].filter(shown).filter((it) => {
    const range = document.createRange(), left = it.getBoundingClientRect().left;
    return [...it.querySelectorAll(".fact")].slice(1).some((fact) => {
      const text = document.createTreeWalker(fact, NodeFilter.SHOW_TEXT).nextNode();
      range.setStart(text, 0);
      range.setEnd(text, 1);
      const dot = range.getBoundingClientRect(), before = fact.previousElementSibling.getBoundingClientRect();
      return text.data[0] !== "·" || (before.bottom <= dot.top + 2 ? dot.right > left + 1 : dot.left < before.right + 1);
    });
  }).map((it) => it.textContent);
  const bare = [...document.querySelectorAll("header.thread .facts, .rows .facts")].filter((it) => !it.matches(".dotted") && it.textContent.includes(" · ")).length;
  const tools = [...document.querySelectorAll("header.thread .tools > *")].filter(shown);
  return {
    wider: document.documentElement.scrollWidth - innerWidth,
    site: document.querySelector("header.site").getBoundingClientRect().height,
    first: headers.length ? top(headers[0]) : 0,
    tall: headers.filter((it) => it.getBoundingClientRect().height > 44).map((it) => it.textContent.replace(/\\s+/g, " ").trim()),
    orphans, cut, crowded, loose, dangling, bare,
    rows: new Set(tools.map(top)).size,
    maps: [...document.querySelectorAll("button.to-map")].filter(shown).length,
    over: notes.filter((box, n) => notes.slice(n + 1, n + 4).some((other) => box.left < other.right && other.left < box.right && box.top < other.bottom - 1 && other.top < box.bottom - 1)).length,
  };
}"""
"""What is measured of a page: ``tall`` are headers of more than one line, ``cut`` those that show a part of a name where there is room for more of it, ``crowded`` those whose parts overlap, ``orphans`` paragraphs with a stray word, ``loose`` signs that are not at the end of a word, ``dangling`` lines of facts that begin or end with a dot."""
DEBATES = ["seed", "month", "long", "one", "hebrew", "kialo", "topic", "notes", "scores"]


def wrong(facts: dict[str, Any], width: int) -> set[str]:
    """The facts of a page that do not hold."""
    held = {
        "wider": facts["wider"] <= 0,
        "site": facts["site"] <= 56,
        "first": facts["first"] <= (250 if width == 1280 else 370),
        "tall": facts["tall"] == [],
        "cut": facts["cut"] == [],
        "crowded": facts["crowded"] == [],
        "orphans": facts["orphans"] == [],
        "loose": facts["loose"] == [],
        "dots": facts["dangling"] == [] and facts["bare"] == 0,
        "over": facts["over"] == 0,
        "maps": facts["maps"] <= (width == 360),
        "rows": facts["rows"] <= 1,
    }
    return {name for name, holds in held.items() if not holds}


def places(gallery: str, page: Page) -> list[str]:
    page.goto(f"{gallery}debates/index.html")
    return page.locator(".rows a").evaluate_all("all => all.map(each => each.href)")  # type: ignore[no-any-return]


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_every_debate_begins_at_once_and_keeps_its_lines(
    gallery: str, views: dict[tuple[int, str], Page], width: int, scheme: str
) -> None:
    page = views[width, scheme]
    found = places(gallery, page)
    assert len(found) == len(DEBATES)
    for place in found:
        page.goto(place)
        facts = page.evaluate(FACTS)
        assert wrong(facts, width) == set(), (place, facts)


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_longer_words_have_room(browser: Browser, tmp_path: Path, width: int) -> None:
    """German words of tools are longer than English ones."""
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Archiv"\nlanguage = "de"\n')
    (tmp_path / "content/scores.jsonl").write_text(scored())
    build(load_site(tmp_path))
    page = browser.new_page(viewport={"width": width, "height": 740})
    with served(tmp_path / "public") as address:
        page.goto(f"{address}debates/scores/index.html")
        inside = page.locator("header.thread .tools > *").evaluate_all("all => all.filter((it) => it.checkVisibility()).map((it) => it.getBoundingClientRect().right <= innerWidth)")  # fmt: skip
        assert len(inside) >= 3
        assert all(inside)
        facts = page.evaluate(FACTS)
    page.close()
    # Below 22 rem tools and headers wrap.
    assert width == 320 or wrong(facts, width) == set()


FAULTS = {
    "wider": ("[href*='seed/']", "main { width: 120vw }"),
    "site": ("[href*='seed/']", "header.site { padding-block: 2rem }"),
    "first": ("[href*='seed/']", "header.thread { padding-bottom: 14rem }"),
    "tall": (
        ":text('Water')",
        ".post > header .facts { flex-basis: 100% !important }",
    ),
    "cut": (
        "[href*='7/']",
        ".post h3 > :last-child { max-width: 2em; overflow: hidden; white-space: nowrap !important }",
    ),
    "crowded": ("[href*='scores/']", ".post > header .facts > * { margin-inline-end: -2rem }"),
    "orphans": (":text('Water')", ".body p i { display: block }"),
    "loose": ("[href*='seed/']", ""),
    "over": ("[href*='notes/']", ".notes li { margin-bottom: -1rem !important; top: 3rem }"),
    "dots": ("[href*='seed/']", ".fact { text-indent: 0 } header.thread .facts { width: 9rem }"),
    "maps": ("[href*='seed/']", ".line > .to-map, .walk > .to-map { display: block !important }"),
    "rows": (
        ":text('Water')",
        ".line > .tools { flex-wrap: wrap !important } .tools > * { min-width: 70% !important }",
    ),
}
"""The link to a page, and a style that breaks each fact there; where words must move, a script does."""
MOVING = ("loose", "orphans")
MOVED = """() => {
  for (const sign of document.querySelectorAll(".quoted-by, .source-inline")) sign.before(" ");
  for (const text of document.querySelectorAll(".body p")) text.innerHTML = text.innerHTML.replace(/(\\w+ \\w+) (\\w+) (\\w+ \\w+ \\w+ \\w+)/g, "$1 <i>$2</i> $3");
}"""


@pytest.mark.parametrize("link", sorted({link for link, _ in FAULTS.values()}))
@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_a_style_that_breaks_a_fact_is_found(
    gallery: str, views: dict[tuple[int, str], Page], width: int, scheme: str, link: str
) -> None:
    page = views[width, scheme]
    page.goto(f"{gallery}debates/index.html")
    page.goto(page.locator(f".rows a{link}").evaluate("it => it.href"))
    faults = {fact: style for fact, (to, style) in FAULTS.items() if to == link}
    assert wrong(page.evaluate(FACTS), width).isdisjoint(faults)
    # Words that were moved stay where they are, so they are moved last.
    for fact in sorted(faults, key=MOVING.__contains__):
        if fact in MOVING:
            page.evaluate(MOVED)
        # A sheet that a script makes is not subject to the page's policy.
        page.evaluate("(css) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets = [sheet]; }", faults[fact])  # fmt: skip
        assert fact in wrong(page.evaluate(FACTS), width), fact


def test_the_nu_html_checker_reports_nothing(built: Path) -> None:
    pages = sorted((built / "debates").glob("*/index.html"))
    assert len(pages) == len(DEBATES)
    assert nu_messages(pages) == []


LOOKED_AT = ("long", "seed", "hebrew")
"""Debates without axe: of the first, each post is like those of the others, and it would look at 1,100 of them for a minute;
`test_validity` has it look at the same two dumps at both widths, light and dark."""


@pytest.mark.parametrize(("width", "scheme"), VIEWS)
def test_axe_reports_nothing(browser: Browser, gallery: str, width: int, scheme: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 740}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    for place in places(gallery, page):
        if place.split("/")[-2] not in LOOKED_AT:
            page.goto(place)
            assert axe_violations(page, RULES if scheme == "light" else COLOURS) == [], place
    context.close()


def test_the_demonstration_is_short_on_a_phone(gallery: str, views: dict[tuple[int, str], Page]) -> None:
    page = views[360, "light"]
    page.goto(f"{gallery}debates/seed/index.html")
    assert page.evaluate("document.documentElement.scrollHeight") <= 22_000


MARGIN = """() => {
  const notes = [...document.querySelectorAll(".notes li, .quoted-by > [popover]")].filter((it) => it.checkVisibility());
  const boxes = notes.map((it) => it.getBoundingClientRect());
  const far = notes.filter((it) => it.matches(".placed *")).map((it) => it.getBoundingClientRect().top - document.querySelector(`.call a[href="#${it.id}"]`).getBoundingClientRect().top);
  return {
    over: boxes.flatMap((box, n) => boxes.slice(n + 1).filter((other) => box.left < other.right - 1 && other.left < box.right - 1 && box.top < other.bottom - 1 && other.top < box.bottom - 1)).length,
    placed: far.length, below: notes.filter((it) => it.matches(".below *")).length, far: Math.max(...far), above: Math.min(...far),
  };
}"""


@pytest.mark.parametrize("width", [1264, 1440, 1600])
def test_notes_are_near_their_lines_and_apart_from_each_other(
    gallery: str, views: dict[tuple[int, str], Page], width: int
) -> None:
    page = views[1280, "light"]
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{gallery}debates/notes/index.html")
    page.wait_for_timeout(200)
    found = page.evaluate(MARGIN)
    page.set_viewport_size({"width": 1280, "height": 740})
    assert found["over"] == 0
    # Long notes stay below their post.
    assert (found["placed"], found["below"]) == (15, 15)
    assert -8 < found["above"] <= found["far"] < 500


def test_larger_letters_take_the_margin_away(browser: Browser, gallery: str) -> None:
    """Media queries know the letters of the browser, not those that a reader chose for the page."""
    page = browser.new_page(viewport={"width": 1280, "height": 740})
    page.goto(f"{gallery}debates/notes/index.html")
    found = set()
    for size in range(15, 33):
        room = page.evaluate("(size) => { document.documentElement.style.fontSize = `${size}px`; return document.querySelector('main').clientWidth; }", size)  # fmt: skip
        page.wait_for_timeout(250)
        beside = page.locator(".beside:not([hidden])").count() > 0
        assert beside == (room >= 56 * size), (size, room)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found.add(beside)
    assert found == {True, False}
    page.close()


def test_an_empty_paragraph_takes_no_room(gallery: str, views: dict[tuple[int, str], Page]) -> None:
    page = views[360, "light"]
    page.goto(f"{gallery}debates/seed/index.html")
    body = page.locator(".post > .body").first
    before = body.bounding_box()
    body.evaluate("it => it.append(document.createElement('p'))")
    assert body.bounding_box() == before


def test_a_passage_that_is_quoted_often_has_the_letters_of_its_paragraph(
    gallery: str, views: dict[tuple[int, str], Page]
) -> None:
    page = views[1280, "light"]
    page.goto(f"{gallery}debates/seed/index.html")
    marks = page.locator("mark.quoted")
    assert marks.count() > 2
    # A class that other parts of pages have too.
    marks.evaluate_all("all => all.forEach((it) => it.classList.add('more'))")
    assert marks.evaluate_all("all => all.every((it) => getComputedStyle(it).font === getComputedStyle(it.parentElement).font)")  # fmt: skip


SIGNS = """() => [...document.querySelectorAll(".quoted-by > :first-child, .source-inline a, .call a")].filter((it) => it.checkVisibility()).filter((it) => {
  const range = document.createRange(), sign = it.parentElement, box = it.getClientRects()[0];
  let before = sign.previousSibling;
  while (before && !before.textContent) before = before.previousSibling;
  while (before && before.nodeType === 1) before = before.lastChild;
  if (!before || before.nodeType !== 3) return false;
  range.setStart(before, Math.max(0, before.data.trimEnd().length - 1));
  range.setEnd(before, before.data.trimEnd().length);
  const last = [...range.getClientRects()].at(-1);
  return last && box.top > last.bottom;
}).map((it) => it.closest("p, li, blockquote, pre")?.textContent.slice(-40))"""


@pytest.mark.parametrize("width", [280, 360, 410, 1280])
def test_a_line_never_ends_before_a_sign(gallery: str, views: dict[tuple[int, str], Page], width: int) -> None:
    """The words around the signs wrap at another place for each width."""
    page = views[1280 if width == 1280 else 360, "light"]
    for name in ("seed", "7", "notes"):
        page.goto(f"{gallery}debates/{name}/index.html")
        for more in range(0, 60, 12) if width < 1280 else [0]:
            page.locator("section.posts").evaluate(
                "(it, width) => { it.style.width = `${width}px`; }", width - 40 + more
            )
            assert page.evaluate(SIGNS) == [], (name, width, more)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_header_of_the_target_is_as_dark_as_its_text(
    gallery: str, views: dict[tuple[int, str], Page], scheme: str
) -> None:
    page = views[1280, scheme]
    page.goto(f"{gallery}debates/7/index.html")
    page.evaluate("location.hash = document.querySelectorAll('article.post')[1].id")
    colours = """(it) => [...new Set([...it.querySelectorAll("h3 .number, .facts, .facts a, .more > summary")].map((each) => getComputedStyle(each).color))]"""
    ink = page.locator(":target > .body").evaluate("(it) => getComputedStyle(it).color")
    assert page.locator(":target > header").evaluate(colours) == [ink]
    assert page.locator("article.post:not(:target) > header").first.evaluate(colours) != [ink]


def test_paper_has_numbers_dates_and_what_is_folded_in_dark_ink(browser: Browser, gallery: str) -> None:
    page = browser.new_page(viewport={"width": 700, "height": 900}, color_scheme="dark")
    for name, shown in (("seed", 42), ("7", 0)):
        page.goto(f"{gallery}debates/{name}/index.html")
        headers = page.locator("article.post > header")
        count = headers.count()
        assert shown in (0, count)
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        visible = """(all) => all.filter((it) => it.checkVisibility({ visibilityProperty: true })).length"""
        assert headers.locator("h3 .number").evaluate_all(visible) == count
        assert page.locator("article.post > header .permalink").evaluate_all(visible) == count
        assert page.locator(".more").evaluate_all(visible) == 0
        closed = ".body > details > :not(summary)"
        assert page.locator(closed).evaluate_all(visible) == page.locator(closed).count()
        assert headers.first.locator(".number").evaluate("(it) => getComputedStyle(it).color") == "rgb(68, 68, 68)"
        page.emulate_media(media="screen")
    page.close()


GAPS = """() => [...document.querySelectorAll(".quoted-by > :first-child, .source-inline a")].filter((it) => it.checkVisibility()).flatMap((it) => {
  const range = document.createRange(), sign = it.parentElement;
  // The sign itself may be narrower than its link.
  if (it.firstChild) range.selectNodeContents(it); else range.selectNode(it);
  const box = range.getClientRects()[0];
  const ends = (node, side) => { while (node && (!node.textContent || node.nodeType === 1)) node = node.textContent ? node[side === "previousSibling" ? "lastChild" : "firstChild"] : node[side]; return node; };
  const gap = (node, from, to) => { range.setStart(node, from); range.setEnd(node, to); const near = range.getBoundingClientRect(); return near.top < box.bottom && box.top < near.bottom ? [Math.max(box.left - near.right, near.left - box.right)] : []; };
  const before = ends(sign.previousSibling, "previousSibling"), after = ends(sign.nextSibling, "nextSibling");
  return [...(before ? gap(before, before.length - 1, before.length) : []), ...(after ? gap(after, 0, 1) : [])];
})"""


def test_no_gap_is_between_a_sign_and_its_word(gallery: str, views: dict[tuple[int, str], Page]) -> None:
    page = views[360, "light"]
    page.goto(f"{gallery}debates/seed/index.html")
    assert page.locator(".source-inline").count() > 0
    gaps = page.evaluate(GAPS)
    assert len(gaps) > 5
    assert max(gaps) < 3


def test_one_level_of_replies_can_be_linked(gallery: str, views: dict[tuple[int, str], Page]) -> None:
    page = views[1280, "light"]
    page.goto(f"{gallery}debates/seed/index.html#show=level:1")
    page.reload()
    seen = "[...document.querySelectorAll('article.post > header')].filter((it) => it.checkVisibility()).length"
    few = page.evaluate(seen)
    assert 1 < few < 10
    page.get_by_label("Show").select_option("person:Amju")
    assert page.url.endswith("#show=person%3AAmju")
    alone = page.evaluate(seen)
    assert few != alone < 42
    page.get_by_label("Show").select_option("")
    assert page.evaluate(seen) == 42
    assert "#" not in page.url


@pytest.mark.parametrize("view", [(1280, "light"), (360, "light")])
def test_the_ways_of_the_site_are_reached(
    gallery: str, views: dict[tuple[int, str], Page], view: tuple[int, str]
) -> None:
    page = views[view]
    page.goto(gallery)
    menu = page.get_by_role("button", name="Menu")
    assert menu.is_visible() == (view[0] == 360)
    if menu.is_visible():
        menu.click()
    page.get_by_role("navigation", name="Archive").get_by_role("link", name="Manual").click()
    assert page.locator(".chapters a").all_text_contents() == ["About gates", "About keys", "About locks"]


WHOLE = """(it) => { const who = it.querySelector("h3 .who"); return who.scrollWidth <= who.clientWidth + 1; }"""


def test_of_a_long_name_the_end_gives_way_last_and_comes_back(gallery: str, views: dict[tuple[int, str], Page]) -> None:
    """First the parent's name is out of sight, then the year, then the end of the author's; all stay for screen readers."""
    page = views[360, "light"]
    page.goto(f"{gallery}debates/scores/index.html")
    header = page.locator("article.post > header").filter(has_text="Keeper 7 of").first
    day = header.locator("time")
    year = """(it) => { const range = document.createRange(); range.setStart(it.firstChild, it.firstChild.data.length - 4); range.setEnd(it.firstChild, it.firstChild.data.length); return range.getBoundingClientRect().bottom <= it.closest("a").getBoundingClientRect().bottom + 1; }"""
    assert not header.evaluate(WHOLE)
    assert (day.text_content() or "").split()[:3] == ["17", "Sep", "2024,"]
    assert not day.evaluate(year)
    assert header.locator("h3 .who").get_attribute("title") == "Keeper 7 of the Lower Mill and Weir"
    assert header.locator("h3 .who").text_content() == "Keeper 7 of the Lower Mill and Weir"
    header.locator(".more > summary").click()
    assert header.evaluate(WHOLE)
    header.locator(".more > summary").click()
    short = page.locator("article.post > header").filter(has_text="Ada Weir").first
    assert short.evaluate(WHOLE)
    assert short.locator("time").evaluate(year)


@pytest.mark.parametrize("width", [1280, 360])
def test_the_count_of_replies_is_within_the_frame_of_a_missing_post(
    gallery: str, views: dict[tuple[int, str], Page], width: int
) -> None:
    page = views[width, "light"]
    page.goto(f"{gallery}debates/seed/index.html")
    frame = page.locator(".missing > header").first.bounding_box()
    count = page.locator(".missing > .replies > summary").first.bounding_box()
    assert frame
    assert count
    assert frame["y"] < count["y"]
    assert count["y"] + count["height"] < frame["y"] + frame["height"]
    assert frame["x"] + frame["width"] - count["x"] - count["width"] > 8
