"""What a source did not show to everyone is not published, and neither is what the publisher's rules leave out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rostra.build.pipeline import BuildReport, build
from rostra.config.cards import Card
from rostra.config.exclusions import Exclusion
from rostra.config.site import load_site
from rostra.errors import UsageError
from rostra.ingest.dump_threads import read_threads
from rostra.model import Author, Declared, RawPost, RawThread
from rostra.readers import Dump
from rostra.readers.guards.completeness import fewer, without_omitted
from rostra.readers.guards.unpublished import Choice

SECRET = "A secret for Bede alone."
MESSAGE = {"type": "message", "user": "U1", "text": SECRET, "ts": "1709542980.000003"}
LETTER = {"id": "m1", "author": "ada", "dest": "bede", "subject": "Gate", "body": SECRET, "created_utc": 1709542800}
OPEN = MESSAGE | {"text": "An open word.", "ts": "1709542860.000001"}


def write(folder: Path, files: dict[str, Any]) -> Path:
    for name, value in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return folder


def slack(**tables: Any) -> dict[str, Any]:
    return {"users.json": [{"id": "U1", "name": "ada"}], "channels.json": [{"id": "C1", "name": "gate"}], **{f"{name}.json": value for name, value in tables.items()}}  # fmt: skip


def discourse(*posts: dict[str, Any], **topic: Any) -> dict[str, Any]:
    rows = [
        {"id": 100 + n, "username": "ada", "created_at": "2024-03-04T09:00:00Z", "post_number": n, "topic_id": 7, **post}
        for n, post in enumerate(posts, 1)
    ]  # fmt: skip
    return {"post_stream": {"posts": rows}, "id": 7, "title": "Between us", **topic}


def zulip(**stream: Any) -> dict[str, Any]:
    said = {"id": 1, "sender": 11, "recipient": 31, "subject": "gate", "content": SECRET, "date_sent": 1700000001}
    return {
        "messages-000001.json": {"zerver_message": [said]},
        "realm.json": {
            "zerver_userprofile": [{"id": 11, "full_name": "Ada"}],
            "zerver_stream": [{"id": 1, "name": "staff", **stream}],
            "zerver_recipient": [{"id": 31, "type": 2, "type_id": 1}],
        },
    }


def status(visibility: str | None) -> dict[str, Any]:
    return {"id": "1", "in_reply_to_id": None, "account": {"acct": "ada"}, "content": f"<p>{SECRET}</p>", "created_at": "2024-03-04T09:00:00Z", "visibility": visibility}  # fmt: skip


def telegram(type: str) -> dict[str, Any]:
    said = {"id": 1, "type": "message", "date": "2024-03-04T09:00:00", "date_unixtime": "1709542800", "from": "Ada", "text": SECRET, "text_entities": []}  # fmt: skip
    return {"name": "Mill", "type": type, "id": 7, "messages": [said]}


def activity(to: str) -> dict[str, Any]:
    """An activity whose object does not say itself to whom it is addressed."""
    note = {"id": "https://mill.example/n/1", "type": "Note", "content": f"<p>{SECRET}</p>", "published": "2024-03-04T09:00:00Z"}  # fmt: skip
    return {"type": "Create", "actor": "https://mill.example/users/ada", "to": [to], "object": note}


def submission(kind: str) -> dict[str, Any]:
    """A post of a subreddit of this kind."""
    return LETTER | {"name": "t3_m1", "selftext": SECRET, "is_self": True, "title": "Gate", "subreddit_type": kind, "subreddit": "mill"}  # fmt: skip


def issue(**fields: Any) -> dict[str, Any]:
    return {"number": 7, "title": "Gate", "body": SECRET, "user": {"login": "ada"}, "created_at": "2024-03-04T09:00:00Z", "html_url": "https://github.com/mill/gate/issues/7", **fields}  # fmt: skip


def migrated(**repository: Any) -> dict[str, Any]:
    """An archive of a migration, in which the repository is in a file of its own."""
    address = "https://github.com/mill/gate"
    return {
        "issues_000001.json": [issue(type="issue", url=f"{address}/issues/7", repository=address)],
        "issue_comments_000001.json": [],
        "repositories_000001.json": [{"type": "repository", "url": address, "name": "gate", **repository}],
    }


def lemmy(visibility: Any) -> dict[str, Any]:
    said = {"id": 7, "name": "Gate", "body": SECRET, "creator_id": 2, "ap_id": "https://l.example/post/7", "published": "2024-03-04T09:00:00Z"}  # fmt: skip
    return {"post_view": {"post": said, "creator": {"id": 2, "name": "ada"}, "community": {"visibility": visibility}}}


def graph(**repository: Any) -> dict[str, Any]:
    return {"data": {"repository": {"issue": issue(url="https://github.com/mill/gate/issues/7"), **repository}}}


PRIVATE = {
    "github": {"x.json": [issue(repository={"full_name": "mill/gate", "private": True})]},
    "github-pull": {"x.json": issue(base={"repo": {"full_name": "mill/gate", "private": True}})},
    "github-internal": {"x.json": issue(repository={"full_name": "mill/gate", "visibility": "internal"})},
    "github-graph": {"x.json": graph(isPrivate=True)},
    "github-graph-visibility": {"x.json": graph(visibility="PRIVATE")},
    "github-migration": migrated(private=True),
    "lemmy": {"x.json": lemmy("Private")},
    "lemmy-local": {"x.json": lemmy("local_only_private")},
    "lemmy-odd": {"x.json": lemmy(["Public"])},
    "discourse-category": {"x.json": discourse({"cooked": f"<p>{SECRET}</p>"}, category={"read_restricted": True})},
    "slack-dm": slack(dms=[{"id": "D1"}]) | {"D1/2024-03-04.json": [MESSAGE]},
    "slack-group": slack(groups=[{"id": "G1", "name": "council"}]) | {"council/2024-03-04.json": [MESSAGE]},
    "slack-several": slack(mpims=[{"id": "G2", "name": "mpdm-ada"}]) | {"mpdm-ada/2024-03-04.json": [MESSAGE]},
    "slack-flag": slack(channels=[{"id": "C2", "name": "closed", "is_private": True}])
    | {"closed/2024-03-04.json": [MESSAGE]},
    "slack-several-unlisted": slack() | {"mpdm-ada--bede-1/2024-03-04.json": [MESSAGE]},
    "slack-unlisted": slack() | {"closed/2024-03-04.json": [MESSAGE]},
    "slackdump": slack() | {"D012AB3CD.json": {"channel_id": "D012AB3CD", "name": "", "messages": [MESSAGE]}},
    "telegram-unknown": {"x.json": telegram("some_new_type")},
    "activitypub": {"x.json": activity("https://mill.example/users/ada/followers")},
    "discourse-message": {"x.json": discourse({"cooked": f"<p>{SECRET}</p>"}, archetype="private_message")},
    "discourse-whisper": {"x.json": discourse({"cooked": f"<p>{SECRET}</p>", "post_type": 4})},
    "zulip": zulip(invite_only=True),
    "mastodon": {"x.json": [status("private")]},
    "mastodon-direct": {"x.json": [status("direct")]},
    "reddit-message": {
        "x.json": {"kind": "Listing", "data": {"children": [{"kind": "t4", "data": LETTER | {"name": "t4_m1"}}]}}
    },
    "reddit-private": {"x.json": [submission("private")]},
    "mbin": {
        "x.json": [
            {
                "entryId": 1,
                "magazine": {"name": "mill"},
                "title": "Gate",
                "body": SECRET,
                "visibility": "private",
                "createdAt": "2024-03-04T09:00:00+00:00",
            }
        ]
    },
}
PUBLIC = {
    "github": {"x.json": issue(repository={"full_name": "mill/gate", "private": False, "visibility": "public"})},
    "github-fork": {"x.json": issue(head={"repo": {"full_name": "ada/gate", "private": True}})},
    "github-graph": {"x.json": graph(isPrivate=False, visibility="PUBLIC")},
    "github-migration": migrated(private=False)
    | {"repositories_000002.json": [{"type": "repository", "url": "https://github.com/mill/gates", "private": True}]},
    "lemmy": {"x.json": lemmy("Unlisted")},
    "lemmy-unsaid": {"x.json": lemmy(None)},
    "discourse-category": {"x.json": discourse({"cooked": f"<p>{SECRET}</p>"}, category={"read_restricted": False})},
    "slack-by-id": slack() | {"C1/2024-03-04.json": [MESSAGE]},
    "slackdump": slack() | {"C1.json": {"channel_id": "C1", "name": "", "messages": [MESSAGE]}},
    "telegram": {"x.json": telegram("public_channel")},
    "activitypub": {"x.json": activity("as:Public")},
    "reddit": {"x.json": [submission("restricted")]},
    "slack": slack() | {"gate/2024-03-04.json": [MESSAGE]},
    "discourse": {"x.json": discourse({"cooked": f"<p>{SECRET}</p>", "post_type": 1}, archetype="regular")},
    "zulip": zulip(invite_only=False),
    "mastodon": {"x.json": [status("unlisted")]},
    "mastodon-open": {"x.json": [status("public")]},
}


def dump_of(folder: Path, files: dict[str, Any]) -> Dump:
    write(folder, files)
    return Dump(folder / "x.json" if set(files) == {"x.json"} else folder)


@pytest.mark.parametrize("name", PRIVATE)
def test_what_was_private_is_left_out_unless_its_card_says_otherwise(name: str, tmp_path: Path) -> None:
    dump = dump_of(tmp_path, PRIVATE[name])
    assert list(read_threads(dump, Card())) == []
    assert [problem.code for problem in dump.withheld] == ["not-public"]
    found = list(read_threads(dump, Card(publish_private=True)))
    assert [SECRET in post.raw.body for thread in found for post in thread.posts] == [True]
    assert dump.withheld == ()


def test_what_is_not_read_is_told_though_all_of_the_rest_is_private(tmp_path: Path) -> None:
    unheard = [{"id": 9, "author": "cy", "created_at": "2024-03-04T09:00:00Z", "text": "Nobody reads this here."}]
    topic = discourse({"cooked": f"<p>{SECRET}</p>"}, archetype="private_message", unheard=unheard)
    dump = dump_of(tmp_path, {"x.json": topic})
    assert list(read_threads(dump, Card())) == []
    assert [problem.code for problem in dump.withheld] == ["not-public", "unread"]


@pytest.mark.parametrize("name", PUBLIC)
def test_what_was_public_is_published(name: str, tmp_path: Path) -> None:
    dump = dump_of(tmp_path, PUBLIC[name])
    assert [SECRET in post.raw.body for thread in read_threads(dump, Card()) for post in thread.posts] == [True]
    assert dump.withheld == ()


def built(folder: Path, settings: str = "", **card: str) -> BuildReport:
    write(folder, {"rostra.toml": f'title = "Mill"\n{settings}', **{f"content/{k}": v for k, v in card.items()}})
    return build(load_site(folder))


def published(folder: Path, words: str) -> list[str]:
    return [str(each) for each in (folder / "public").rglob("*") if each.is_file() and words.encode() in each.read_bytes()]  # fmt: skip


def codes(report: BuildReport) -> list[str]:
    return [problem.code for _, problem in report.problems]


def test_a_site_tells_in_every_build_what_was_private_and_publishes_neither_it_nor_the_dump(tmp_path: Path) -> None:
    whisper = discourse(
        {"cooked": "<p>Who opened it?</p>"},
        {"cooked": f"<p>{SECRET}</p>", "post_type": 4},
        {"cooked": "<p>I agree with that.</p>", "reply_to_post_number": 2},
    )
    write(tmp_path / "content", {"whisper.json": whisper, "message.json": PRIVATE["discourse-message"]["x.json"]})
    for _ in range(2):
        report = built(tmp_path)
        assert codes(report) == ["not-public", "not-public"]
        assert not published(tmp_path, SECRET)
        assert published(tmp_path, "I agree with that.")
        assert report.threads == 1
        assert not list((tmp_path / "public").rglob("*whisper.json"))
    (tmp_path / "content/whisper.toml").write_text("publish_private = true\n")
    assert codes(built(tmp_path)) == ["not-public"]
    assert published(tmp_path, SECRET)


MAIL = """From x Mon Mar  4 09:00:00 2024
From: Ada Weir <ada@mill.example>
Subject: The gate
Date: Mon, 4 Mar 2024 09:00:00 +0000
Message-ID: <1@mill.example>
List-Id: The mill <mill.mill.example>

Who opened the gate?

From x Mon Mar  4 10:00:00 2024
From: MAILER-DAEMON@mill.example
Subject: Undelivered
Date: Mon, 4 Mar 2024 10:00:00 +0000
Message-ID: <2@mill.example>
In-Reply-To: <1@mill.example>
X-Spam-Flag: YES

This bounced for reasons.

From x Mon Mar  4 11:00:00 2024
From: Bede <bede@mill.example>
Subject: Re: The gate
Date: Mon, 4 Mar 2024 11:00:00 +0000
Message-ID: <3@mill.example>
In-Reply-To: <2@mill.example>

I did not get this.

"""


@pytest.mark.parametrize(
    ("rule", "gone"),
    [
        ('sender = "mailer-daemon@*"', {"bounced"}),
        ('sender = "MAILER-DAEMON"', {"bounced"}),
        ('sender = "MAILER"', set()),
        ('sender = "bede@mill.example"', {"did not get"}),
        ('sender = "Bede"', {"did not get"}),
        ('subject = "undelivered"', {"bounced"}),
        ('subject = "*the gate"', {"Who opened", "did not get"}),
        ('header = "X-Spam-Flag: yes"', {"bounced"}),
        ('header = "X-Spam-Flag: no"', set()),
        ('list = "mill.mill.example"', {"Who opened"}),
        ('list = "mill.mill.example"\nsender = "Bede"', set()),
    ],
)
def test_a_rule_leaves_out_what_it_names_and_its_removal_takes_it_back(
    rule: str, gone: set[str], tmp_path: Path
) -> None:
    write(tmp_path / "content", {"gate.mbox": MAIL})
    said = {"Who opened", "bounced", "did not get"}
    pages = tmp_path / "public/debates"

    def shown() -> set[str]:
        return {words for words in said if any(words in each.read_text() for each in pages.rglob("index.html"))}

    built(tmp_path)
    assert shown() == said
    for _ in range(2):
        report = built(tmp_path, f"[[leave_out]]\n{rule}\n")
        assert shown() == said - gone
        assert ("by-rule" in codes(report)) == bool(gone)
        counted = [problem.message for _, problem in report.problems if problem.code == "by-rule"]
        assert all(f"{len(gone)} posts are" in each or (len(gone) == 1 and "a post is" in each) for each in counted)
    built(tmp_path)
    assert shown() == said


@pytest.mark.parametrize("rule", ["", 'sender = "*"', 'header = "X-Spam"', 'header = ": x"', 'subject = " "'])
def test_a_rule_that_names_nothing_is_refused_at_its_line(rule: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        built(tmp_path, f"[[leave_out]]\n{rule}\n")
    assert caught.value.line in (2, 3)
    assert caught.value.hint


def thread(*posts: RawPost) -> RawThread:
    return RawThread(title="The gate", posts=posts)


def post(key: str, parent: str | None = None, **fields: Any) -> RawPost:
    return RawPost(key=key, parent=parent, body=f"Said {key}.", author=Author(name="ada"), **fields)


def test_the_place_of_what_is_left_out_stays_where_it_is_answered_and_says_nothing() -> None:
    given = thread(post("1"), post("2", "1", private="x"), post("3", "2", private="x"), post("4", "3"), post("5", "1", private="x"))  # fmt: skip
    found = Choice((), private=False).of(given)
    assert found is not None
    assert [(each.key, each.parent, each.kind, each.body) for each in found.posts] == [
        ("1", None, "post", "Said 1."),
        ("2", "1", "removed", ""),
        ("3", "2", "removed", ""),
        ("4", "3", "post", "Said 4."),
    ]
    assert all(each.author is None for each in found.posts if each.kind == "removed")


def test_the_title_goes_with_the_opening() -> None:
    found = Choice((), private=False).of(thread(post("1", private="x"), post("2", "1")))
    assert found is not None
    assert found.title is None


def test_a_loop_of_parents_ends() -> None:
    found = Choice((), private=False).of(thread(post("1", "2", private="x"), post("2", "1", private="x"), post("3", "1")))  # fmt: skip
    assert found is not None
    assert {each.key for each in found.posts} == {"1", "2", "3"}


def test_a_rule_is_counted_by_the_first_that_matches() -> None:
    choice = Choice((Exclusion(sender="ada"), Exclusion(sender="a*")), private=False)
    assert choice.of(thread(post("1"), post("2", "1"))) is None
    assert [problem.message for problem in choice.problems()] == ["2 posts are left out by rule 1 of `leave_out`"]


@pytest.mark.parametrize("missing", [0, 1])
def test_what_is_left_out_is_not_missing(missing: int) -> None:
    given = thread(
        post("1", declared=Declared(answers=2 + missing, below=5 + missing)),
        post("2", "1", private="x"),
        post("3", "2", private="x"),
        post("4", "1", declared=Declared(answers=2 + missing)),
        post("5", "4", private="x"),
        post("6", "4"),
    )
    found = Choice((), private=False).of(given)
    assert found is not None
    told = [(problem.post, problem.message) for problem in fewer(without_omitted(found, given).posts)]
    assert (
        told
        == [
            ("1", "its source counts 2 replies to it; 1 are here or have a placeholder"),
            ("4", "its source counts 2 replies to it; 1 are here or have a placeholder"),
        ][: 2 * missing]
    )


def test_nothing_changes_if_nothing_is_left_out() -> None:
    given = thread(post("1", declared=Declared(answers=3)), post("2", "1"))
    assert without_omitted(given, given) is given


def test_a_whisper_is_left_out_and_not_missing(tmp_path: Path) -> None:
    topic = discourse({"cooked": "<p>An open word.</p>"}, {"cooked": f"<p>{SECRET}</p>", "post_type": 4}) | {"posts_count": 2}  # fmt: skip
    (tmp_path / "topic.json").write_text(json.dumps(topic), encoding="utf-8")
    (found,) = read_threads(Dump(tmp_path / "topic.json"), Card())
    assert [problem.code for problem in found.problems] == ["not-public"]
