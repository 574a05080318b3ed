"""Redaction hides what a person said and was called, wherever it stands, and nothing that somebody else said."""

from __future__ import annotations

import html
import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from rostra.build.pipeline import BuildReport, build
from rostra.cli import command
from rostra.config.redaction_rules import RedactionRule, append_rule, read_rules, remove_rule, rule_lines
from rostra.config.site import load_site
from rostra.errors import UsageError
from support.published_files import as_text

ADA = "The upper gate of the old mill was never meant to be opened in the dark."
BEDE = "My sister keeps seven golden coins beneath the oldest willow by the weir."


def site(root: Path, settings: str = "", **dumps: list[dict[str, Any]] | str) -> Path:
    (root / "content").mkdir(parents=True, exist_ok=True)
    (root / "rostra.toml").write_text(f'title = "Mill"\n{settings}')
    for name, dump in dumps.items():
        text = dump if isinstance(dump, str) else "".join(json.dumps(post) + "\n" for post in dump)
        (root / "content" / name.replace("__", ".")).write_text(text)
    return root


def post(id: int, author: str | None, body: str, parent: int | None = None, **more: Any) -> dict[str, Any]:
    day = more.pop("day", id)
    created = f"2024-03-{day:02}T09:00:00Z" if day else None
    return {"id": id, "parent": parent, "author": author, "body": body, "created": created, **more}


def built(root: Path, *rules: RedactionRule) -> BuildReport:
    for rule in rules:
        append_rule(root, rule)
    report = build(load_site(root))
    assert not report.failures
    return report


def published(root: Path) -> str:
    paths = [path for path in sorted((root / "public").rglob("*")) if path.is_file()]
    return "\n".join(f"{path.relative_to(root)}\n{as_text(path)}" for path in paths)


def thread(root: Path, debate: str = "gate") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((root / f"public/debates/{debate}/thread.json").read_bytes())
    return found


def texts(root: Path, debate: str = "gate") -> list[str]:
    return [each["text"] for each in thread(root, debate)["posts"]]


@pytest.mark.parametrize("times", [True, False])
def test_what_a_hidden_person_quotes_of_somebody_else_stays_theirs(tmp_path: Path, times: bool) -> None:
    posts = [
        post(1, "Ada", ADA, title="Gate"),
        post(2, "Bede", f"> {ADA}\n\n{BEDE}", 1),
        post(3, "Cy", f"> {ADA}\n\nSo said Ada.\n\n> {BEDE}\n\nSo said another.", 2),
        post(4, "Dot", f"{ADA}\n\nAnd: {BEDE}", 1),
    ]
    posts = posts if times else [{**each, "created": None} for each in posts]
    built(site(tmp_path, gate__jsonl=posts), RedactionRule(person="Bede"))
    ada, bede, cy, dot = texts(tmp_path)
    assert ada == ADA
    assert bede == ""
    assert ADA in cy
    assert ADA in dot
    assert "golden coins" not in published(tmp_path)
    # Nothing is left of how his words were quoted either.
    assert next(each["source"] and each["source"]["post"] for each in thread(tmp_path)["posts"][2]["quotes"]) == "p-1"


def test_so_it_does_in_another_debate_and_what_nobody_else_said_goes(tmp_path: Path) -> None:
    book = "A book that nobody here has read says that all keys were counted twice a year."
    other = [
        post(1, "Ada", f"Mine.\n\n{ADA}", day=1, title="Elsewhere"),
        post(2, "Cy", f"> {book}\n\nA book.", 1, day=9),
    ]
    gate = [
        post(1, "Dot", "Who knows?", day=2, title="Gate"),
        post(2, "Bede", f"> {ADA}\n\n> {book}\n\n{BEDE}", 1, day=3),
    ]
    later = [post(1, "Eve", f"Later.\n\n{book}", day=20, title="Later")]
    built(site(tmp_path, a__jsonl=other, gate__jsonl=gate, z__jsonl=later), RedactionRule(person="Bede"))
    assert ADA in texts(tmp_path, "a")[0]
    # Who says it later may have it from him, and quotations are nobody's own words.
    assert "keys were counted" not in published(tmp_path)
    (tmp_path / "content/z.jsonl").write_text(json.dumps({**later[0], "created": "2024-03-01T09:00:00Z"}))
    built(tmp_path)
    assert "keys were counted" in texts(tmp_path, "z")[0]
    assert "keys were counted" in texts(tmp_path, "a")[1]


def test_earlier_wordings_and_notes_of_a_hidden_post_are_hidden_and_what_they_quote_stays(tmp_path: Path) -> None:
    earlier = "Before that I wrote about three silver spoons in my grandmother's kitchen drawer."
    note = "The spoons were sold in autumn to a passing tinker for nearly nothing."
    old = [post(1, "Ada", ADA, title="Gate"), post(2, "Bede", f"> {ADA}\n\n{earlier}", 1)]
    new = [
        old[0],
        post(2, "Bede", f"> {ADA}\n\n{BEDE}[^1]\n\n[^1]: {note}", 1),
        post(3, "Cy", f"He said: {earlier}\n\nAnd {note}", 2),
    ]
    site(
        tmp_path,
        gate__jsonl=old,
        gate_later__jsonl=new,
        gate__toml='id = "gate"\ncaptured = "2024-01-01"',
        gate_later__toml='id = "gate"\ncaptured = "2024-04-01"',
    )
    built(tmp_path, RedactionRule(post="p-2", thread="gate"))
    everything = published(tmp_path)
    assert ADA in texts(tmp_path)[0]
    for words in ("silver spoons", "golden coins", "passing tinker"):
        assert words not in everything, words


@pytest.mark.parametrize(
    "said", ["> Not me.\n\nWho then?", "He said “Not me”.", "Bede wrote:\n\n> Whatever words of his.\n\nHm."]
)
def test_a_quotation_of_a_hidden_person_goes_however_short_it_is(tmp_path: Path, said: str) -> None:
    posts = [post(1, "Ada", "Who opened it?", title="Gate"), post(2, "Bede", "Not me.", 1), post(3, "Cy", said, 2)]
    built(site(tmp_path, gate__jsonl=posts), RedactionRule(person="Bede"))
    cy = texts(tmp_path)[2]
    assert "Not me" not in cy
    assert "Whatever" not in cy
    assert ("Who then?" in cy) or ("He said" in cy) or ("Hm." in cy)


def test_a_quotation_that_only_a_line_says_is_his_stays_where_it_is_another_s(tmp_path: Path) -> None:
    posts = [
        post(1, "Ada", ADA, title="Gate"),
        post(2, "Bede", "No.", 1),
        post(3, "Cy", f"Bede wrote:\n\n> {ADA}\n\nDid he?\n\nAnd:\n\n> Whoever wrote it first.", 1),
    ]
    built(site(tmp_path, gate__jsonl=posts), RedactionRule(person="Bede"))
    cy = texts(tmp_path)[2]
    assert ADA in cy
    assert "Whoever wrote it first." in cy
    assert "Bede" not in cy


@pytest.mark.parametrize("author", ["bede", "BEDE", "Be\u00adde", "Béde"])
def test_a_person_is_hidden_however_a_dump_writes_the_name(tmp_path: Path, author: str) -> None:
    built(site(tmp_path, gate__jsonl=[post(1, "Ada", ADA), post(2, author, BEDE, 1)]), RedactionRule(person="Bede"))
    assert "golden" not in published(tmp_path)


def test_others_whose_names_hold_it_stay_with_their_posts_and_pages(tmp_path: Path) -> None:
    posts = [
        post(1, "Anna", BEDE, title="Gate"),
        post(2, "Anna Smith", f"I am another, Anna. {ADA}", 1),
        post(3, "anna99", "So am I, says Anna99, not Anna or anna98.", 2),
        post(4, "Cy", "Anna Smith is right. " + "Words upon words. " * 15 + "And who else but Anna Smith?", 3),
    ]
    built(site(tmp_path, "extras = true\n", gate__jsonl=posts), RedactionRule(person="Anna"))
    everything = published(tmp_path)
    assert (tmp_path / "public/people/anna-smith.html").is_file()
    assert (tmp_path / "public/people/anna99.html").is_file()
    assert ">Anna<" not in everything
    assert '"Anna"' not in everything
    assert "golden" not in everything
    assert "Anna Smith is right." in texts(tmp_path)[3]
    assert texts(tmp_path)[2] == "So am I, says Anna99, not █████ or █████98."


def test_what_the_guard_refuses_says_where_it_stands_and_which_rule_hides_it(tmp_path: Path) -> None:
    site(tmp_path, gate__jsonl=[post(1, "Ada", ADA)])
    (tmp_path / "content/about.md").write_text(
        "# About\n\nWith thanks to Z%C3%A9nobie+March\u00adbanks, who found it.\n"
    )
    (tmp_path / "redactions.toml").write_text(
        '# Ours.\n\n[[redact]]\naddress = "nowhere"\n\n[[redact]]\nperson = "Zénobie Marchbanks"\n'
    )
    with pytest.raises(UsageError) as raised:
        build(load_site(tmp_path))
    told = str(raised.value)
    assert told.startswith("redactions.toml:6: about.html would contain ")
    assert "rule 2 hides" in told
    assert "With thanks to" in told
    assert "hint:" in told
    assert not (tmp_path / "public/about.html").exists()


def test_a_site_whose_own_words_are_a_name_is_refused_by_its_path_too(tmp_path: Path) -> None:
    site(tmp_path, gate__jsonl=[post(1, "Ada", ADA)])
    (tmp_path / "content/zenobie-marchbanks.md").write_text("# About\n\nNothing.\n")
    append_rule(tmp_path, RedactionRule(person="Zénobie Marchbanks"))
    with pytest.raises(UsageError, match="would contain 'zenobie-marchbanks'"):
        build(load_site(tmp_path))


COPIED = "Who has the key to the gate?\n\n    • ada\n    2 years ago\n\n    I have no idea.\n\n        • bede\n        1 year ago\n\n        {}\n\n            • cy\n            1 year ago\n\n            I see.\n"


def test_no_id_is_a_digest_of_hidden_words(tmp_path: Path) -> None:
    built(site(tmp_path, gate__txt=COPIED.format("Ask Zénobie Marchbanks of Mill Lane.")))
    before = [each["id"] for each in thread(tmp_path)["posts"]]
    built(tmp_path, RedactionRule(person="Zénobie Marchbanks"))
    after = [each["id"] for each in thread(tmp_path)["posts"]]
    # What was said, and whom it answers: both are in an id.
    changed = [was != now for was, now in zip(before, after, strict=True)]
    assert changed == ["Ask" in text or text == "I see." for text in texts(tmp_path)]
    everything = published(tmp_path)
    assert not [id for id, moved in zip(before, changed, strict=True) if moved and id in everything]
    # The published id names the post in a rule, and stays what it is.
    (asked,) = [each["id"] for each in thread(tmp_path)["posts"] if each["text"].startswith("Ask")]
    built(tmp_path, RedactionRule(post=asked, thread="gate"))
    assert [each["id"] for each in thread(tmp_path)["posts"]] == after
    assert {each["id"]: each["kind"] for each in thread(tmp_path)["posts"]}[asked] == "redacted"
    # Whoever has another key has other ids.
    (tmp_path / "redactions.key").write_text("00" * 32)
    built(tmp_path)
    assert asked not in published(tmp_path)


@pytest.mark.parametrize("person", [True, False])
@pytest.mark.parametrize("there", ["weir", "gate", None])
def test_where_a_hidden_post_stood_no_id_tells_its_words(tmp_path: Path, there: str | None, person: bool) -> None:
    said = {"Ada": ADA, "Bede": BEDE, "Cy": "He has no right to say so in here.", "Dot": "Nobody asked the miller."}

    def page(opening: str, *names: str) -> str:
        return opening + "".join(f"\n\n    \u2022 {name}\n    2 years ago\n\n    {said[name]}" for name in names) + "\n"

    site(tmp_path, gate__txt=page("Who opened it?", "Ada", "Bede", "Cy"), weir__txt=page("Who shut the weir?", "Dot"))
    built(tmp_path)
    natural = {each["text"]: each["id"] for each in thread(tmp_path)["posts"]}
    append_rule(tmp_path, RedactionRule(person="Bede") if person else RedactionRule(post=natural[BEDE], thread="gate"))
    built(tmp_path)
    assert natural[BEDE] not in published(tmp_path)
    if there == "gate":
        (tmp_path / "content/gate.txt").unlink()
    gate = page("Who opened it?", "Ada", "Cy")
    weir = page("Who shut the weir?", "Dot", *(["Bede"] if there == "weir" else []))
    dumps = {"weir__txt": weir} | ({} if there == "gate" else {"gate__txt": gate})
    for _ in range(2):
        built(site(tmp_path, **dumps))
        assert natural[BEDE] not in published(tmp_path)
        assert "golden" not in published(tmp_path)
        kept = thread(tmp_path)["kept"]
        assert kept
        here = {each["id"] for each in thread(tmp_path, "weir")["posts"]}
        assert {each["to"] for each in kept if each["thread"] == "weir"} <= here
        if there == "gate":
            # What is not hidden is told by its own id.
            assert {natural[ADA], natural["Who opened it?"]} <= {each["post"] for each in kept}


def test_no_digest_is_told_of_a_dump_that_is_not_published(tmp_path: Path) -> None:
    site(tmp_path, gate__jsonl=[post(1, "Ada", ADA), post(2, "Bede", "No.", 1)], other__jsonl=[post(1, "Cy", "Hm.")])
    built(tmp_path)
    digest = sha256((tmp_path / "content/gate.jsonl").read_bytes()).hexdigest()
    assert digest in published(tmp_path)
    record = tmp_path / "public/debates/gate" / thread(tmp_path)["source"]["record"]
    assert json.loads(record.read_bytes())["sha256"] == digest
    built(tmp_path, RedactionRule(person="Bede"))
    assert digest not in published(tmp_path)
    assert thread(tmp_path)["source"]["record"] is None
    assert not record.exists()
    assert thread(tmp_path, "other")["source"]["record"]
    # Also where another dump changes, and this one is not read again.
    (tmp_path / "content/other.jsonl").write_text(json.dumps(post(1, "Cy", "Hm, hm.")))
    built(tmp_path)
    assert digest not in published(tmp_path)


def test_a_debate_that_is_called_by_a_name_has_another_address(tmp_path: Path) -> None:
    name = "zenobie-marchbanks"
    site(tmp_path, **{f"{name}__jsonl": [post(1, "Ada", ADA), post(2, "Bede", BEDE, 1)]})
    built(tmp_path, RedactionRule(person="Zénobie Marchbanks"))
    (folder,) = [each.name for each in (tmp_path / "public/debates").iterdir() if each.is_dir()]
    assert name not in published(tmp_path)
    # By either address a post is named.
    built(tmp_path, RedactionRule(post="p-2", thread=folder))
    assert "golden" not in published(tmp_path)
    remove_rule(load_site(tmp_path), 2)
    built(tmp_path, RedactionRule(post="p-2", thread=name))
    assert "golden" not in published(tmp_path)
    remove_rule(load_site(tmp_path), 2)
    built(tmp_path, RedactionRule(post="p-2", thread="another"))
    assert "golden" in published(tmp_path)


def test_a_title_of_hidden_words_is_made_of_what_is_left(tmp_path: Path) -> None:
    def box(*said: str) -> str:
        return "".join(f"From a Fri Mar  1 09:00:0{n} 2024\nFrom: A{n} <a{n}@x.example>\nDate: Fri, 1 Mar 2024 09:00:0{n} +0000\nMessage-ID: <{n}@x.example>\n\n{each}\n\n" for n, each in enumerate(said))  # fmt: skip

    long = "Zénobie Marchbanks told me yesterday that nothing of the kind was ever written by"
    site(
        tmp_path, mill__mbox=box("Ask Zénobie Marchbanks.", f"{long} Zénobie Marchbanks of the mill.", "Nothing else.")
    )
    built(tmp_path, RedactionRule(person="Zénobie Marchbanks"))
    titles = sorted(
        json.loads(path.read_bytes())["title"] for path in (tmp_path / "public/debates").glob("*/thread.json")
    )
    assert titles == [
        "Ask █████.",
        "Nothing else.",
        "█████ told me yesterday that nothing of the kind was ever written by █████ of…",
    ]


SAID = "The gate is shut. She lives in Mill Lane, they say. It opens at dawn, in Mill  Lane."


def test_a_passage_goes_wherever_it_stands_in_its_post_and_is_quoted(tmp_path: Path) -> None:
    posts = [
        post(1, "Ada", f"{SAID}[^1]\n\n[^1]: In MILL LANE.", title="Mill lane", note="Of Mill Lane."),
        post(2, "Cy", "> The gate is shut. She lives in Mill Lane, they say.\n\nMill Lane is long.", 1),
        post(3, "Dot", "> She lives in Mil Lane, they say.\n\nSo.", 1),
    ]
    built(site(tmp_path, gate__jsonl=posts), RedactionRule(post="p-1", thread="gate", passage="Mill Lane"))
    ada, cy, dot = texts(tmp_path)
    hidden = "█████"
    assert ada == f"The gate is shut. She lives in {hidden}, they say. It opens at dawn, in {hidden}."
    assert cy == f"The gate is shut. She lives in {hidden}, they say.\n\nMill Lane is long."
    assert "Mil Lane" not in dot
    assert "So." in dot
    first = thread(tmp_path)["posts"][0]
    assert (first["title"], first["note"]) == (hidden, f"Of {hidden}.")
    assert first["footnotes"][0]["text"] == hidden


def test_a_passage_of_an_earlier_wording_goes(tmp_path: Path) -> None:
    old, new = (
        [post(1, "Ada", SAID, title="Gate")],
        [post(1, "Ada", "The gate is shut, and nobody lives anywhere near the mill.", title="Gate")],
    )
    site(
        tmp_path,
        gate__jsonl=old,
        gate_later__jsonl=new,
        gate__toml='id = "gate"\ncaptured = "2024-01-01"',
        gate_later__toml='id = "gate"\ncaptured = "2024-04-01"',
    )
    report = built(tmp_path, RedactionRule(post="p-1", thread="gate", passage="mill lane"))
    assert not [each for _, each in report.problems if each.code == "unused-rule"]
    assert not re.search(r"mill\s+lane", published(tmp_path), re.IGNORECASE)
    assert "opens at dawn" in published(tmp_path)


def test_a_rule_that_hides_nothing_is_a_problem_at_its_line(tmp_path: Path) -> None:
    site(tmp_path, gate__jsonl=[post(1, "Ada", ADA)])
    rules = (
        RedactionRule(post="p-9", thread="gate"),
        RedactionRule(post="p-1", thread="gate", passage="no such words"),
        RedactionRule(person="Nobody"),
        RedactionRule(post="p-1", thread="gate", passage="upper gate"),
    )
    found = [(where, each.line, each.code) for where, each in built(tmp_path, *rules).problems]
    assert found == [("redactions.toml", 1, "unused-rule"), ("redactions.toml", 5, "unused-rule")]


RULES = """\
# Kept for the court.

# Asked by letter.
[[redact]]  # the first
person = "Bede"
reason = "asked"

# By telephone.
[[redact]]
address = '''
[[redact]]
12 Mill Lane'''
also = [
  "Mill Ln",
]
# The end.
"""


def test_a_rule_is_taken_back_and_all_else_of_the_file_stays(tmp_path: Path) -> None:
    site(tmp_path, gate__jsonl=[post(1, "Ada", ADA)])
    path = tmp_path / "redactions.toml"
    path.write_text(RULES.replace("[[redact]]\n12", "12"))
    rules = read_rules(load_site(tmp_path))
    assert rule_lines(load_site(tmp_path), 2) == (4, 9)
    assert remove_rule(load_site(tmp_path), 2) == rules[1]
    assert path.read_text() == RULES.partition("[[redact]]\naddress")[0] + "\n# The end.\n"
    assert remove_rule(load_site(tmp_path), 1) == rules[0]
    assert path.read_text() == "# Kept for the court.\n\n# Asked by letter.\n\n# By telephone.\n\n# The end.\n"
    assert read_rules(load_site(tmp_path)) == ()
    for number in (0, 1, -1):
        with pytest.raises(UsageError, match=f"no rule {number}"):
            remove_rule(load_site(tmp_path), number)


@pytest.mark.parametrize("text", [RULES, 'redact = [{ person = "Bede" }, { person = "Cy" }]\n'])
def test_a_rule_that_cannot_be_told_from_others_is_left(tmp_path: Path, text: str) -> None:
    site(tmp_path, gate__jsonl=[post(1, "Ada", ADA)])
    (tmp_path / "redactions.toml").write_text(text)
    assert rule_lines(load_site(tmp_path), 2) == (None, None)
    with pytest.raises(UsageError, match="cannot be identified") as raised:
        remove_rule(load_site(tmp_path), 1)
    assert raised.value.hint == "delete it by hand"
    assert (tmp_path / "redactions.toml").read_text() == text


def test_the_command_notes_lists_and_takes_back(tmp_path: Path) -> None:
    posts = [
        post(1, "Anna", BEDE, title="Gate"),
        post(2, "Anna Smith", f"> {BEDE}\n\nSo says Anna.", 1),
        post(3, "Cy", ADA, 2),
    ]
    site(tmp_path, gate__jsonl=posts)
    built(tmp_path)
    first = published(tmp_path)

    def run(*words: str, code: int = 0) -> str:
        result = CliRunner().invoke(command, ["redact", "--site", str(tmp_path), *words])
        assert (result.exit_code or bool(result.exception)) == code or isinstance(result.exception, UsageError)
        return result.output + str(result.exception or "")

    assert "nothing is redacted" in run("--list")
    run("--person", "Anna", "--reason", "asked")
    assert "does not contain these words" in run("--post", "gate#p-3", "--passage", "upper gates", code=1)
    assert len(read_rules(load_site(tmp_path))) == 1
    run("--post", "gate#p-3", "--passage", "upper gate of the old mill")
    run("--address", "no such thing")
    listed = run("--list")
    assert "1  the person Anna: hides 1 post, changes 1 other, in 1 debate" in listed
    assert "names of others that stay: Anna Smith" in listed
    assert (
        "2  “upper gate of the old mill” in gate#p-3: hides a passage of 1 post, changes 0 others, in 1 debate"
        in listed
    )
    assert "3  the address no such thing: hides 0 posts, changes 0 others, in 0 debates" in listed
    for words in (("--list", "--undo", "1"), ("--undo", "1", "--person", "x"), ("--list", "--post", "x")):
        assert "take no other options" in run(*words, code=1)
    built(tmp_path)
    assert "golden" not in published(tmp_path)
    assert "removed: the person Anna" in run("--undo", "1")
    run("--undo", "2")
    run("--undo", "1")
    assert not (tmp_path / "redactions.toml").exists()
    built(tmp_path)
    assert published(tmp_path) == first


def test_nothing_hidden_is_in_the_pages_whatever_holds_it(tmp_path: Path) -> None:
    """Every way to write a name, in every place of a post, is found, and the build goes on."""
    ways = ["Zénobie Marchbanks", "zénobie marchbanks", "Ze\u0301no\u00adbie\u00a0Marchbanks", "Marchbanks, Zénobie", "zenobie_marchbanks", "Z%C3%A9nobie+Marchbanks", "WsOpbm9iaWUgTWFyY2hiYW5rcw==", "Z&eacute;nobie Marchbanks", "Z. Marchbanks", "Zénobie\nMarchbanks's"]  # fmt: skip
    posts = [post(1, "Ada", "Hm.", title="Gate")]
    for n, way in enumerate(ways, 2):
        posts.append(post(n, "Cy", f"I ask {way} and [here](https://x.example/{'%20'.join(way.split())}).[^{n}]\n\n[^{n}]: Of {way}.", 1, title=f"Re: {way}", note=f"By {way}.",
                          attachments=[{"name": f"{way}.png", "url": f"https://x.example/{'%20'.join(way.split())}.png"}], tags=[way], url=f"https://x.example/{n}/{'%20'.join(way.split())}"))  # fmt: skip
    built(site(tmp_path, gate__jsonl=posts), RedactionRule(person="Zénobie Marchbanks"))
    everything = html.unescape(published(tmp_path))
    left = re.search(r"marchbanks|nobie|WsOpbm9", everything, re.IGNORECASE)
    assert not left, everything[left.start() - 200 : left.end() + 50]
    assert len([text for text in texts(tmp_path) if text.startswith("I ask █████")]) == len(ways)
