"""Whether the tests of a module notice a change of it: what `mutants.py` asks.

A process imports Rostra and collects the tests once.  Each mutant is a fork of it in which the functions that differ get
their other code, wherever they are referred to, and in which the tests that reach the line are run.
"""

from __future__ import annotations

import contextlib
import gc
import importlib.abc
import importlib.util
import inspect
import io
import os
import pickle
import resource
import signal
import sys
import tempfile
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from time import monotonic, sleep
from types import CodeType, FunctionType

from support.program_mutations import Mutant, statement

PATIENCE = 3
"""How many times as much CPU as its tests take a mutant may take; one that takes more is caught in a loop."""
MEMORY = 2 << 30
"""How many bytes a mutant may hold: a loop may gather."""
# Tests replace these in their modules, and the trials go on.
_open, _write, _close = os.open, os.write, os.close


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


class Reached:
    """Which tests reach which line of a file, in whatever process, and how much CPU each takes, in seconds."""

    def __init__(self, path: Path, notes: str) -> None:
        self.path, self.notes = str(path), notes
        self.test = ""
        self.seen: set[int] = set()
        self.called: set[tuple[str, int]] = set()
        """The functions that were called when all was imported and collected."""
        self.lines: dict[int, set[str]] = {}
        """The tests by line; the empty one is the import and the collection."""
        self.seconds: dict[str, float] = {}

    @contextlib.contextmanager
    def during(self, test: str) -> Iterator[None]:
        """Note what a test reaches."""
        self.test, self.seen = test, set()
        begun = _spent()
        sys.settrace(self._call)
        threading.settrace(self._call)
        try:
            yield
        finally:
            sys.settrace(None)
            threading.settrace(None)  # type: ignore[arg-type]
            self._note(f"seconds {_spent() - begun} {test}")

    def read(self) -> None:
        """Learn what all processes noted."""
        for each in Path(self.notes).read_text(encoding="utf-8").splitlines():
            what, number, test = each.split(" ", 2)
            if what == "line":
                self.lines.setdefault(int(number), set()).add(test)
            else:
                self.seconds[test] = float(number)

    def by(self, lines: Iterable[int]) -> list[str]:
        """The tests that reach any of these lines, the fastest first; all tests, where they run at import."""
        found = {test for line in lines for test in self.lines.get(line, ())}
        tests = set(self.seconds) if "" in found else found
        return sorted(tests - {""}, key=lambda test: (self.seconds[test], test))

    def _note(self, said: str) -> None:
        file = _open(self.notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        _write(file, f"{said}\n".encode())
        _close(file)

    def _call(self, frame, _event, _arg):
        if frame.f_code.co_filename != self.path:
            return None
        if not self.test:
            self.called.add(_key(frame.f_code))
        return self._line

    def _line(self, frame, _event, _arg):
        if frame.f_lineno not in self.seen:
            self.seen.add(frame.f_lineno)
            self._note(f"line {frame.f_lineno} {self.test}")
        return self._line


class Module:
    """A module of Rostra, with the tests that hold it."""

    def __init__(self, name: str, path: Path, tests: list[str]) -> None:
        self.name, self.path, self.tests = name, path, tests
        self.module = f"rostra.{name.replace('/', '.')}"
        self.source = path.read_text(encoding="utf-8")

    def tried(self, wanted: list[Mutant], *, anew: bool = False) -> Iterator[bool]:
        """Of each mutant, whether a test fails or never ends; with `anew`, everything is imported for each."""
        found, told = os.pipe()
        with tempfile.TemporaryDirectory() as folder:
            reached = Reached(self.path, f"{folder}/notes")
            first = _fork(lambda: self._quickly(folder, reached, [] if anew else wanted, told))
            os.close(told)
            try:
                with os.fdopen(found, "rb") as answers:
                    reached = pickle.load(answers)
                    for mutant in wanted:
                        answer = None if anew else pickle.load(answers)
                        yield self._anew(mutant, reached) if answer is None else answer
            except EOFError:
                sys.exit(f"{self.name}: its tests fail as they are: {' '.join(self.tests)}")
            except BaseException:
                os.kill(first, signal.SIGTERM)
                raise
            finally:
                os.waitpid(first, 0)

    def _quickly(self, folder: str, reached: Reached, wanted: list[Mutant], told: int) -> bool:
        """Collect the tests, try them as they are, then with each mutant: tell what they reach, and each answer."""

        def work(session) -> bool:
            imported.close()
            with os.fdopen(told, "wb") as out:
                if not self._learnt(session, reached):
                    return False
                pickle.dump(reached, out)
                held = self._functions()
                gc.freeze()
                whole = compile(self.source, str(self.path), "exec")
                for mutant in wanted:
                    out.flush()
                    pickle.dump(self._here(session, reached, mutant, held, _other(whole, mutant.code)), out)
            return True

        imported = contextlib.ExitStack()
        imported.enter_context(reached.during(""))
        return _pytest(self.tests, folder, work)

    def _learnt(self, session, reached: Reached) -> bool:
        """Whether the tests pass as they are, each of which is then known by the lines that it reaches."""

        def work() -> bool:
            passed = _run(session, [item.nodeid for item in session.items], reached.during)
            if not passed:
                Path(f"{reached.notes}.failed").write_text(sys.stdout.getvalue(), encoding="utf-8")
            return passed

        if not _holds(work, 3600):
            print(Path(f"{reached.notes}.failed").read_text(encoding="utf-8"), file=sys.__stderr__)
            return False
        reached.read()
        return True

    def _functions(self) -> dict[tuple[str, int], list[FunctionType]]:
        """Every function of the module that there is, however it is wrapped, and whoever refers to it."""
        held: dict[tuple[str, int], list[FunctionType]] = {}
        for each in gc.get_objects():
            if isinstance(each, FunctionType) and each.__code__.co_filename == str(self.path):
                held.setdefault(_key(each.__code__), []).append(each)
        return held

    def _here(self, session, reached: Reached, mutant: Mutant, held, codes: list[CodeType] | None) -> bool | None:
        """Whether a test fails in a fork of this process; None where everything has to be imported."""
        keys = [_key(code) for code in codes or ()]
        if codes is None or not held.keys() >= set(keys) or not reached.called.isdisjoint(keys):
            return None

        def work() -> bool:
            for code in codes:
                for function in held[_key(code)]:
                    function.__code__ = code
            return _run(session, tests)

        tests = reached.by(statement(self.source, mutant.line))
        return bool(tests) and not _holds(work, sum(reached.seconds[test] for test in tests))

    def _anew(self, mutant: Mutant, reached: Reached) -> bool:
        """Whether a test fails in a process that imports everything."""

        def work() -> bool:
            sys.meta_path.insert(0, Mutated(self.module, self.path, mutant.code))
            with tempfile.TemporaryDirectory() as folder:
                return _pytest(self.tests, folder, lambda session: _run(session, tests))

        tests = reached.by(statement(self.source, mutant.line))
        return bool(tests) and not _holds(work, reached.seconds[""] + sum(reached.seconds[test] for test in tests))


class Instead:
    """A plug-in of pytest: something else is done with the tests that were collected."""

    def __init__(self, work: Callable) -> None:
        self.work = work
        self.done = False

    def pytest_runtestloop(self, session) -> bool:
        if not session.testsfailed:
            self.done = self.work(session)
        return True


def _pytest(tests: list[str], folder: str, work: Callable) -> bool:
    """Collect tests, and do something with them; what that says."""
    import pytest
    from hypothesis import Phase, settings

    # The same examples for each mutant; none is made smaller, or kept.
    settings.register_profile("mutants", derandomize=True, database=None, phases=[Phase.explicit, Phase.generate])
    settings.load_profile("mutants")
    instead = Instead(work)
    options = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", f"--basetemp={folder}/tests"]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        pytest.main([*options, *tests], plugins=[instead])
    if not instead.done:
        print(said.getvalue())
    return instead.done


def _run(session, tests: list[str], during: Callable = contextlib.nullcontext) -> bool:
    """Whether tests pass that were collected, in this order; the first that fails is the last."""
    items = {item.nodeid: item for item in session.items}
    chosen = [items[test] for test in tests if test in items]
    for item, following in zip(chosen, [*chosen[1:], None], strict=True):
        with during(item.nodeid):
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            break
    session.config.hook.pytest_sessionfinish(session=session, exitstatus=int(bool(session.testsfailed)))
    return not session.testsfailed


def _key(code: CodeType) -> tuple[str, int]:
    return code.co_qualname, code.co_firstlineno


def _other(old: CodeType, new: CodeType) -> list[CodeType] | None:
    """The functions of a module that differ, as they are in the new one; None where what runs at import differs."""
    if old == new:
        return []
    if new.co_flags & inspect.CO_OPTIMIZED:
        return [new]
    if _bare(old) != _bare(new):
        return None
    found: list[CodeType] = []
    for before, after in zip(_within(old), _within(new), strict=True):
        inner = _other(before, after)
        if inner is None:
            return None
        found += inner
    return found


def _within(code: CodeType) -> list[CodeType]:
    return [each for each in code.co_consts if isinstance(each, CodeType)]


def _bare(code: CodeType) -> CodeType:
    """Code without the functions and classes within it."""
    return code.replace(co_consts=tuple(None if isinstance(each, CodeType) else each for each in code.co_consts))


def _spent() -> float:
    """The CPU that this process and those that it waited for have taken, in seconds."""
    return sum(os.times()[:4])


def _fork(work: Callable[[], bool]) -> int:
    """A process that does some work, and ends with 0 where that says so."""
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            status = int(not work())
        except BaseException:  # noqa: BLE001  # whatever it is, this process ends here
            traceback.print_exc()
        sys.stdout.flush()
        os._exit(status)
    return pid


def _holds(work: Callable[[], bool], seconds: float) -> bool:
    """Whether a process of its own is content with some work that should take so much CPU, and ends."""

    def alone() -> bool:
        os.setpgid(0, 0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        limit = int(PATIENCE * seconds) + 2
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
        silence = os.open(os.devnull, os.O_WRONLY)
        for stream in (1, 2):
            os.dup2(silence, stream)
        return work()

    pid = _fork(alone)
    # One that waits for ever takes no CPU; a machine may be busy.
    until = monotonic() + 10 * (PATIENCE * seconds + 3)
    done = status = 0
    try:
        while not done and monotonic() < until:
            sleep(0.002)
            done, status = os.waitpid(pid, os.WNOHANG)
    finally:
        # What it began and left ends with it; so does it where this process is told to end.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        if not done:
            os.waitpid(pid, 0)
    return bool(done) and status == 0
