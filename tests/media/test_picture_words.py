"""A picture to which its author gave no text is called one in the site's language, wherever a body is shown; words of authors stay."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rostra.build.pipeline import build
from rostra.config.site import load_site

BODY = (
    "The gate ![](https://mill.example/1.png) and ![picture](https://mill.example/2.png) of it, "
    "beside [![](https://mill.example/3.png)](https://mill.example/all)."
)


LANGUAGES = [("en", "picture"), ("de", "Bild")]


@pytest.mark.parametrize(("language", "word"), LANGUAGES)
def test_a_picture_without_a_text(tmp_path: Path, language: str, word: str) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text(
        f'title = "Mill"\nlanguage = "{language}"\nextras = true\naddress = "https://mill.example/"\n'
    )
    post = {
        "id": 1,
        "author": "Ada",
        "title": "Gate",
        "created": "2024-03-01T09:00:00Z",
        "body": BODY,
        "format": "markdown",
    }
    (tmp_path / "content/gate.jsonl").write_text(json.dumps(post))
    for name in ("index.md", "mill.md"):
        (tmp_path / "content" / name).write_text(
            "# Mill\n\n![](https://mill.example/4.png)\n\nSee.[^1]\n\n[^1]: ![](a.png)\n"
        )
    assert build(load_site(tmp_path)).failures == ()
    for name in ("index.html", "mill.html"):
        assert (tmp_path / "public" / name).read_text(encoding="utf-8").count(f'<span class="unlabelled">{word}<') == 2
    folder = tmp_path / "public/debates/gate"
    for name in ("index.html", "feed.xml"):
        text = (
            (folder / name).read_text(encoding="utf-8").replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
        )
        assert text.count(f'<span class="unlabelled">{word}</span></a>') == 2, name
        assert text.count('noopener noreferrer">picture</a>') == 1, name
    (said,) = json.loads((folder / "thread.json").read_text(encoding="utf-8"))["posts"]
    # The text is the dump's, so that offsets and permanent links do not depend on the site's language.
    assert "The gate picture and picture of it, beside picture." in json.dumps(said)


@pytest.mark.parametrize(("language", "word"), LANGUAGES)
def test_a_post_of_nothing_but_a_picture(tmp_path: Path, language: str, word: str) -> None:
    """What names a post by its first words: the map, the titles of links, linked data, feeds and lists."""
    (tmp_path / "content").mkdir()
    (tmp_path / "rostra.toml").write_text(
        f'title = "Mill"\nlanguage = "{language}"\nextras = true\naddress = "https://mill.example/"\n'
    )
    bodies = ["![](https://mill.example/1.png)", *["![picture](https://mill.example/2.png)"] * 2, *["It is shut."] * 6]
    posts = (
        {"id": n, "parent_id": 1 if n > 1 else None, "author": f"Ada {n}", "created": f"2024-03-0{n}T09:00:00Z", "body": body, "format": "markdown"}
        for n, body in enumerate(bodies, 1)
    )  # fmt: skip
    (tmp_path / "content/gate.jsonl").write_text("\n".join(map(json.dumps, posts)))
    assert build(load_site(tmp_path)).failures == ()
    page = (tmp_path / "public/debates/gate/index.html").read_text(encoding="utf-8")
    assert page.count(f'<span class="words" dir="auto">{word}</span>') == 1 + 2 * (word == "picture")
    assert page.count('<span class="words" dir="auto">picture</span>') == 2 + (word == "picture")
    assert f'title="{word}" aria-label' in page
    assert f'"text": "{word}"' in page or f'"text":"{word}"' in page
    assert f'<meta name="description" content="{word}">' in page
    # Lists, which are made before the language is known, show such posts without a word of theirs.
    assert (tmp_path / "public/index.html").read_text(encoding="utf-8").count("picture") == 2
