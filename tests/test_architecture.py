"""Data flows one way: a part imports only from the parts that stand above it here."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "generator" / "rostra"

ORDER = [
    "__init__",
    "errors",
    "attempts",
    "late",
    "web_address",
    "progress",
    "dates",
    "catalogue_syntax",
    "words",
    "languages",
    "model",
    "moments",
    "permalinks",
    "file_names",
    "strays",
    "toml_tables",
    "setting_values",
    "site",
    "elsewhere",
    "headers",
    "hosts",
    "cards",
    "card_doubts",
    "disk",
    "alone",
    "build_record",
    "manifest",
    "obstacles",
    "journal",
    "secret_keys",
    "mirror",
    "processes",
    "workers",
    "markup",
    "readers",
    "source_links",
    "tails",
    "assemble",
    "ledger",
    "ledger_file",
    "post_matching",
    "published",
    "locked_ledger",
    "moves",
    "counterparts",
    "redumps",
    "readings",
    "formers",
    "corrections",
    "restorations",
    "rules",
    "quotations",
    "folding",
    "name_forms",
    "name_parts",
    "names",
    "guard",
    "masking",
    "email_addresses",
    "echoes",
    "own_words",
    "hidden_posts",
    "hidden_passages",
    "redaction",
    "pseudonyms",
    "edition",
    "speakers",
    "people",
    "sigla",
    "addresses",
    "parts",
    "made",
    "searched",
    "stored",
    "store_file",
    "last_good",
    "store",
    "around",
    "seeking",
    "concordance",
    "paging",
    "apparatus",
    "thread_document",
    "archive",
    "threads",
    "inspection",
    "search",
    "compiled",
    "layouts",
    "report",
    "claims",
    "output",
    "digesting",
    "renaming",
    "pages",
    "overrides",
    "seen",
    "content_files",
    "sources",
    "keeping",
    "unused_settings",
    "withdrawals",
    "hiding",
    "redaction_survey",
    "changes",
    "making",
    "workbench",
    "cluster",
    "editorial",
    "placing",
    "intake",
    "dump_copies",
    "build",
    "rebuild",
    "check",
    "publish",
    "serve",
    "preview",
    "new",
    "cli",
    "__main__",
]
LONGEST = 300
"""Lines past which a module is two."""


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(path: Path) -> set[str]:
    """The parts of Rostra that a module imports, wherever in it the import stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            if node.module == "rostra":
                found |= {
                    name.name
                    if (PACKAGE / name.name).is_dir() or (PACKAGE / f"{name.name}.py").exists()
                    else "__init__"
                    for name in node.names
                }
            elif node.module and node.module.startswith("rostra."):
                found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {name.name.split(".")[1] for name in node.names if name.name.startswith("rostra.")}
    return found


def test_every_part_has_a_place_in_the_order() -> None:
    assert {part(path) for path in modules()} == set(ORDER)


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_part_imports_only_from_parts_above_it(path: Path) -> None:
    place = ORDER.index(part(path))
    below = {name for name in imported(path) if ORDER.index(name) > place}
    assert not below


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_is_small_enough_to_hold_in_the_mind(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_only_the_command_line_prints() -> None:
    printing = [
        path for path in modules() if re.search(r"(?m)^\s*(print|click\.echo)\(", path.read_text(encoding="utf-8"))
    ]
    assert {part(path) for path in printing} <= {"cli"}


def test_nothing_is_called_utils() -> None:
    assert not [path for path in modules() if re.search(r"util|helper|common|misc", path.stem)]


def test_the_reading_order_in_the_architecture_names_every_part() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert not [name for name in ORDER if not name.startswith("__") and f"`{name}" not in text]
