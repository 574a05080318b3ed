"""People with different ids in one dump are different people, whatever their names; a card may say who is who."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import build
from rostra.config.cards import Card, read_card
from rostra.config.decisions import SamePerson
from rostra.config.site import load_site
from rostra.errors import UsageError
from rostra.identity.file_names import is_device
from rostra.ingest.dump_threads import read_threads
from rostra.model import Author, RawPost, RawThread
from rostra.people.appearances import author_name
from rostra.people.person_pages import PersonPages
from rostra.readers import Dump
from rostra.readers.guards.who_is_who import WhoIsWho

WORDS = ("The upper gate is shut at night.", "The upper gate is open at night.", "It was shut again on Friday.")
WHEN = "2024-03-04T09:00:00Z"


def posts(*ids: str) -> str:
    rows = [{"id": f"n{n}", "parent": "n0" if n else None, "author": {"name": "Alex", "id": id}, "created": WHEN, "body": words} for n, (id, words) in enumerate(zip(ids, WORDS, strict=True))]  # fmt: skip
    return "\n".join(map(json.dumps, rows))


def slack(*ids: str) -> dict[str, Any]:
    said = [{"type": "message", "user": id, "text": words, "ts": f"170954286{n}.000001", "thread_ts": "1709542860.000001"} for n, (id, words) in enumerate(zip(ids, WORDS, strict=True))]  # fmt: skip
    users = [{"id": id, "name": f"alex{id}", "profile": {"display_name": "Alex"}} for id in dict.fromkeys(ids)]
    return {"users.json": users, "channels.json": [{"id": "C1", "name": "gate"}], "gate/2024-03-04.json": said}


def zulip(*ids: str) -> str:
    return json.dumps({"result": "success", "messages": [
        {"id": n, "type": "stream", "sender_id": int(id), "sender_full_name": "Alex", "display_recipient": "gate", "stream_id": 1, "subject": "upper", "content": words, "timestamp": 1709542860 + n, "is_me_message": False}
        for n, (id, words) in enumerate(zip(ids, WORDS, strict=True), 1)
    ]})  # fmt: skip


def discord(*ids: str) -> str:
    said = [{"id": f"8{n}", "type": "Default", "timestamp": f"2024-03-04T10:0{n}:00+00:00", "content": words, "author": {"id": id, "name": f"alex{id}", "nickname": "Alex"}} for n, (id, words) in enumerate(zip(ids, WORDS, strict=True))]  # fmt: skip
    return json.dumps({"guild": {"id": "1", "name": "Mill"}, "channel": {"id": "77", "type": "GuildTextChat", "category": "c", "name": "gate", "topic": None}, "dateRange": {"after": None, "before": None}, "messages": said, "messageCount": 3})  # fmt: skip


def telegram(*ids: str) -> str:
    said = [{"id": n, "type": "message", "date": f"2024-03-04T10:0{n}:00", "date_unixtime": str(1709542800 + n), "from": "Alex", "from_id": f"user{id}", "text": words} for n, (id, words) in enumerate(zip(ids, WORDS, strict=True), 1)]  # fmt: skip
    return json.dumps({"name": "Mill", "type": "public_supergroup", "id": 77, "messages": said})


def discourse(*ids: str) -> str:
    rows = [{"id": 100 + n, "name": "Alex", "username": "Alex", "user_id": int(id), "created_at": WHEN, "post_number": n, "topic_id": 7, "cooked": f"<p>{words}</p>"} for n, (id, words) in enumerate(zip(ids, WORDS, strict=True), 1)]  # fmt: skip
    return json.dumps({"post_stream": {"posts": rows}, "id": 7, "title": "Gates"})


def mastodon(*ids: str) -> str:
    said = [{"id": str(n + 1), "in_reply_to_id": "1" if n else None, "visibility": "public", "account": {"acct": f"alex{id}", "display_name": "Alex", "url": f"https://weir.example/@alex{id}"}, "content": f"<p>{words}</p>", "created_at": WHEN} for n, (id, words) in enumerate(zip(ids, WORDS, strict=True))]  # fmt: skip
    return json.dumps({"ancestors": [], "descendants": said})


def activitypub(*ids: str) -> str:
    home = "https://weir.example/notes"
    said = [{"id": f"{home}/{n}", "type": "Note", "inReplyTo": f"{home}/0" if n else None, "to": ["https://www.w3.org/ns/activitystreams#Public"], "attributedTo": {"type": "Person", "id": f"https://weir.example/users/{id}", "name": "Alex"}, "content": f"<p>{words}</p>", "published": WHEN} for n, (id, words) in enumerate(zip(ids, WORDS, strict=True))]  # fmt: skip
    return json.dumps({"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection", "orderedItems": said})  # fmt: skip


def lemmy(*ids: str) -> str:
    said = [{"comment": {"id": n, "path": f"0.{n}", "post_id": 7, "content": words, "published": WHEN, "ap_id": f"https://lemmy.example/comment/{n}"}, "creator": {"id": int(id), "name": "alex", "display_name": "Alex", "actor_id": f"https://lemmy{id}.example/u/alex"}, "post": {"id": 7, "name": "Gates"}, "counts": {"score": 1}} for n, (id, words) in enumerate(zip(ids, WORDS, strict=True), 1)]  # fmt: skip
    return json.dumps({"comments": said})


def tables(*ids: str) -> str:
    said = [{"pid": str(n), "tid": "7", "uid": id, "username": "Alex", "dateline": str(1709542800 + n), "subject": "Gates", "message": words, "visible": "1", "edittime": "0"} for n, (id, words) in enumerate(zip(ids, WORDS, strict=True), 1)]  # fmt: skip
    topic = {"tid": "7", "fid": "2", "subject": "Gates", "uid": ids[0], "username": "Alex", "dateline": "1709542800", "firstpost": "1", "replies": "2", "visible": "1"}  # fmt: skip
    return json.dumps([{"type": "table", "name": "mybb_threads", "data": [topic]}, {"type": "table", "name": "mybb_posts", "data": said}])  # fmt: skip


def document(*ids: str) -> str:
    said = [{"id": f"p-n{n}", "parent": "p-n0" if n else None, "author": {"name": "Alex", "id": id, "url": None}, "created": WHEN, "kind": "post", "text": words} for n, (id, words) in enumerate(zip(ids, WORDS, strict=True))]  # fmt: skip
    return json.dumps({"rostra": 1, "id": "gates", "title": "Gates", "posts": said})


FORMATS: dict[str, Any] = {
    "posts": posts, "slack": slack, "zulip": zulip, "discord": discord, "telegram": telegram, "discourse": discourse,
    "activitypub-mastodon": mastodon, "activitypub": activitypub, "lemmy": lemmy, "forum-export": tables, "rostra": document,
}  # fmt: skip


def laid(folder: Path, value: str | dict[str, Any], name: str = "gate.json") -> Path:
    """Write a dump: a file, or a folder of files."""
    if isinstance(value, str):
        (folder / name).write_text(value, encoding="utf-8")
        return folder / name
    for path, content in value.items():
        (folder / "gate" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "gate" / path).write_text(json.dumps(content), encoding="utf-8")
    return folder / "gate"


def people(dump: Path, card: Card | None = None) -> dict[str, str | None]:
    """Return who says what, by the first words of each post."""
    threads = read_threads(Dump(dump), card or Card())
    return {
        post.raw.body.strip(): author_name(post.raw.author)
        for thread in threads
        for post in thread.posts
        if post.raw.body
    }


@pytest.mark.parametrize("name", FORMATS)
def test_ids_tell_apart_people_of_one_name(name: str, tmp_path: Path) -> None:
    found = list(people(laid(tmp_path, FORMATS[name]("1", "2", "1"))).values())
    said = [who for who in found if who]
    assert len(said) == 3, found
    assert said[0] == said[2] == "Alex"
    assert said[1].startswith("Alex (")
    assert "2" in said[1]


@pytest.mark.parametrize("name", FORMATS)
def test_one_id_is_one_person(name: str, tmp_path: Path) -> None:
    assert set(filter(None, people(laid(tmp_path, FORMATS[name]("1", "1", "1"))).values())) == {"Alex"}


def test_people_are_told_apart_between_threads_of_a_dump(tmp_path: Path) -> None:
    rows = [json.loads(line) | {"thread": f"t{n % 2}", "parent": None} for n, line in enumerate(posts("1", "2", "1").splitlines())]  # fmt: skip
    found = people(laid(tmp_path, "\n".join(map(json.dumps, rows)), "gate.jsonl"))
    assert found == {WORDS[0]: "Alex", WORDS[1]: "Alex (2)", WORDS[2]: "Alex"}


def test_addresses_of_mail_with_one_full_name_are_one_person(tmp_path: Path) -> None:
    box = "".join(
        f"From x Mon Mar  4 09:00:00 2024\nFrom: Alex Weir <alex@{host}.example>\nMessage-ID: <{host}@x>\nSubject: Gate\nDate: Mon, 4 Mar 2024 09:00:00 +0000\n\n{words}\n\n"
        for host, words in zip(("a", "b", "c"), WORDS, strict=True)
    )
    assert set(people(laid(tmp_path, box, "gate.mbox")).values()) == {"Alex Weir"}


def thread(*authors: Author | None) -> RawThread:
    return RawThread(posts=tuple(RawPost(key=str(n), author=author, body="Hm.") for n, author in enumerate(authors)))


def labels(who: WhoIsWho, *authors: Author | None) -> list[str | None]:
    return [post.author and post.author.label for post in who.thread(thread(*authors)).posts]


def test_who_has_no_id_is_the_first_of_the_name() -> None:
    assert labels(WhoIsWho(), Author(name="Alex", id="1"), Author(name="alex "), Author(name="ALEX", id="2"), None) == ["Alex", "alex ", "ALEX (2)", None]  # fmt: skip


def test_a_card_says_that_authors_are_one_person() -> None:
    who = WhoIsWho([SamePerson(name="Alex Weir", ids=("2", "3"), names=("A. W.",))])
    given = (Author(name="Alex", id="1"), Author(name="Alex", id="2"), Author(name="Lex", id="3"), Author(name="a. w."))
    assert labels(who, *given) == ["Alex", "Alex Weir", "Alex Weir", "Alex Weir"]
    was = [post.author.given for post in who.thread(thread(*given)).posts if post.author and post.author.given]
    assert was == ["Alex", "Lex", "a. w."]


@pytest.mark.parametrize("text", ['name = " "\nids = ["1"]', 'name = "Alex"'])
def test_a_card_names_the_person_and_the_authors(text: str, tmp_path: Path) -> None:
    (tmp_path / "gate.toml").write_text(f"\n[[person]]\n{text}\n")
    with pytest.raises(UsageError, match="no name, or no author") as raised:
        read_card(tmp_path / "gate.toml", "gate.toml")
    assert raised.value.line == 2


def site(tmp_path: Path, settings: str = "", rules: str | None = None, card: str | None = None) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "Mill"\nextras = true\n' + settings)
    laid(tmp_path / "content", posts("1", "2", "1"), "gate.jsonl")
    if rules:
        (tmp_path / "redactions.toml").write_text(rules)
    if card:
        (tmp_path / "content" / "gate.toml").write_text(card)
    report = build(load_site(tmp_path))
    assert not report.failures
    return tmp_path / "public"


def pages(public: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (public / "people").glob("*.html") if path.name != "index.html"}  # fmt: skip


def test_each_has_a_page_and_the_old_address_leads_to_the_first(tmp_path: Path) -> None:
    public = site(tmp_path)
    found = pages(public)
    second = Path(PersonPages().path("Alex (2)")).name
    assert set(found) == {"alex.html", second}
    assert not is_device(second)
    assert WORDS[0] in found["alex.html"]
    assert WORDS[2] in found["alex.html"]
    assert WORDS[1] in found[second]
    assert WORDS[1] not in found["alex.html"]
    page = (public / "debates/gate/index.html").read_text(encoding="utf-8")
    assert page.count('href="../../people/alex.html"') == 2
    assert f'href="../../people/{second}"' in page
    document = json.loads((public / "debates/gate/thread.json").read_bytes())
    assert [post["author"]["name"] for post in document["posts"]] == ["Alex"] * 3
    assert [post["author"]["id"] for post in document["posts"]] == ["1", "2", "1"]


def test_a_rule_by_name_hides_both(tmp_path: Path) -> None:
    public = site(tmp_path, rules='[[redact]]\nperson = "Alex"\n')
    assert not pages(public)
    assert "Alex" not in (public / "debates/gate/index.html").read_text(encoding="utf-8")


def test_each_has_a_pseudonym(tmp_path: Path) -> None:
    public = site(tmp_path, "pseudonyms = true\n")
    assert len(pages(public)) == 2
    assert "Alex" not in (public / "debates/gate/index.html").read_text(encoding="utf-8")


def test_pseudonyms_hide_what_a_card_calls_them(tmp_path: Path) -> None:
    public = site(tmp_path, "pseudonyms = true\n", card='[[person]]\nname = "Bede Weir"\nids = ["1", "2"]\n')
    assert len(pages(public)) == 1
    page = (public / "debates/gate/index.html").read_text(encoding="utf-8")
    assert "Alex" not in page
    assert "Bede" not in page


def test_the_name_in_the_dump_is_beside_the_name_of_the_card(tmp_path: Path) -> None:
    public = site(tmp_path, card='[[person]]\nname = "Alexandra"\nids = ["1"]\n')
    page = (public / "debates/gate/index.html").read_text(encoding="utf-8")
    assert page.count('<span class="called" dir="auto" title="Name in the dump">Alex</span>') == 2
    assert "author, was" not in page
