"""What a publisher redacts: a post, a passage, a person or an address.

The rules stand in ``redactions.toml`` beside the settings::

    [[redact]]
    person = "Zeus"                  # every post of theirs, their name wherever it stands, their words wherever quoted
    also = ["zeus_the_thunderer"]    # other names of the same person

    [[redact]]
    post = "p-13"                    # a post, and its words wherever they are quoted
    thread = "well"
    passage = "my daughter's school" # only these words of it

    [[redact]]
    address = "12 Mill Lane"         # any text: an e-mail address, a telephone number, a street
"""

from __future__ import annotations

import json
import re
from hashlib import sha256
from pathlib import Path
from typing import Literal, NamedTuple

from msgspec import Struct

from rostra.config.site import Site
from rostra.config.toml_tables import TomlFile, decode_toml, read_table
from rostra.errors import UsageError
from rostra.system.lazy_regex import late

RULES = "redactions.toml"
HEADER = late(r"\s*\[\[\s*redact\s*\]\]\s*(?:#.*)?")
REMARK = late(r"\s*(?:#.*)?")


class RedactionRule(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that is redacted; ``reason`` is published in its place."""

    person: str | None = None
    also: tuple[str, ...] = ()
    address: str | None = None
    post: str | None = None
    thread: str | None = None
    passage: str | None = None
    reason: str | None = None

    @property
    def stamp(self) -> str:
        """What tells it from other rules, whatever else the person is called."""
        said = (self.person, self.address, self.post, self.thread, self.passage)
        return sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()

    def __str__(self) -> str:
        said = ", ".join(filter(None, (self.person, self.address, *self.also)))
        where = f"{self.thread}#{self.post}" if self.thread else self.post
        if self.post:
            return f"“{self.passage}” in {where}" if self.passage else f"the post {where}"
        return f"the person {said}" if self.person else f"the address {said}"


class Learnt(NamedTuple):
    """A text of a dump that is hidden, by the rule of this stamp: a post's words, its title, or a quotation in it whose source is not known.

    ``moment`` is when that post was written; empty where that is not known.  A name that has a pseudonym has no rule.
    """

    rule: str
    kind: Literal["text", "title", "open", "name"]
    text: str
    moment: str


class Rules(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file of them."""

    redact: tuple[RedactionRule, ...] = ()


def read_rules(site: Site) -> tuple[RedactionRule, ...]:
    """The rules of a site; raises UsageError where the file is wrong, so that nothing is published by mistake."""
    path = site.root / RULES
    if not path.is_file():
        return ()
    rules = read_table(path, Rules, RULES).redact
    for rule in rules:
        validate_rule(rule)
    return rules


def rule_lines(site: Site, many: int) -> tuple[int | None, ...]:
    """The line at which each of so many rules begins; None for all where that is not plain."""
    lines = decode_toml((site.root / RULES).read_bytes(), RULES).split("\n")
    found = [number for number, line in enumerate(lines, 1) if HEADER.fullmatch(line)]
    return tuple(found) if len(found) == many else (None,) * many


def validate_rule(rule: RedactionRule) -> None:
    """Raises UsageError where a rule does not name exactly one thing."""
    said = [rule.person, rule.address, rule.post]
    if sum(each is not None for each in said) != 1 or not any(each and each.strip() for each in said):
        raise UsageError("a rule names no person, address or post, or several", path=RULES, hint="one rule for each")
    if rule.passage is not None and rule.post is None:
        raise UsageError("a passage needs its `post`", path=RULES, hint="add `post` and `thread`")
    if (rule.passage is not None and not rule.passage.strip()) or not all(each.strip() for each in rule.also):
        raise UsageError("a passage or another name is empty", path=RULES, hint="give it, or leave it out")


def post_at(site: Site, where: str) -> tuple[str, str]:
    """The debate and post at an address; raises UsageError where the built site has no such post."""
    found = re.search(r"(?:^|debates/)([a-z0-9-]+)(?:/index\.html|/)?#(p-[a-z0-9-]+)$", where)
    if not found:
        raise UsageError(f"{where!r} is no post", hint="write DEBATE#p-…, or the post's address")
    page = site.output / "debates" / found[1] / "index.html"
    if not page.is_file() or f' id="{found[2]}"' not in page.read_text(encoding="utf-8"):
        raise UsageError(
            f"there is no post {found[2]} in {found[1]!r}", hint="build the site first, and give the post as DEBATE#p-…"
        )
    return found[1], found[2]


def append_rule(root: Path, rule: RedactionRule) -> Path:
    """Write a rule behind those that there are; raises UsageError where it says nothing, or too much."""
    validate_rule(rule)
    path = root / RULES
    # A string of JSON is one of TOML too, if control characters are escaped, as they are.
    said = [
        f"{name} = {json.dumps(value, ensure_ascii=False)}"
        for name in ("person", "also", "address", "post", "thread", "passage", "reason")
        if (value := getattr(rule, name))
    ]
    if path.is_file():
        # What is wrong already is told, and nothing written behind it.
        read_table(path, Rules, RULES)
    before = path.read_text(encoding="utf-8").rstrip("\n") + "\n\n" if path.is_file() else ""
    path.write_text(before + "[[redact]]\n" + "\n".join(said) + "\n", encoding="utf-8")
    return path


def remove_rule(site: Site, number: int) -> RedactionRule:
    """Take a rule out of the file, all else of which stays, and give it; raises UsageError where there is none of that number.

    The file goes with its last rule, unless it says anything else.
    """
    rules = read_rules(site)
    if not 1 <= number <= len(rules):
        raise UsageError(f"there is no rule {number}", path=RULES, hint="`rostra redact --list` numbers them")
    path, line = site.root / RULES, rule_lines(site, len(rules))[number - 1]
    text = _without(decode_toml(path.read_bytes(), RULES).split("\n"), line - 1) if line else None
    try:
        left = TomlFile(RULES, text or "").table(Rules).redact
    except UsageError:
        left = rules
    if text is None or left != rules[: number - 1] + rules[number:]:
        raise UsageError("this rule cannot be told from the others", path=RULES, line=line, hint="delete it by hand")
    if text:
        path.write_text(text, encoding="utf-8")
    else:
        path.unlink()
    return rules[number - 1]


def _without(lines: list[str], start: int) -> str:
    """A file without the rule that begins at a line."""
    end = start
    for n in range(start + 1, len(lines)):
        if lines[n].lstrip().startswith("["):
            break
        # Remarks before the next rule are that one's.
        end = end if REMARK.fullmatch(lines[n]) else n
    before, after = ("\n".join(part).strip("\n") for part in (lines[:start], lines[end + 1 :]))
    return "\n".join(f"{part}\n" for part in (before, after) if part)
