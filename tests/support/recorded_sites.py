"""Sites whose addresses are recorded: their dumps stage by stage, what was published, and where it leads now."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from lxml import html
from msgspec import Struct
from msgspec.structs import replace

from support.host_server import BareServer, Reader

UPGRADES = Path(__file__).parents[1] / "upgrades"
PHRASE = 8
"""Words of what somebody said by which a post is known again."""


class Address(Struct, frozen=True, omit_defaults=True):
    """An address that was published.

    ``stage`` is the first at which it was, and ``gone`` the first at which the post was no longer in the archive.
    ``words`` are phrases that the post holds and no other: its article must hold one of them.  Without them it is no
    post that somebody wrote (a missing one, the furniture of a page), and its address must lead somewhere, and no more.
    ``natural`` says what is the same without the ledger: the address, or the post's id in a debate that this version
    broke into several.
    """

    address: str
    stage: int
    words: tuple[str, ...] = ()
    author: str | None = None
    native: str | None = None
    gone: int | None = None
    natural: Literal["address", "post"] | None = None


def stages(site: str) -> int:
    """How many stages a site has."""
    return len([each for each in (UPGRADES / "sites" / site).iterdir() if each.name.isdigit()])


def lay(site: str, stage: int, root: Path) -> None:
    """Bring a site to its next stage: what its dumps and cards then were."""
    source = UPGRADES / "sites" / site / str(stage)
    removed = source / "removed.txt"
    for name in removed.read_text().split() if removed.is_file() else ():
        (root / name).unlink()
    for path in sorted(source.rglob("*")):
        if path.is_file() and path != removed:
            target = root / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
            if path.name == "rostra.toml":
                # Debates have feeds by this setting since; a publisher whose readers know their addresses keeps them.
                target.write_text("extras = true\n" + path.read_text(encoding="utf-8"), encoding="utf-8")


def ledger(record: str, site: str, stage: int) -> Path:
    """The ledger as a version of Rostra left it."""
    return UPGRADES / "records" / record / f"{site}-{stage}.ledger"


def addresses(record: str, site: str) -> list[Address]:
    """The addresses that a version of Rostra published."""
    import msgspec

    lines = (UPGRADES / "records" / record / f"{site}.jsonl").read_bytes().splitlines()
    return [msgspec.json.decode(line, type=Address) for line in lines]


def published(site: str, root: Path, stage: int) -> Iterator[Address]:
    """Every address that a built site promises, with what each post is known by."""
    documents = [json.loads(path.read_bytes()) for path in sorted((root / "public/debates").glob("*/thread.json"))]
    said = (UPGRADES / "sites" / site / "said.txt").read_text(encoding="utf-8").splitlines()
    phrases = [" ".join(plain(line).split()[:PHRASE]) for line in said]
    for document in documents:
        folder = f"/debates/{document['id']}"
        yield from (Address(f"{folder}/{name}", stage) for name in ("index.html", "thread.json", "feed.xml"))
        for post in document["posts"]:
            own = f" {own_words(post)} "
            found = tuple(phrase for phrase in phrases if f" {phrase} " in own)
            author = post["author"] and post["author"]["name"]
            yield Address(f"{folder}/index.html#{post['id']}", stage, found, author, post["native_id"])


def own_words(post: dict[str, Any]) -> str:
    """What a post of a thread document says itself, in its text and in its notes."""
    text = post["text"]
    for quote in sorted(post["quotes"], key=lambda quote: -quote["start"]):
        text = text[: quote["start"]] + "\n" + text[quote["end"] :]
    return plain("\n".join([text, *(note["text"] for note in post["footnotes"])]))


def plain(text: str) -> str:
    """The words of a text, and nothing else."""
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def lost(root: Path, known: list[Address], stage: int) -> list[Address]:
    """The addresses that do not lead where they led, as the site is at a stage: by its files alone, on any host."""
    reader = Reader(BareServer(root / "public"))
    return [each for each in known if each.stage <= stage and not leads(reader, each, stage)]


def strayed(root: Path, known: list[Address]) -> list[Address]:
    """Of addresses that are natural, those that do not lead to their post without the ledger."""
    reader, last = Reader(BareServer(root / "public")), max(each.stage for each in known)
    debates = sorted(path.parent.name for path in (root / "public/debates").glob("*/index.html"))
    wrong = []
    for each in known:
        post = each.address.partition("#")[2]
        places = (
            [f"/debates/{debate}/index.html#{post}" for debate in debates] if each.natural == "post" else [each.address]
        )
        if not any(leads(reader, replace(each, address=place), last) for place in places):
            wrong.append(each)
    return wrong


def leads(reader: Reader, known: Address, stage: int) -> bool:
    """Whether an address leads to what was published there, or says that it is gone where it is."""
    arrival = reader.follow(known.address)
    if arrival is None or "#" not in known.address:
        return arrival is not None
    if arrival.element is None or not _in_document(reader, known, stage):
        return False
    return _holds(known, stage, words_of(arrival.element) if arrival.element.tag == "article" else None)


def _holds(known: Address, stage: int, said: str | None) -> bool:
    """Whether this is the post; ``said`` is None where it is told to be gone."""
    if said is not None and any(f" {phrase} " in f" {said} " for phrase in known.words):
        return True
    return not known.words or (said is None and known.gone is not None and known.gone <= stage)


def _in_document(reader: Reader, known: Address, stage: int) -> bool:
    """Whether a program that has the address of a thread document finds the post, or that it is gone."""
    page, _, post = known.address.partition("#")
    folder = page.rpartition("/")[0]
    for _ in range(4):
        document = reader.document(f"{folder}/thread.json")
        if document is None:
            return False
        if found := next((each for each in document["posts"] if each["id"] == post), None):
            return _holds(known, stage, own_words(found))
        kept = next((each for each in document["kept"] if each["post"] == post), None)
        if kept is None or kept["thread"] is None:
            return kept is not None and _holds(known, stage, None)
        folder, post = f"/debates/{kept['thread']}", kept["to"]
    return False


def words_of(article: html.HtmlElement) -> str:
    """What a post on a page says itself: neither its replies, which stand within it, nor what it quotes."""
    own = html.fromstring(html.tostring(article))
    for other in [*own.iter("article", "blockquote")]:
        if other is not own and other.getparent() is not None:
            other.drop_tree()
    return plain(own.text_content())
