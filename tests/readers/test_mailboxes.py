"""Where messages begin, in every kind of mailbox; digests, copies, and what threads are made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site
from rostra.ingest.inspection import inspections
from rostra.model import Edition
from rostra.readers import Dump, choose
from rostra.readers.mail import copies, mail
from rostra.readers.mail.mailbox import SEEN, form_of, looks_like_mail

SEPARATOR = "From ada@mill.example Mon Mar  4 10:00:00 2024"


def head(number: int, subject: str = "gate", who: str = "Ada", more: str = "") -> str:
    return f"From: {who} <{who.lower()}@mill.example>\nSubject: {subject}\nDate: Mon, 4 Mar 2024 1{number}:00:00 +0000\nMessage-ID: <{number}@mill.example>\n{more}"


def read(tmp_path: Path, text: str | bytes) -> list[Edition]:
    path = tmp_path / "box"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    assert choose(Dump(path)).NAME == "mail"
    return list(inspections(path))


def said(editions: list[Edition]) -> list[tuple[str | None, str]]:
    return [
        (each.post.raw.author.name if each.post.raw.author else None, each.body.text)
        for edition in editions
        for each in edition.posts
        if each.post.raw.kind == "post"
    ]


ONE = f"{head(1)}\nWho?\n"
TWO = head(2, "Re: gate", "Bede", "In-Reply-To: <1@mill.example>\n") + "\nI did.\n"
BABYL = f"BABYL OPTIONS: -*- rmail -*-\nVersion: 5\n\x1f\x0c\n1,,\n{head(1)}Received: by x\n\n*** EOOH ***\nFrom: Ada\n\nWho?\n\x1f\x0c\n0, unseen,,\n*** EOOH ***\n{TWO}\x1f"


@pytest.mark.parametrize(
    "box",
    [
        f"{SEPARATOR}\n{ONE}\n{SEPARATOR}\n{TWO}",
        f"From - Mon Mar  4 10:00:00 2024\n{ONE}\nFrom - Mon Mar  4 10:00:00 2024\n{TWO}",
        f"From ada at mill.example  Mon Mar  4 10:00:00 2024\n{ONE}From ada at mill.example  Mon Mar  4 10:00:00 2024\n{TWO}",
        f"From x@y Mon Mar  4 10:00:00 MET 1996\n{ONE}\nFrom 15@xxx Mon Mar 04 10:00:00 +0000 2024\n{TWO}",
        f"From ada@mill.example 2024-03-04 10:00:00\n{ONE}\nFrom bede@mill.example 2024-03-04 11:00:00\n{TWO}",
        f"From \n{ONE}\nFrom \n{TWO}",
        f"From\n{ONE}\nFrom\n{TWO}",
        f"From -8745611331227339184\n{ONE}\nFrom 5611331227339185\n{TWO}",
        f"From ada@mill.example\n{ONE}\nFrom bede@mill.example\n{TWO}",
        f"{SEPARATOR}\n{ONE}\n{SEPARATOR}\n>From ada Mon Mar 4 remote from mill\n{TWO}",
        f"\1\1\1\1\n{ONE}\1\1\1\1\n\1\1\1\1\n{TWO}\1\1\1\1\n",
        f"#! rnews {len(ONE)}\n{ONE}#! rnews {len(TWO)}\n{TWO}",
        BABYL,
        BABYL.replace("*** EOOH ***\nFrom: Bede", "Summary-line:  4-Mar  bede  #gate\n*** EOOH ***\nFrom: Bede"),
    ],
)
def test_every_kind_of_mailbox_holds_the_same_two_messages(tmp_path: Path, box: str) -> None:
    for data in (box.encode(), box.encode().replace(b"\n", b"\r\n")):
        editions = read(tmp_path, data)
        assert said(editions) == [("Ada", "Who?"), ("Bede", "I did.")]
        assert len(editions) == 1
        (raws,) = [[each.post.raw for each in edition.posts] for edition in editions]
        lines = data.decode().split("\n")
        assert all(raw.line and lines[raw.line - 1].startswith(("From", "\1", "\x1f", "#! rnews")) for raw in raws)


@pytest.mark.parametrize(
    "words",
    [
        "From what the miller told us in 2004\nhttp://mill.example/plans shows the wrong gate.",
        "From what the miller told us in 2004\nSubject: the gate.",
        "\nFrom here on Mon Mar 4 at 10:00:00 2024\nNote: all is well.",
        "\nFrom ada@mill.example Mon Mar  4 10:00:00 2024\nno header at all",
        "From ada@mill.example Mon Mar  4 10:00:00 2024\nUnheard-of: by mail",
        "From ada@mill.example 2024-03-04 10:00:00\nSubject: no blank line above",
        "From ada@mill.example Mon Mar  4 10:00:00 2024\nSubject: the gate\nwhich I quote from a log",
        "From ada@mill.example Mon Mar  4 10:00:00 2024\nFrom: ada\nSubject: the gate\nwhich I quote from a log",
        "From ada@mill.example Mon Mar  4 10:00:00 2024\nSubject: one header alone",
        "\nFrom \nSubject: bare",
        "\nFrom " + "0a" * 20 + " Mon Sep 17 00:00:00 2001\nFrom: Cy <cy@fen.example>\n\n--- a/gate",
        "",
    ],
)
def test_what_is_no_separator_is_the_authors_words(tmp_path: Path, words: str) -> None:
    editions = read(tmp_path, f"{SEPARATOR}\n{head(1)}\nI kept it.\n{words}\n\n{SEPARATOR}\n{TWO}")
    assert [who for who, _ in said(editions)] == ["Ada", "Bede"]
    assert " ".join(said(editions)[0][1].split()) == " ".join(f"I kept it.\n{words}".split())


@pytest.mark.parametrize("size", [0, SEEN - 1, SEEN, 3 * SEEN])
def test_a_separator_below_a_line_counts_if_a_whole_block_of_headers_follows(tmp_path: Path, size: int) -> None:
    more = f"X-Long: {'a ' * 30}\n\tb\n" * (size // 70)
    editions = read(tmp_path, f"{SEPARATOR}\n{head(1)}\nI kept it.\n{SEPARATOR}\n{TWO.replace('Subject', f'{more}Subject', 1)}")  # fmt: skip
    assert said(editions) == [("Ada", "I kept it."), *said(read(tmp_path, TWO))]


def test_a_message_in_a_file_of_its_own_holds_no_other(tmp_path: Path) -> None:
    patch = f"\nHere is the patch.\n\n{SEPARATOR}\nFrom: Cy <cy@fen.example>\nSubject: [PATCH] gate\n\n--- a/gate\n"
    (edition,) = read(tmp_path, head(1) + patch)
    assert [who for who, _ in said([edition])] == ["Ada"]


def test_a_file_of_patches_holds_them_all(tmp_path: Path) -> None:
    begun = "From " + "0a" * 20 + " Mon Sep 17 00:00:00 2001\n"
    assert [who for who, _ in said(read(tmp_path, f"{begun}{ONE}\n{begun}{TWO}"))] == ["Ada", "Bede"]


@pytest.mark.parametrize(
    "text", ["From Ada, with love\nDear Bede,\n", "From \nwhere the weir is\n", "Dear Ada,\nFrom: me\n"]
)
def test_a_letter_is_no_mailbox(text: str) -> None:
    assert looks_like_mail(text.encode()) == 0


def digest(rule: int = 70, between: int = 30, editor: str = "") -> str:
    members = f"\n\n{'-' * between}\n\n".join(
        [
            "Date: Mon, 4 Mar 1996 09:00:00 +0000\nFrom: Ada Weir <ada@mill.example>\nSubject: The gate\n\nWho opened it?",
            "Message: 2\nDate: Mon, 4 Mar 1996 10:00:00 +0000\nFrom: Bede Hill <bede@hill.example>\nSubject: Re: The gate\n\nI did.\n\n------\n\nTwice.",
            "Subject: Digest Footer\n\nThe village list",
            "End of Mill Digest",
        ]
    )
    return f"{editor}Mill Digest   Volume 3 : Issue 4\n\nToday's Topics:\n   The weir\n\n{'-' * rule}\n\n{members}\n"


EDITOR = "From: village-request <village-request@lists.example>\nSubject: Mill Digest, Vol 3, Issue 4\nMessage-ID: <d@lists.example>\nDate: Tue, 5 Mar 1996 09:00:00 +0000\n\n"


@pytest.mark.parametrize(("rule", "between"), [(70, 30), (60, 28), (80, 32)])
@pytest.mark.parametrize("editor", ["", EDITOR, f"{SEPARATOR}\n{EDITOR}"])
def test_the_messages_of_a_digest_are_their_own_authors(tmp_path: Path, editor: str, rule: int, between: int) -> None:
    editions = read(tmp_path, digest(rule, between, editor))
    posts = said(editions)
    assert posts[:2] == [("Ada Weir", "Who opened it?"), ("Bede Hill", "I did.\n\n------\n\nTwice.")]
    who, words = posts[2]
    assert who == ("village-request" if editor else None)
    assert words.startswith("Mill Digest")
    assert "The village list" in words
    assert editions[0].posts[1].post.parent == editions[0].posts[0].post.id
    lines = digest(rule, between, editor).split("\n")
    assert [lines[(each.post.raw.line or 0) - 1][:5] for each in editions[0].posts] == ["Date:", "Messa"]


@pytest.mark.parametrize(("rule", "between"), [(59, 30), (81, 30)])
def test_another_rule_makes_no_digest(rule: int, between: int) -> None:
    assert looks_like_mail(digest(rule, between).encode()) == 0


def test_a_mark_taken_away_takes_the_name_away(tmp_path: Path) -> None:
    text = digest(editor=EDITOR).replace("From: Bede Hill <bede@hill.example>\n", "")
    assert "Bede Hill" not in [who for who, _ in said(read(tmp_path, text))]


def test_a_digest_in_parts_is_taken_apart(tmp_path: Path) -> None:
    parts = "".join(f"--cc\nContent-Type: message/rfc822\n\n{each}" for each in (ONE, TWO)) + "--cc--\n"
    above = head(3, "village Digest", "List", "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=bb\n")
    box = f'{above}\n--bb\n\nTopics\n--bb\nContent-Type: multipart/digest; boundary="cc"\n\n{parts}--bb--\n'
    editions = read(tmp_path, box)
    assert said(editions) == [("Ada", "Who?"), ("Bede", "I did."), ("List", "Topics")]
    # The same message by itself, and in the digest.
    assert said(read(tmp_path, f"{SEPARATOR}\n{box}\n{SEPARATOR}\n{ONE}")) == said(editions)


def copy(body: str, subject: str = "gate") -> str:
    return f"{SEPARATOR}\n{head(1, subject)}\n{body}\n\n"


@pytest.mark.parametrize(
    ("footer", "posts"),
    [
        ("_____________\nvillage", 1),
        ("To unsubscribe write to village-request", 1),
        ("_____________\n" + "line\n" * (copies.FOOT - 1), 1),
        ("_____________\n" + "line\n" * copies.FOOT, 2),
        ("And another thing.", 2),
        ("______\nAnd another thing.", 2),
    ],
)
def test_copies_with_and_without_a_footer_are_one_post(tmp_path: Path, footer: str, posts: int) -> None:
    for box in (
        copy("One.") + copy(f"One.\n{footer}", "[village] gate"),
        copy(f"One.\n{footer}", "[village] gate") + copy("One."),
    ):
        (edition,) = read(tmp_path, box)
        assert len(said([edition])) == posts
        assert ("Ada", "One.") in said([edition])
        assert [problem.code for problem in edition.problems if "repeated" in problem.code] == [
            "repeated-post" if posts == 1 else "repeated-id"
        ]
        assert any(each.post.raw.kind == "missing" for each in edition.posts) == (posts > 1)


@pytest.mark.parametrize(("others", "posts"), [(copies.DIFFERENT - 1, 8), (copies.DIFFERENT, 10)])
def test_one_is_compared_with_few_others_of_its_id(tmp_path: Path, others: int, posts: int) -> None:
    box = (
        "".join(copy(f"Words number {n}.") for n in range(others))
        + copy("Last.")
        + copy("Last.\n______________\nvillage")
    )
    assert len(said(read(tmp_path, box))) == posts


@pytest.mark.parametrize(("below", "told"), [("", "word for word"), ("\n____________\nvillage", "a list's footer")])
def test_of_a_copy_it_is_told_where_it_is_and_how_it_differs(tmp_path: Path, below: str, told: str) -> None:
    (edition,) = read(tmp_path, copy("One.") + copy(f"One.{below}"))
    (problem,) = edition.problems
    assert told in problem.message
    assert (problem.post, problem.line) == (edition.posts[0].post.id, 9)


def test_a_copy_by_somebody_else_or_of_another_time_is_none(tmp_path: Path) -> None:
    for other in (copy("One.").replace("Ada", "Bede"), copy("One.").replace("11:00", "12:00")):
        assert len(said(read(tmp_path, copy("One.") + other))) == 2


def test_an_address_that_a_copy_had_as_a_post_leads_to_the_post(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "T"\n')
    (tmp_path / "content/box.mbox").write_text(copy("One.") + copy("One.\n_____________\nvillage"))
    assert build(load_site(tmp_path)).failures == ()
    (page,) = (tmp_path / "public/debates").glob("*/thread.json")
    import json

    document = json.loads(page.read_bytes())
    (post,) = document["posts"]
    assert document["kept"] == [{"post": f"{post['id']}-2", "thread": document["id"], "to": post["id"]}]


def test_times_without_a_zone_are_told_once_a_mailbox_at_the_first(tmp_path: Path) -> None:
    def local(number: int) -> str:
        return f"{SEPARATOR}\n{head(number, f'gate {number}')}\nWords {number}.\n\n".replace(
            f"Mon, 4 Mar 2024 1{number}:00:00 +0000", f"Mon Mar  4 1{number}:00:00 2024"
        )

    zoned = f"{SEPARATOR}\n{head(1)}\nWords.\n\n"
    editions = read(tmp_path, zoned + local(2) + local(3))
    told = [(n, problem.code) for n, edition in enumerate(editions) for problem in edition.problems]
    assert told == [(1, "no-zone")]
    assert [edition.posts[0].post.raw.created_local for edition in editions] == [
        None,
        "2024-03-04T12:00:00",
        "2024-03-04T13:00:00",
    ]


def test_a_mailbox_that_grows_says_the_same_as_one_that_is_read_anew(tmp_path: Path) -> None:
    text = [f"{SEPARATOR}\n{head(n, f'gate {n // 2}')}\nWords {n}.\n\n" for n in range(8)]
    for n in (3, 4, 6):
        text[n] = text[n].replace(f"Mon, 4 Mar 2024 1{n}:00:00 +0000", f"Mon Mar  4 1{n}:00:00 2024")
    sites = [tmp_path / name for name in ("grown", "anew")]
    for site in sites:
        (site / "content").mkdir(parents=True)
        (site / "rostra.toml").write_text('title = "T"\n')
    for size in (3, 4, 5, 8):
        (sites[0] / "content/box.mbox").write_text("".join(text[:size]))
        assert build(load_site(sites[0])).failures == ()
    (sites[1] / "content/box.mbox").write_text("".join(text))
    build(load_site(sites[1]))
    pages = [
        {path.relative_to(site): path.read_bytes() for path in (site / "public/debates").rglob("*") if path.is_file()}
        for site in sites
    ]
    assert pages[0] == pages[1]


def test_a_message_without_a_date_has_the_time_at_which_it_arrived_and_a_problem_says_so(tmp_path: Path) -> None:
    undated = "From: Ada <ada@mill.example>\nSubject: gate\nMessage-ID: <1@x>\nReceived: from a by b; Mon, 4 Mar 2024 09:00:00 +0100\n\nWho?\n"
    (edition,) = read(tmp_path, undated)
    assert edition.posts[0].post.raw.created == "2024-03-04T09:00:00+01:00"
    assert [problem.code for problem in edition.problems] == ["no-date"]
    (edition,) = read(tmp_path, undated.replace("; Mon, 4", "; Mon, 99"))
    assert (edition.posts[0].post.raw.created, edition.problems) == (None, ())
    # A date that cannot be read is shown as it is written, whenever the message arrived.
    (edition,) = read(tmp_path, "Date: once\n" + undated)
    assert (edition.posts[0].post.raw.created, edition.posts[0].post.raw.created_text) == (None, "once")


@pytest.mark.parametrize(("card", "kind"), [("", "post"), ("publish_no_archive = false\n", "redacted")])
def test_who_asks_not_to_be_archived_is_told_of_and_left_out_where_a_card_says_so(
    tmp_path: Path, card: str, kind: str
) -> None:
    import json

    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text('title = "T"\npublish_addresses = true\n')
    (tmp_path / "content/box.toml").write_text(card)
    asked = SEPARATOR + "\n" + head(1, more="X-No-Archive: Yes\n") + "\nNot for ever, please.\n\n"
    (tmp_path / "content/box.mbox").write_text(asked + f"{SEPARATOR}\n{TWO}")
    assert build(load_site(tmp_path)).failures == ()
    (page,) = (tmp_path / "public/debates").glob("*/thread.json")
    document = json.loads(page.read_bytes())
    assert [post["kind"] for post in document["posts"]] == [kind, "post"]
    assert [problem["code"] for problem in document["problems"]] == ["no-archive"]
    everything = b"".join(path.read_bytes() for path in (tmp_path / "public").rglob("*") if path.is_file())
    assert (b"Not for ever" in everything) == (kind == "post")


def test_the_first_of_a_huge_piece_are_let_go_before_they_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = f"{SEPARATOR}\n{ONE}\n{SEPARATOR}\n{TWO}"
    whole = said(read(tmp_path, box))
    monkeypatch.setattr(mail, "HELD", 1)
    assert said(read(tmp_path, box)) == whole
    assert said(read(tmp_path, digest(editor=EDITOR)))[0][0] == "Ada Weir"


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_lines_may_end_as_on_other_systems(end: str, tmp_path: Path) -> None:
    box = f"{SEPARATOR}\n{ONE}\n{SEPARATOR}\n{TWO}".replace("\n", end)
    assert said(read(tmp_path, box)) == [("Ada", "Who?"), ("Bede", "I did.")]


def test_a_grown_mailbox_with_carriage_returns_is_read_anew(tmp_path: Path) -> None:
    (tmp_path / "rostra.toml").write_text('title = "Mill"\n', encoding="utf-8")
    (tmp_path / "content").mkdir()
    for box in (f"{SEPARATOR}\n{ONE}", f"{SEPARATOR}\n{ONE}\n{SEPARATOR}\n{TWO}"):
        (tmp_path / "content/box").write_bytes(box.replace("\n", "\r").encode())
        build(load_site(tmp_path))
    (page,) = (tmp_path / "public/debates").glob("*/index.html")
    assert "I did." in page.read_text(encoding="utf-8")


def test_a_file_of_apple_mail_is_one_message_without_the_data_below(tmp_path: Path) -> None:
    message = f"{head(1)}\nWho opened it?\n"
    for count, text in ((f"{len(message)}\n", "Who opened it?"), (f"{len(message) - 2}  \n", "Who opened it")):
        (edition,) = read(tmp_path, f'{count}{message}<?xml version="1.0"?><plist><string>flagged</string></plist>')
        assert said([edition]) == [("Ada", text)]
    assert form_of(f"12 \n{message}".encode()) == "emlx"
    assert form_of(f"12 apples\n{message}".encode()) is None
