"""Settings, cards and what a content folder holds; what is wrong is said with its line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from rostra.config.site import load_site
from rostra.errors import RostraError, UsageError
from rostra.ingest.sources import Sources, gather


def site(folder: Path, files: dict[str, str], settings: str = 'title = "T"\n') -> Path:
    (folder / "content").mkdir(parents=True, exist_ok=True)
    for name, text in {"rostra.toml": settings, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def gathered(folder: Path) -> Sources:
    return gather(load_site(folder))


DUMP = "Shall we?\n\n    1 year ago\n\n    Yes.\n"


@pytest.mark.parametrize(
    ("settings", "line", "message", "hint"),
    [
        ('title = "T"\ntilte = "U"\n', 2, "no setting 'tilte'", "did you mean 'title'?"),
        ('title = "T"\nadress = "x"\n', 2, "no setting 'adress'", "did you mean 'address'?"),
        ('title = "T"\nzzz = 1\n', 2, "no setting 'zzz'", "one of: "),
        ("\n\ntitle = 4\n", 3, "Expected `str`", "README"),
        ('title = "T"\ncontent = "x"\n', 2, "Expected `array`", "README"),
        ('language = "en"\n', 1, "missing required field `title`", "README"),
        ('title = "x"\nlanguage = "de_DE"\n', 2, "not a registered language", "pt-BR"),
        ('title = "T"\noutput = \n', 2, "not TOML", "toml.io"),
    ],
)
def test_settings_that_are_wrong_say_where_and_what_to_do(
    tmp_path: Path, settings: str, line: int, message: str, hint: str
) -> None:
    with pytest.raises(UsageError) as raised:
        load_site(site(tmp_path, {}, settings))
    error = raised.value
    assert (error.path, error.line) == ("rostra.toml", line)
    assert message in error.message
    assert hint in (error.hint or "")
    assert str(error).startswith(f"rostra.toml:{line}: ")
    assert "\nhint: " in str(error)


@pytest.mark.parametrize(
    ("output", "message"),
    [
        (".", "is the folder of the site"),
        ("", "is the folder of the site"),
        ("content/..", "is the folder of the site"),
        ("..", "contains the folder of the site"),
        ("/", "is the whole disk"),
        ("content", "is the content folder 'content'"),
        ("content/", "is the content folder 'content'"),
        ("./content/../content", "is the content folder 'content'"),
        ("content/site", "is in the content folder 'content'"),
        ("more", "contains the content folder 'more/talks'"),
        ("more/Talks", "is the content folder 'more/talks'"),
        ("linked", "is the content folder 'content'"),
        ("linked/site", "is in the content folder 'content'"),
        ("layouts", "is the layouts folder"),
        ("layouts/x", "is in the layouts folder"),
        (".rostra", "is the cache folder"),
        (".rostra/public", "is in the cache folder"),
        (".git", "is the folder of git"),
        (".git/site", "is in the folder of git"),
        ("rostra.toml", "is a file"),
        ("~/site", "begins with “~”, which names no home folder here"),
        ("../home", "is your home folder"),
        ("../home/..", "contains the folder of the site"),
        ("../users", "contains your home folder"),
        ("file://{}/content", "is the content folder 'content'"),
    ],
)
def test_an_output_among_other_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str, message: str
) -> None:
    root = tmp_path / "site"
    settings = f'content = ["content", "more/talks"]\ntitle = "T"\noutput = "{output.format(root)}"\n'
    site(root, {"content/a.txt": DUMP}, settings)
    (root / "linked").symlink_to("content")
    home = tmp_path / ("users/ada" if "users" in output else "home")
    home.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    with pytest.raises(UsageError) as raised:
        load_site(root)
    assert (raised.value.path, raised.value.line) == ("rostra.toml", 3)
    assert raised.value.message.endswith(message)
    assert "public" in (raised.value.hint or "")


@pytest.mark.parametrize(
    "output",
    ["public", "content2", "contents/site", "../site2", "a/b/c", "Public", "linked", "..public", ".github", "a~"],
)
def test_an_output_beside_other_files_is_not_refused(tmp_path: Path, output: str) -> None:
    root = site(tmp_path / "site", {"content/a.txt": DUMP}, f'title = "T"\noutput = "{output}"\n')
    (tmp_path / "elsewhere").mkdir()
    (root / "linked").symlink_to("../elsewhere")
    assert load_site(root).output == root / output


def test_a_content_folder_that_holds_the_output_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"the output folder 'public' is in the content folder '\.'"):
        load_site(site(tmp_path, {"a.txt": DUMP}, 'title = "T"\ncontent = ["."]\n'))


def test_a_folder_without_settings_is_no_site(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="this folder is not a site") as raised:
        load_site(tmp_path)
    assert "rostra new" in (raised.value.hint or "")


def test_a_card_beside_its_dump_and_one_that_names_a_dump_elsewhere(tmp_path: Path) -> None:
    found = gathered(
        site(
            tmp_path,
            {
                "content/a.txt": DUMP,
                "content/a.toml": 'title = "A"\n',
                "elsewhere/b.txt": DUMP,
                "content/b-card.toml": 'dump = "../elsewhere/b.txt"\ntitle = "B"\n',
                "content/c.txt": DUMP,
                "content/d.json.txt": DUMP,
                "content/d.json.toml": 'title = "D"\n',
            },
        )
    )
    assert [(e.dump.name, e.card.title) for e in found.entries] == [
        ("content/a.txt", "A"),
        ("content/c.txt", None),
        ("content/d.json.txt", "D"),
        ("elsewhere/b.txt", "B"),
    ]
    assert found.failures == ()


@pytest.mark.parametrize(
    ("card", "message", "hint"),
    [
        ('title = "A"\n', "names no dump", "dump ="),
        ('dump = "gone.txt"\n', "does not exist", "relative to the card"),
        ('dump = "x.txt"\ntittle = "A"\n', "no setting 'tittle'", "did you mean 'title'?"),
        ('dump = "x.txt"\nid = "A b"\n', "cannot be part of an address", "a-z"),
        ('dump = "x.txt"\nid = "../x"\n', "cannot be part of an address", "a-z"),
        ('dump = "x.txt"\ncaptured = "yesterday"\n', "not an ISO date", "2024"),
        ('dump = "x.txt"\ntags = "a"\n', "Expected `array`", "README"),
    ],
)
def test_a_card_that_is_wrong_is_one_failure_and_the_rest_goes_on(
    tmp_path: Path, card: str, message: str, hint: str
) -> None:
    found = gathered(site(tmp_path, {"content/lone.toml": card, "content/x.txt": DUMP, "content/y.txt": DUMP}))
    (failure,) = found.failures
    assert failure.path == "content/lone.toml"
    assert message in failure.message
    assert hint in (failure.hint or "")
    assert "content/y.txt" in [e.dump.name for e in found.entries]


def test_a_dump_whose_own_card_is_wrong_is_not_published_as_if_it_had_none(tmp_path: Path) -> None:
    found = gathered(site(tmp_path, {"content/x.txt": DUMP, "content/x.toml": "publish_dmp = false\n"}))
    assert found.entries == ()
    assert len(found.failures) == 1


def test_two_cards_for_one_dump_are_a_failure_that_names_it(tmp_path: Path) -> None:
    found = gathered(
        site(tmp_path, {"content/x.txt": DUMP, "content/x.toml": 'title = "A"\n', "content/y.toml": 'dump = "x.txt"\n'})
    )
    assert len(found.entries) == 1
    assert "content/x.txt has a card already" in found.failures[0].message


def test_a_content_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    found = gathered(site(tmp_path, {}, 'title = "T"\ncontent = ["content", "cnotent"]\n'))
    assert "'cnotent' does not exist" in found.failures[0].message


def test_a_link_that_goes_round_is_walked_once(tmp_path: Path) -> None:
    folder = site(tmp_path, {"content/x.txt": DUMP})
    (folder / "content/again").symlink_to(folder / "content")
    assert [e.dump.name for e in gathered(folder).entries] == ["content/x.txt"]


def test_markdown_is_a_page_and_hidden_files_are_nothing(tmp_path: Path) -> None:
    found = gathered(
        site(
            tmp_path,
            {"content/about.md": "# About us\n\nHello.\n", "content/.hidden.txt": DUMP, "content/.git/x.txt": DUMP},
        )
    )
    assert [(p.slug, p.title) for p in found.pages] == [("about", "About us")]
    assert found.entries == ()


def test_errors_are_of_one_tree() -> None:
    assert issubclass(UsageError, RostraError)


def test_a_folder_of_several_formats_is_no_dump_by_itself(tmp_path: Path) -> None:
    note = '{"@context": "https://www.w3.org/ns/activitystreams", "id": "https://mill.example/n/1", "type": "Note"}'
    post = '{"id": 1, "parent": null, "body": "Who opened the gate?"}'
    files = {"content/kept/1/a.json": note, "content/kept/1/b.json": note, "content/kept/2/a.jsonl": post}
    dumps = [entry.dump.name for entry in gathered(site(tmp_path, files)).entries]
    assert dumps == ["content/kept/1", "content/kept/2/a.jsonl"]
