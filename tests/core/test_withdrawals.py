"""What a card withdrew stays withdrawn where it now stands."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rostra.build.pipeline import BuildReport, build
from rostra.config.site import load_site
from rostra.identity import permalinks

SECRET = "My daughter goes to the school behind the mill, where everyone can see her every single day."
POSTS = [
    {"id": n, "parent": n - 1 or None, "author": "ada", "created": f"2024-03-0{n}T09:00:00Z", "body": body}
    for n, body in enumerate(
        ["Who opened the upper gate last night?", "The miller did, as always.", SECRET, "He has no right to."], 1
    )
]
CARD = '[[correction]]\npost = "p-3"\nwithdrawn = "at her request"\n'


def site(folder: Path, **dumps: list[dict[str, object]] | str) -> BuildReport:
    (folder / "content").mkdir(parents=True, exist_ok=True)
    (folder / "rostra.toml").write_text('title = "Mill"\n')
    for path in (folder / "content").iterdir():
        path.unlink()
    for name, dump in dumps.items():
        text = dump if isinstance(dump, str) else "".join(json.dumps(post) + "\n" for post in dump)
        (folder / "content" / name.replace("__", ".")).write_text(text)
    return build(load_site(folder))


def shown(folder: Path) -> list[str]:
    return [
        str(path) for path in (folder / "public").rglob("*") if path.is_file() and b"school behind" in path.read_bytes()
    ]


@pytest.mark.parametrize("other", ["a_elsewhere__jsonl", "z_elsewhere__jsonl"])
@pytest.mark.parametrize("fresh", [False, True])
@pytest.mark.parametrize("edited", [False, True])
def test_a_post_that_was_withdrawn_and_then_moved_to_another_debate_stays_hidden(
    tmp_path: Path, other: str, fresh: bool, edited: bool
) -> None:
    site(tmp_path, gate__jsonl=POSTS, gate__toml=CARD)
    assert not shown(tmp_path)
    moved = [{**POSTS[2], "parent": None}, POSTS[3]]
    left: dict[str, list[dict[str, object]] | str] = {"gate__jsonl": POSTS[:2], "gate__toml": CARD}
    for _ in range(2):
        if fresh:
            (tmp_path / ".rostra/editions.sqlite").unlink()
        site(tmp_path, **left, **{other: moved})
        assert not shown(tmp_path)
    if edited:
        moved[0] = {**moved[0], "body": SECRET + " So there."}
        site(tmp_path, **left, **{other: moved})
        assert not shown(tmp_path)
    # Nothing else is hidden, and taken back is taken back.
    pages = " ".join(path.read_text() for path in (tmp_path / "public/debates").glob("*/index.html"))
    assert "has no right" in pages
    assert "The miller did" in pages
    site(tmp_path, gate__jsonl=POSTS[:2], **{other: moved})
    assert shown(tmp_path)


def test_another_post_with_the_same_words_is_not_hidden(tmp_path: Path) -> None:
    again = {**POSTS[2], "id": 9, "created": "2024-04-01T09:00:00Z"}
    site(tmp_path, gate__jsonl=[*POSTS, again], gate__toml=CARD)
    site(tmp_path, gate__jsonl=[*POSTS, again], gate__toml=CARD)
    assert shown(tmp_path)


@pytest.mark.parametrize("card", ['withdrawn = "It was\\n  private."\n', 'withdrawn = ""\n', CARD])
@pytest.mark.parametrize("fresh", [False, True])
def test_where_dump_and_card_are_gone_too_the_address_still_says_so(tmp_path: Path, card: str, fresh: bool) -> None:
    site(tmp_path, gate__jsonl=POSTS, gate__toml=card)
    for _ in range(2):
        if fresh:
            (tmp_path / ".rostra/editions.sqlite").unlink()
        assert site(tmp_path).failures == ()
        page = (tmp_path / "public/debates/gate/index.html").read_text()
        document = json.loads((tmp_path / "public/debates/gate/thread.json").read_bytes())
        assert [each["post"] for each in document["kept"]] == ["p-1", "p-2", "p-3", "p-4"]
        assert document["withdrawn"] == (None if card is CARD else "It was private." if "private" in card else "")
        assert ("publisher has withdrawn it" in page) == (card is not CARD)
        assert ("It was private." in page) == ("private" in card)
        assert 'id="p-3"' in page
        assert not shown(tmp_path)
    # Who publishes it again takes it back.
    site(tmp_path, gate__jsonl=POSTS)
    assert shown(tmp_path)
    assert "! " not in (tmp_path / "rostra.ledger").read_text()


def test_what_a_card_withdraws_stays_so_under_another_id_also_where_ids_are_made_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Of the opening nobody knows who wrote it, and when.
    copied = f"{SECRET}\n\n    • bede\n    2 years ago\n\n    He has no right to say so in here.\n"
    site(tmp_path, gate__txt=copied)
    opening = json.loads((tmp_path / "public/debates/gate/thread.json").read_bytes())["posts"][0]["id"]
    card = f'[[correction]]\npost = "{opening}"\nwithdrawn = ""\n'
    site(tmp_path, gate__txt=copied, gate__toml=card)
    assert not shown(tmp_path)
    own = permalinks._own
    monkeypatch.setattr(permalinks, "_own", lambda *about: own(*about)[::-1])
    report = site(tmp_path, gate__txt=copied, gate__toml=f'id = "weir"\n{card}')
    assert not shown(tmp_path)
    assert not report.problems
    posts = json.loads((tmp_path / "public/debates/weir/thread.json").read_bytes())["posts"]
    assert [posts[0]["id"], posts[1]["text"]] == [opening, "He has no right to say so in here."]
    # Copied into another file, too.
    site(tmp_path, gate__txt=copied.partition("\n")[2], gate__toml=card, other__txt=copied.partition("\n")[0] + "\n")
    assert not shown(tmp_path)


@pytest.mark.parametrize("fresh", [False, True])
def test_a_post_is_withdrawn_by_any_address_that_it_had(tmp_path: Path, fresh: bool) -> None:
    gate: list[dict[str, object]] = [{**post, "id": f"g{post['id']}", "parent": None} for post in POSTS[2:3]]
    weir: list[dict[str, object]] = [{**POSTS[0], "author": "cy", "body": "Who has seen the keys to the weir?"}]
    site(tmp_path, gate__jsonl=gate, weir__jsonl=weir)
    site(tmp_path, gate__jsonl=gate, weir__jsonl=weir, gate__toml='id = "mill"\n')
    # It joins another debate, where it has another number.
    merged = [*weir, {**gate[0], "id": "w9", "parent": 1}]
    site(tmp_path, weir__jsonl=merged)
    assert shown(tmp_path)
    if fresh:
        (tmp_path / ".rostra/editions.sqlite").unlink()
    site(tmp_path, weir__jsonl=merged, weir__toml='[[correction]]\npost = "p-g3"\nwithdrawn = ""\n')
    assert not shown(tmp_path)


@pytest.mark.parametrize("of", ["gate", "copy"])
def test_what_is_withdrawn_is_hidden_in_a_copy_that_tells_no_times(tmp_path: Path, of: str) -> None:
    # Two posts are too few for one debate, where nobody knows when they were written.
    copied = f"Who opened the upper gate last night?\n\n    • ada\n    2 years ago\n\n    {SECRET}\n"
    dumps: dict[str, list[dict[str, object]] | str] = {
        "gate__jsonl": [POSTS[0], {**POSTS[2], "parent": 1}],
        "copy__txt": copied,
    }
    site(tmp_path, **dumps)
    posts = json.loads((tmp_path / f"public/debates/{of}/thread.json").read_bytes())["posts"]
    (post,) = [each["id"] for each in posts if each["text"] == SECRET]
    for _ in range(2):
        site(tmp_path, **dumps, **{f"{of}__toml": f'[[correction]]\npost = "{post}"\nwithdrawn = ""\n'})
        assert not shown(tmp_path)
