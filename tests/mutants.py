"""Change a module in small ways, and see whether a test fails each time.

    python tests/mutants.py                           every module of `[tool.mutants]` in pyproject.toml
    python tests/mutants.py permalinks                one of them
    python tests/mutants.py MODULE TESTS…             any module of Rostra, as `quotations/align`, with other tests
    python tests/mutants.py --line 57 permalinks      the mutants of one line

Nothing is written: each mutant is compiled in a process of its own, which runs the tests that reach its line.  One that
no test notices has to be killed by a test, or the code that makes no difference removed, or its reason written in
``mutants.toml``; otherwise this fails.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import importlib.abc
import importlib.util
import os
import re
import signal
import sys
import tempfile
import time
import tomllib
import traceback
from pathlib import Path
from types import CodeType

from mutations import Mutant, mutants, statement

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "generator/rostra"
EXPLAINED = Path(__file__).parent / "mutants.toml"
PATIENCE = 10
"""How many times as long as all tests of the module take a mutant may take, which then is caught in a loop."""


class Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from other code than its file holds."""

    def __init__(self, module: str, path: Path, code: CodeType) -> None:
        self.module, self.path, self.code = module, path, code

    def find_spec(self, name, _path=None, _target=None):
        if name != self.module:
            return None
        return importlib.util.spec_from_file_location(name, self.path, loader=self)

    def exec_module(self, module) -> None:
        exec(self.code, module.__dict__)


class Module:
    """A module with its tests."""

    def __init__(self, name: str, tests: list[str]) -> None:
        self.name = name
        self.path = PACKAGE / f"{name}.py"
        self.module = f"rostra.{name.replace('/', '.')}"
        self.tests = tests
        self.source = self.path.read_text(encoding="utf-8")
        self.reached: dict[int, list[str]] = {}
        self.seconds = 0.0

    def learn(self) -> None:
        """Run all tests as they are, and learn which of them reach which line."""
        found, told = os.pipe()
        begun = time.monotonic()
        status = _child(lambda: self._measured(told), None, heard=True)
        os.close(told)
        with os.fdopen(found) as lines:
            for each in lines:
                line, test = each.rstrip("\n").split(" ", 1)
                self.reached.setdefault(int(line), []).append(test)
        self.seconds = time.monotonic() - begun
        if status:
            sys.exit(f"{self.name}: its tests fail as they are: {' '.join(self.tests)}")

    def _measured(self, told: int) -> int:
        import coverage

        with tempfile.TemporaryDirectory() as folder:
            measure = coverage.Coverage(data_file=f"{folder}/coverage", include=[str(self.path)], config_file=False)
            measure.set_option("run:dynamic_context", "test_function")
            measure.start()
            status = _pytest(self.tests)
            measure.stop()
            data = measure.get_data()
            with os.fdopen(told, "w") as lines:
                for file in data.measured_files():
                    for line, contexts in data.contexts_by_lineno(file).items():
                        for test in {context.rpartition(".")[2] for context in contexts}:
                            print(line, test, file=lines)
        return status

    def is_killed(self, mutant: Mutant) -> bool:
        """Whether a test fails, or never ends; those that reach the line are run, or all where it runs at import."""
        reached = {test for line in statement(self.source, mutant.line) for test in self.reached.get(line, ())}
        names = sorted(reached - {""})
        if not reached:
            return False

        def run() -> int:
            sys.meta_path.insert(0, Mutated(self.module, self.path, mutant.code))
            return _pytest(self.tests, names if "" not in reached else [])

        return _child(run, PATIENCE * self.seconds + 10) != 0


def _pytest(tests: list[str], names: list[str] | None = None) -> int:
    import pytest

    with tempfile.TemporaryDirectory() as folder:
        chosen = ["-k", " or ".join(names)] if names else []
        options = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", f"--basetemp={folder}/tests"]
        return int(pytest.main([*options, *chosen, *tests]))


def _child(work, seconds: float | None, *, heard: bool = False) -> int:
    """What a process of its own makes of some work: 0 where it is content, 1 where it is not or does not end."""
    pid = os.fork()
    if pid == 0:
        os.setpgid(0, 0)
        silence = os.open(os.devnull, os.O_WRONLY)
        for stream in () if heard else (1, 2):
            os.dup2(silence, stream)
        status = 1
        try:
            status = int(work() != 0)
        except BaseException:  # noqa: BLE001  # whatever it is, this process ends here
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(status)
    until = time.monotonic() + seconds if seconds else float("inf")
    done = 0
    try:
        while not done and time.monotonic() < until:
            time.sleep(0.01)
            done, status = os.waitpid(pid, os.WNOHANG)
    finally:
        # Also where this process is told to end.
        if not done:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    return status if done else 1


def explained() -> dict[str, list[dict[str, str]]]:
    """The mutants that may survive, each with its reason, by module."""
    return tomllib.loads(EXPLAINED.read_text(encoding="utf-8")) if EXPLAINED.is_file() else {}


def examine(module: Module, line: int | None) -> int:
    """Try every mutant of a module, and print those that survive; how many these are."""
    module.learn()
    reasons = {(each["where"], each["was"], each["now"]): each["why"] for each in explained().get(module.name, [])}
    made = killed = alive = 0
    used = set()
    for mutant in mutants(module.source, str(module.path)):
        if line is not None and mutant.line != line:
            continue
        made += 1
        key = mutant.where, mutant.was, mutant.now
        if key in reasons:
            used.add(key)
        elif module.is_killed(mutant):
            killed += 1
        else:
            alive += 1
            print(
                f"{module.path.relative_to(ROOT)}:{mutant.line}: {mutant.where}\n  - {mutant.was}\n  + {mutant.now}",
                flush=True,
            )
    print(
        f"{module.name}: {made} made, {killed} killed, {made - killed - alive} explained, {alive} survive", flush=True
    )
    for key in reasons.keys() - used if line is None else ():
        print(f"{module.name}: this is no mutant any more: {key}")
    return alive


def main() -> int:
    """Examine the modules that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("module", nargs="?")
    parser.add_argument("tests", nargs="*")
    parser.add_argument("--line", type=int)
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
        "coverage",
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
    survivors = [examine(Module(each, tests), asked.line) for each, tests in chosen.items()]
    return int(any(survivors))


if __name__ == "__main__":
    sys.exit(main())
