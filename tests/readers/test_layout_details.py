"""What layouts say of a page beyond the lines of a post, each on a copy of a few lines."""

from __future__ import annotations

import pytest

from rostra.model import RawThread
from rostra.readers.copied import reading
from rostra.readers.copied.cut import cut
from rostra.readers.copied.doubts import layout_doubts
from rostra.readers.copied.known import says
from rostra.readers.copied.layout import PageLayout, Template, prepared, template
from rostra.readers.copied.page import page_thread
from rostra.readers.text.furniture import gone


def thread(text: str, *templates: Template | str, ends: tuple[str, ...] = ()) -> RawThread:
    made = tuple(template(each) if isinstance(each, str) else each for each in templates)
    lines = text.strip("\n").split("\n")
    found = cut(prepared(lines), PageLayout(templates=made, name="the card", ends=ends))
    assert found is not None
    return page_thread.thread(lines, found, ())


def authors(found: RawThread) -> list[str | None]:
    return [post.author.name if post.author else None for post in found.posts if post.kind != "missing"]


ANSWERED = "{author}\n? {answers}\n{time}\n{body}\nReply"
ADA = "Ada Weir\n1h\nThe wheel turns.\nReply\n"
BEDE = "Bede\nAda Weir\n2h\nIt squeaks.\nReply\n"


def test_whoever_is_answered_in_a_line_of_its_own_writes_elsewhere() -> None:
    assert authors(thread(ADA + BEDE, ANSWERED)) == ["Ada Weir", "Bede"]
    seen = ADA + "View in discussion\nCy Noor\n2h\nIt squeaks.\nReply\n"
    assert authors(thread(seen, ANSWERED)) == ["Ada Weir", None]


def test_a_line_of_the_page_above_one_who_writes_elsewhere_is_no_author() -> None:
    twice = ADA + "\n".join(f"View in discussion\nAda Weir\n{n}h\nIt squeaks {n}.\nReply" for n in (3, 4))
    assert authors(thread(twice, ANSWERED)) == ["Ada Weir", None, None]
    assert authors(thread(ADA + BEDE + "Bede\n3h\nOil it.\nReply\n" + BEDE, ANSWERED)) == [
        "Ada Weir",
        "Bede",
        "Bede",
        "Bede",
    ]


NAMED = "{author}\n{clock}\n{body}"
SAME = template("{clock}\n{body}", "same")


@pytest.mark.parametrize(("above", "expected"), [("", "Thanks"), ("\n", "Ada Weir")])
def test_space_above_a_time_shows_that_the_name_is_omitted(above: str, expected: str) -> None:
    text = f"Ada Weir\n9:12 AM\nThe wheel turns.\n\nThanks\n{above}9:13 AM\nIt squeaks.\nBede\n9:20 AM\nOil it."
    assert authors(thread(text, NAMED, SAME)) == ["Ada Weir", expected, "Bede"]
    wide = text.replace("\n", "\n\n")
    assert authors(thread(wide, NAMED, SAME)) == ["Ada Weir", expected, "Bede"]


@pytest.mark.parametrize(("above", "doubted"), [("", True), ("\n", False)])
def test_a_page_that_omits_names_without_space_names_nobody(above: str, doubted: bool) -> None:
    text = f"Ada Weir\n9:12 AM\nThe wheel turns.\n{above}9:13 AM\nIt squeaks.\nBede\n9:20 AM\nOil it."
    found = reading.best_reading(prepared(text.split("\n")), text, PageLayout(templates=(template(NAMED), SAME)))
    assert found is not None
    assert layout_doubts.omits_unmarked(found.cut, prepared(text.split("\n"))) is doubted


def test_a_page_with_each_name_beside_its_time_may_omit_names() -> None:
    text = "Ada Weir 9:12 AM\nThe wheel turns.\n9:13 AM\nIt squeaks."
    found = cut(prepared(text.split("\n")), PageLayout(templates=(template("{author} {clock}\n{body}"), SAME)))
    assert found is not None
    assert not layout_doubts.omits_unmarked(found, prepared(text.split("\n")))


def test_a_mark_on_a_line_of_its_own_is_a_word_of_the_page() -> None:
    lines = ["Ada", "1h", "The wheel turns.", "mill", ">", "the race", "Bede", "2h", "Oil it."]
    found = cut(
        prepared(lines), PageLayout(templates=(template("{author}\n{time}\n{body}"),), notices=("{any}\n>\n{any}",))
    )
    assert found is not None
    assert found.notices == ((3, 6),)
    assert authors(page_thread.thread(lines, found, ())) == ["Ada", "Bede"], "the notice separates the name"


OPENED = template("r/{any}\n{time}\n{author}\n{title}\n{body}\nUpvote", "opening")
BELOW = "{author}\n•\n{time}\n{body}\nUpvote"


def test_nothing_below_a_post_opens_the_thread() -> None:
    top = "r/mill\n3h\nAda\nThe race\nWhose is it?\nUpvote\n"
    found = thread(top + "Bede\n•\n1h\nMine.\nUpvote\nr/brook\n2h\nCy\nThe brook\nNobody's.\nUpvote", OPENED, BELOW)
    assert authors(found) == ["Ada", "Bede"]
    assert found.title == "The race"
    assert authors(thread(top + top.replace("Ada", "Dee"), OPENED, BELOW)) == ["Ada"]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("[deleted]", "deleted"), ("[removed]", "removed"), ("Comment deleted by user", "deleted"), ("deleted by moderator", "removed"),
        ("Comment removed by moderator", "removed"), ("This message was deleted.", "deleted"), ("You deleted this message", "deleted"),
        ("removed by mod", "removed"), ("Deleted By A Moderator", "removed"), ("[deleted by user]", "deleted"), ("Deleted.", None), ("The miller removed this comment by night.", None),
        (f"[{' ' * 51}removed]", "removed"), (f"[{' ' * 52}removed]", None),
    ],
)  # fmt: skip
def test_a_notice_where_a_post_stood_says_that_it_is_gone(words: str, kind: str | None) -> None:
    assert gone(words) == kind
    (post,) = thread(f"Ada\n•\n1h\n{words}\nUpvote", BELOW).posts
    assert (post.kind, post.body) == ((kind, "") if kind else ("post", words))


PROFILED = "{author}\n{any}\n? Joined\n? {any}\n{time}\n#{id}\n{body}\nLike"


def test_the_only_line_that_tells_where_a_name_is_may_not_be_missing() -> None:
    joined = "Ada\nMiller\nJoined\nMar 1, 2019\nMar 4, 2021\n#1\nThe wheel turns.\nLike"
    (post,) = thread(joined, PROFILED).posts
    assert (post.author and post.author.name, post.created_text, post.body) == (
        "Ada",
        "Mar 4, 2021",
        "The wheel turns.",
    )
    # Of two such lines one may.
    badged = PROFILED.replace("{time}", "{time}\nAdd bookmark")
    assert authors(thread("Ada\nMiller\nMar 4, 2021\n#1\nThe wheel turns.\nLike", badged)) == ["Ada"]


def test_the_page_below_the_last_post_ends_it_and_no_other() -> None:
    page = ("UI: {any}",)
    found = thread(
        "Ada:\n1h\nUI: it squeaks.\nBede:\n2h\nOil it.\nUI: 0.19.3\nDocs", "{author}:\n{time}\n{body}", ends=page
    )
    assert [post.body for post in found.posts] == ["UI: it squeaks.", "Oil it."]
    assert [problem.line for problem in found.problems if problem.code == "page-around"] == [7]
    assert [
        post.body for post in thread("Ada:\n1h\nUI: it squeaks.", "{author}:\n{time}\n{body}", ends=page).posts
    ] == ["UI: it squeaks."]
    (chat,) = thread("[09:12] Ada: It squeaks.\nUI: 0.19.3", "[{time}] {author}: {body}", ends=page).posts
    assert chat.body == "It squeaks."


def test_how_far_answers_are_set_in_from_the_opening_is_no_level() -> None:
    opened = template("{title}\nby {author} {time}\n{body}\ncomments", "opening")
    said = [(2, "Ada"), (6, "Bede"), (10, "Cy"), (6, "Dee"), (2, "Esk"), (6, "Fen")]
    page = "The race\nby Hob 9h\nWhose is it?\ncomments\n"
    page += "".join(f"{' ' * n}{who}:\n{' ' * n}{n}h\n{' ' * n}Mine.\n" for n, who in said)
    found = thread(page, opened, "{author}:\n{time}\n{body}")
    names = {post.key: post.author and post.author.name for post in found.posts}
    assert [names.get(post.parent or "") for post in found.posts] == [None, "Hob", "Ada", "Bede", "Ada", "Hob", "Esk"]
    assert [problem.code for problem in found.problems] == []


def test_answers_that_are_not_shown_are_below_the_post_that_they_are_set_in_from() -> None:
    said = ["Ada:", "1h", "A.", "  Bede:", "  2h", "  B.", "    Cy:", "    3h", "    C."]
    for column, parent in [(5, "Cy"), (4, "Bede"), (3, "Bede"), (2, "Ada"), (0, None)]:
        found = thread(
            "\n".join([*said, " " * column + "load 2 more replies", "Dee:", "4h", "D."]), "{author}:\n{time}\n{body}"
        )
        names = {post.key: post.author and post.author.name for post in found.posts}
        assert [names.get(post.parent or "") for post in found.posts if post.hidden] == [parent], column
    flat = "Ada:\n1h\nA.\nload 2 more replies\nDee:\n4h\nD."
    shown, more, _ = thread(flat, "{author}:\n{time}\n{body}").posts
    assert more.parent == shown.key


HANDLED = "{author}\n@{handle}\n{time}\n? Replying to @{answers}\n{body}\nLike"


@pytest.mark.parametrize(
    ("said", "parent"),
    [("Replying to @ada_w\nMine.", "Ada Weir"), ("@bede Mine.", "Bede"), ("@bede@hill.example Mine.", "Bede"),
     ("@Bede mine.", "Bede"), ("@cy@x.example Mine.", "Cy X"), ("@cy Mine.", None), ("@dee Mine.", None)],
)  # fmt: skip
def test_a_post_answers_whoever_has_the_account_that_it_names(said: str, parent: str | None) -> None:
    people = [("Ada Weir", "ada_w"), ("Bede", "bede@hill.example"), ("Cy X", "cy@x.example"), ("Cy Y", "cy@y.example")]
    page = "".join(f"{name}\n@{handle}\n{n}h\nWhose is it, {n}?\nLike\n" for n, (name, handle) in enumerate(people, 2))
    found = thread(page + f"Dee\n@dee\n1h\n{said}\nLike", HANDLED)
    names = {post.key: post.author and post.author.name for post in found.posts}
    assert names.get(found.posts[-1].parent or "") == parent


def test_a_name_with_its_host_is_called_without_it() -> None:
    found = thread(
        "ada@hill.example, 1h\nMine.\nreply\nBede, 2h\n@ada Yours.\nreply", "{author}, {time}\n{body}\nreply"
    )
    assert found.posts[1].parent == found.posts[0].key


def test_a_name_that_two_people_have_is_nobodys() -> None:
    page = "".join(f"Bede\n@{handle}\n{n}h\nMine.\nLike\n" for n, handle in [(2, "b1"), (3, "b2")])
    posts = thread(page + "Cy\n@cy\n1h\n@b1 Yours.\nLike\nCy\n@cy\n1h\n@bede Yours.\nLike", HANDLED).posts
    assert [post.parent for post in posts[2:]] == [posts[0].key, None]


@pytest.mark.parametrize(
    ("line", "name"),
    [("[–]bede-hill Mill Owner 3 points 1h", "bede-hill"), ("[–]bede-hill[S] 3 points 1h", "bede-hill"),
     ("[–]bede 3 points 1h", "bede"), (f"[–]{60 * 'b'} 3 points 1h", 60 * "b"), ("[–][deleted] 1 points 1h", None)],
)  # fmt: skip
def test_an_account_is_one_word(line: str, name: str | None) -> None:
    (post,) = thread(f"{line}\nMine.\nreply", "[–] {account}{?[S]} {?{any}} {score} points {time}\n{body}\nreply").posts
    assert (post.author and post.author.name) == name


def test_an_account_is_no_longer_than_a_name() -> None:
    assert template("{account} {time}\n{body}").items[0].match(prepared([f"{61 * 'b'} 1h"])[0]) is None


@pytest.mark.parametrize(
    ("text", "phrase", "said"),
    [("it is combined", "mbin", False), ("mbinary", "mbin", False), ("by mbin.", "mbin", True), ("mbin", "mbin", True),
     ("combined by mbin", "mbin", True), ("ada says: no", " says: ", True), ("xboost (2)", "boost (", False), ("boost (2)", "boost (", True)],
)  # fmt: skip
def test_a_phrase_is_in_words_of_its_own(text: str, phrase: str, said: bool) -> None:
    assert says(text, phrase) is said


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("1.2K", 1200),
        ("1.2k", 1200),
        ("-3 K", -3000),
        ("1,234", 1234),
        ("2.5M", 2_500_000),
        ("0.0015K", 1),
        ("1.2.3K", None),
        ("1.2", None),
    ],
)
def test_a_score_may_be_in_thousands(text: str, score: int | None) -> None:
    (post,) = thread(f"Ada\n1h\nMine.\n{text}\nLike", "{author}\n{time}\n{body}\n{score}\nLike").posts
    assert post.score == score


def test_words_beside_a_name_may_be_a_paragraph_of_their_own() -> None:
    posts = thread("[09:12] Ada: One.\n\nTwo.\n[09:13] Bede: Three.\nFour.", "[{time}] {author}: {body}").posts
    assert [post.body for post in posts] == ["One.\n\nTwo.", "Three.\nFour."]
    posts = thread("One.\n\nTwo. – Ada 1h\nThree.\nFour. – Bede 2h", "{body} – {author} {time}").posts
    assert [post.body for post in posts] == ["One.\n\nTwo.", "Three.\nFour."]


def test_a_mark_between_a_clock_and_its_day_is_of_one_time() -> None:
    (post,) = thread("Ada\n9:05 AM · Mar 4, 2021\nMine.", "{author}\n{time}\n{body}").posts
    assert post.created_text == "9:05 AM · Mar 4, 2021"
