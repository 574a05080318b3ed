"""Change a module in small ways, and see whether a test fails each time.

    python tests/mutants.py                           every module of `[tool.mutants]` in pyproject.toml
    python tests/mutants.py identity/permalinks       one of them
    python tests/mutants.py MODULE TESTS…             any module of Rostra, as `quotations/align`, with other tests
    python tests/mutants.py --line 57 identity/permalinks   the mutants of one line

Nothing is written.  The tests are collected once; each mutant is a fork of that process in which a function has other code,
and which runs the tests that reach the line, the fastest first, until one fails.  Where what runs at import is changed, or
what was called when the tests were collected, a process imports everything; with `--anew` it does so for each mutant.
One that no test notices has to be killed by a test, or the code that makes no difference removed, or its reason written in
``mutants.toml``; otherwise this fails.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import re
import signal
import sys
import tomllib
from collections import Counter
from pathlib import Path

from support.mutant_trials import Module
from support.program_mutations import mutants

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "generator/rostra"
EXPLAINED = Path(__file__).parent / "mutants.toml"


def explained() -> dict[str, list[dict[str, str]]]:
    """The mutants that may survive, each with its reason, by module."""
    return tomllib.loads(EXPLAINED.read_text(encoding="utf-8")) if EXPLAINED.is_file() else {}


def examine(module: Module, line: int | None, *, anew: bool = False) -> int:
    """Try every mutant of a module, and print those that survive; how many these are."""
    made = [each for each in mutants(module.source, str(module.path)) if line in (None, each.line)]
    fits = Counter(each.known for each in made)
    reasons = [(each["where"], each["was"], each["now"]) for each in explained().get(module.name, [])]
    wanted = [each for each in made if each.known not in reasons or fits[each.known] > 1]
    alive = 0
    for mutant, killed in zip(wanted, module.tried(wanted, anew=anew), strict=True):
        if not killed:
            alive += 1
            place = f"{module.path.relative_to(ROOT)}:{mutant.line}: {mutant.where}"
            print(f"{place}\n  - {mutant.was}\n  + {mutant.now}", flush=True)
    print(
        f"{module.name}: {len(made)} made, {len(wanted) - alive} killed, {len(made) - len(wanted)} explained, {alive} survive",
        flush=True,
    )
    for key in reasons if line is None else ():
        if fits[key] != 1:
            print(f"{module.name}: this explains {fits[key]} mutants, where it must be one: {key}")
    return alive


def main() -> int:
    """Examine the modules that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module", nargs="?")
    parser.add_argument("tests", nargs="*")
    parser.add_argument("--line", type=int)
    parser.add_argument("--anew", action="store_true")
    asked = parser.parse_args()
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    sys.path[:0] = [str(PACKAGE.parent), str(ROOT / "tests")]
    known = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutants"]
    name = re.sub(r"^(generator/)?rostra/|\.py$", "", asked.module) if asked.module else None
    chosen = {name: asked.tests or known[name]} if name else known
    # What every child would load, and no mutant changes; plug-ins of pytest, which no such test needs, are not loaded.
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for heavy in (
        "hypothesis",
        "jinja2",
        "lxml.html",
        "markdown_it",
        "msgspec",
        "PIL.Image",
        "playwright.sync_api",
        "pytest",
    ):
        importlib.import_module(heavy)
    gc.freeze()
    survivors = [
        examine(Module(each, PACKAGE / f"{each}.py", tests), asked.line, anew=asked.anew)
        for each, tests in chosen.items()
    ]
    return int(any(survivors))


if __name__ == "__main__":
    sys.exit(main())
