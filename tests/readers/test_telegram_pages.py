"""Telegram's export as pages: whose words they are, what answers what, and that no page says who could read the chat."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.config.cards import Card
from rostra.ingest.dump_threads import read_threads
from rostra.model import Problem, RawPost, Reaction
from rostra.readers import Dump, choose

PAGE = """<!DOCTYPE html><html><head><title>Exported Data</title></head><body><div class="page_wrap">
<div class="page_header"><a class="content" href="x"><div class="text bold">
Mill &amp; weir
</div></a></div>
<div class="page_body chat_page"><div class="history">
{above}<div class="message service" id="message-1"><div class="body details">
4 March 2024
</div></div>
{messages}
{below}</div></div></div></body></html>"""


def message(id: int, inside: str, name: str | None = None, clock: str = "09:00:00", zone: str = " UTC+01:00") -> str:
    begin = f'<div class="message default clearfix{"" if name else " joined"}" id="message{id}">'
    picture = '<div class="pull_left userpic_wrap"><div class="userpic"><div class="initials">\nZ\n</div></div></div>'
    named = f'<div class="from_name">\n{name} \n</div>' if name else ""
    date = f'<div class="pull_right date details" title="04.03.2024 {clock}{zone}">\n{clock[:5]}\n</div>'
    return f'{begin}{picture if name else ""}<div class="body">{date}{named}{inside}</div></div>'


def text(html: str) -> str:
    return f'<div class="text">\n{html}\n</div>'


def page(*messages: str, above: str = "", below: str = "") -> str:
    return PAGE.format(messages="".join(messages), above=above, below=below)


def read(tmp_path: Path, files: dict[str, str]) -> tuple[dict[str, RawPost], list[Problem]]:
    folder = tmp_path / "ChatExport"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    dump = Dump(folder if len(files) > 1 else folder / next(iter(files)))
    assert choose(dump).NAME == "telegram"
    found = list(read_threads(dump, Card(publish_private=True)))
    assert {thread.title for thread in found} <= {"#Mill & weir, 2024-03-04"}
    return (
        {post.raw.key: post.raw for thread in found for post in thread.posts},
        [each for thread in found for each in thread.problems],
    )


def author(post: RawPost) -> str | None:
    return post.author.name if post.author else None


def files(post: RawPost) -> list[tuple[str, str | None]]:
    return [(each.name, each.at and each.at.partition("|")[2]) for each in post.attachments]


def test_no_page_says_who_could_read_the_chat_so_it_is_private(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(page(message(1, text("A word for you only."), "Ada")), encoding="utf-8")
    dump = Dump(tmp_path / "a.html")
    assert list(read_threads(dump, Card())) == []
    assert [each.code for each in dump.withheld] == ["not-public"]


def test_a_joined_message_is_by_the_author_above_it_and_no_other_takes_a_name(tmp_path: Path) -> None:
    nameless = message(4, text("Nobody said this to us.")).replace(" joined", "")
    posts, problems = read(tmp_path, {"messages.html": page(
        message(1, text("Is it <strong>shut</strong>?<br>I &lt;ask&gt;."), "Ada"),
        message(2, text("I wait.")),
        message(3, '<div class="reply_to details">\nIn reply to <a href="#go_to_message1" onclick="return GoToMessage(1)">this message</a>\n</div>' + text("It is."), "Bede"),
        nameless,
        message(5, text("Nor was this said by Bede.")),
    )})  # fmt: skip
    assert [author(post) for post in posts.values()] == ["Ada", "Ada", "Bede", None, None]
    assert posts["1"].body == "Is it <strong>shut</strong>?<br>I &lt;ask&gt;."
    assert posts["3"].body == "It is."
    assert (posts["3"].parent, posts["2"].parent, posts["1"].parent) == ("1", "1", None)
    assert {post.created for post in posts.values()} == {"2024-03-04T09:00:00+01:00"}
    assert not problems


@pytest.mark.parametrize(
    ("shown", "created", "created_text"),
    [
        ("04.03.2024 09:00:00 UTC-05:30", "2024-03-04T09:00:00-05:30", None),
        ("04.03.2024 09:00:00", None, "2024-03-04T09:00:00"),
        ("4 March 2024, 09:00:00", None, "4 March 2024, 09:00:00"),
    ],
)
def test_a_time_without_a_zone_stays_as_shown(
    shown: str, created: str | None, created_text: str | None, tmp_path: Path
) -> None:
    (tmp_path / "a.html").write_text(
        page(message(1, text("A word."), "Ada").replace("04.03.2024 09:00:00 UTC+01:00", shown)), encoding="utf-8"
    )
    (thread,) = read_threads(Dump(tmp_path / "a.html"), Card(publish_private=True))
    assert (thread.posts[0].raw.created, thread.posts[0].raw.created_text) == (created, created_text)


def test_forwarded_words_are_a_quotation_of_the_person_named_above_them(tmp_path: Path) -> None:
    forwarded = (
        '<div class="pull_left forwarded userpic_wrap"><div class="userpic"><div class="initials">C</div></div></div>'
        '<div class="forwarded body"><div class="from_name">\nCouncil<span class="date details" title="03.03.2024 08:00:00"> 03.03.2024</span>\n</div>'
        + text("The gate is shut at six.")
        + "</div>"
    )
    posts, problems = read(
        tmp_path,
        {"messages.html": page(message(1, forwarded, "Ada"), message(2, forwarded), message(3, text("So they say.")))},
    )
    for key in ("1", "2"):
        assert author(posts[key]) == "Ada"
        assert posts[key].body == '<blockquote data-author="Council">The gate is shut at six.</blockquote>'
    assert author(posts["3"]) == "Ada"
    assert not problems


def test_files_polls_places_and_reactions_are_read(tmp_path: Path) -> None:
    wrap = '<div class="media_wrap clearfix">{}</div>'
    absent = '<div class="media clearfix pull_left media_voice_message"><div class="fill pull_left"></div><div class="body"><div class="title bold">Voice message</div><div class="status details">Not included, change data exporting settings to download.</div></div></div>'
    named = '<a class="media clearfix pull_left block_link media_file" href="files/plan.pdf"><div class="body"><div class="title bold">plan of 1803.pdf</div><div class="status details">3.4 MB</div></div></a>'
    venue = '<a class="media clearfix pull_left block_link media_venue" href="https://maps.example/?q=1"><div class="body"><div class="title bold">The upper gate</div><div class="description">Mill Lane 7</div></div></a>'
    poll = '<div class="media_poll"><div class="question bold">When is it shut?</div><div class="details">Anonymous poll</div><div class="answer">- At six <span class="details">2 votes</span></div><div class="answer">- At nine</div><div class="total details">2 votes</div></div>'
    reactions = '<span class="reactions"><span class="reaction"><span class="emoji">👍</span><span class="userpics"><div class="userpic"><div class="initials">A</div></div><div class="userpic"><div class="initials">B</div></div></span></span><span class="reaction"><span class="emoji">🎉</span><span class="count">7</span></span></span>'
    posts, problems = read(tmp_path, {"messages.html": page(
        message(1, wrap.format('<a class="photo_wrap clearfix pull_left" href="photos/a.jpg"><img class="photo" src="photos/a_thumb.jpg"/></a>') + text("See.") + reactions, "Ada"),
        message(2, wrap.format(named)),
        message(3, wrap.format(absent)),
        message(4, wrap.format(venue)),
        message(5, wrap.format(poll)),
        message(6, text("Signed words.") + '<div class="signature details">\nBede\n</div>'),
        message(7, '<div class="of_a_later_version">Words in an unknown element.</div>', "Cy"),
    )})  # fmt: skip
    assert files(posts["1"]) == [("a.jpg", "path:photos/a.jpg")]
    assert posts["1"].reactions == (Reaction(sign="👍", count=2), Reaction(sign="🎉", count=7))
    assert files(posts["2"]) == [("plan of 1803.pdf", "path:files/plan.pdf")]
    assert files(posts["3"]) == [("voice message", None)]
    assert posts["4"].body == "<p>The upper gate</p><p>Mill Lane 7</p>"
    assert posts["5"].body == "<p>When is it shut?</p><ul><li>At six (2)</li><li>At nine</li></ul>"
    assert author(posts["6"]) == "Bede"
    assert posts["7"].body == "<p>Words in an unknown element.</p>"
    assert not problems


def test_counts_of_any_length_are_read(tmp_path: Path) -> None:
    many = "9" * 5000
    given = f'<span class="reactions"><span class="reaction"><span class="emoji">👍</span><span class="count">{many}</span></span></span>'
    poll = f'<div class="media_poll"><div class="question bold">When?</div><div class="answer">- At six <span class="details">{many} votes</span></div></div>'
    posts, _ = read(tmp_path, {"messages.html": page(message(1, text("See.") + given, "Ada"), message(2, f'<div class="media_wrap">{poll}</div>'))})  # fmt: skip
    assert posts["1"].reactions == (Reaction(sign="👍", count=999_999_999),)
    assert "At six (999999999)" in posts["2"].body


def test_the_pages_of_a_folder_are_one_chat_in_order_and_an_absent_page_is_a_problem(tmp_path: Path) -> None:
    more = '<a class="pagination block_link" href="messages{}.html">\nNext messages\n</a>'
    event = '<div class="message service" id="message9"><div class="body details">Ada changed the photo</div></div>'
    answer = '<div class="reply_to details">In reply to <a href="messages.html#go_to_message1">this message</a></div>'
    posts, problems = read(tmp_path, {
        "messages.html": page(message(1, text("First."), "Ada"), below=more.format(2)),
        "messages2.html": page(event, message(12, answer + text("Second."), "Bede"), below=more.format(10)),
        "messages10.html": page(message(13, text("Third."), "Cy"), below=more.format(11)),
        "style.css": "body {}",
    })  # fmt: skip
    assert [posts[key].body for key in posts] == ["First.", "Second.", "Third."]
    assert posts["12"].parent == "1"
    assert sorted((each.code, "messages11" in each.message) for each in problems) == [("events", False), ("missing-page", True)]  # fmt: skip


def test_nested_messages_of_a_damaged_page_are_their_own_authors(tmp_path: Path) -> None:
    inner = message(2, text("Words of Bede."), "Bede") + "After it."
    posts, _ = read(tmp_path, {"messages.html": page(message(1, text("Words of Ada.") + inner, "Ada"))})
    assert [(author(post), post.body) for post in posts.values()] == [("Ada", "Words of Ada.<p>After it.</p>"), ("Bede", "Words of Bede.")]  # fmt: skip


def test_a_message_without_an_id_is_a_problem(tmp_path: Path) -> None:
    unnumbered = message(2, text("Nobody can answer this."), "Bede").replace(' id="message2"', "")
    _, problems = read(tmp_path, {"messages.html": page(message(1, text("A word."), "Ada"), unnumbered)})
    assert [each.code for each in problems] == ["left-out"]


def test_of_a_chat_in_both_forms_only_the_json_is_read(tmp_path: Path) -> None:
    chat = '{"name": "Mill & weir", "type": "public_channel", "id": 1, "messages": [{"id": 1, "type": "message", "date": "2024-03-04T09:00:00", "date_unixtime": "1709542800", "from": "Ada", "text": "Once."}]}'
    posts, problems = read(tmp_path, {"messages.html": page(message(1, text("Once."), "Ada")), "result.json": chat})
    assert [post.body for post in posts.values()] == ["Once."]
    assert not problems
