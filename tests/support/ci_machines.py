"""Machines of hosts that keep nothing: each clones what was pushed and runs the shell steps of its CI file, as they are written."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from msgspec import Struct

from rostra.hosts import find_host
from support.site_repository import git

REPOSITORY = "https://token:secret@codeberg.org/ada/archive.git"
"""What the steps of Codeberg push to."""
COMMAND = """\
#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as server:
    server.connect({address!r})
    said = json.dumps([os.getcwd(), sys.argv[1:], dict(os.environ)]).encode()
    socket.send_fds(server, [len(said).to_bytes(4, "big") + said], [1, 2])
    sys.exit(server.recv(1)[0])
"""
"""The command `rostra`, carried out by a copy of a process that has loaded all that it needs."""
SERVER = """\
import json, os, socket, sys
from pathlib import Path
from rostra.build.pipeline import build
from rostra.check import check
from rostra.cli import build as _, check as _, main, publish as _
from rostra.new_site import make_site
from rostra.publish import branch as _
from rostra.config.site import load_site

address, first = sys.argv[1:]
list(make_site(Path(first), "First"))
build(load_site(Path(first)))
check(load_site(Path(first)))
with socket.socket(socket.AF_UNIX) as server:
    server.bind(address)
    server.listen()
    print("ready", flush=True)
    while True:
        client, _ = server.accept()
        said, fds, _, _ = socket.recv_fds(client, 1 << 20, 2)
        while len(said) < 4 + int.from_bytes(said[:4], "big"):
            said += client.recv(1 << 20)
        if not (child := os.fork()):
            folder, arguments, variables = json.loads(said[4:])
            os.chdir(folder)
            os.environ.clear()
            os.environ.update(variables)
            for number, fd in enumerate(fds, 1):
                os.dup2(fd, number)
            sys.argv[1:] = arguments
            status = 1
            try:
                main()
            except SystemExit as end:
                status = end.code or 0
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        _, status = os.waitpid(child, 0)
        client.send(bytes([os.waitstatus_to_exitcode(status) & 255]))
        client.close()
        for fd in fds:
            os.close(fd)
"""


class Step(Struct, frozen=True):
    """A step of a CI file: shell commands, run as one script, with variables of their own; ``last``, whatever failed before."""

    commands: str
    variables: dict[str, str] = {}
    last: bool = False


class Way(Struct, frozen=True):
    """What a host does with what is pushed: whether it clones all of it, and its steps."""

    steps: tuple[Step, ...]
    whole: bool = False


def way(host: str) -> Way:
    """The way of a host, from the CI file that `rostra new --host` writes."""
    files = find_host(host).files_of_site
    if "netlify.toml" in files:
        command = tomllib.loads(files["netlify.toml"])["build"]["command"]
        return Way((Step("pip install -r requirements.txt"), Step(command)))
    (said,) = (yaml.safe_load(text) for path, text in files.items() if path.endswith((".yml", ".yaml")))
    if "pages" in said:
        job = said["pages"]
        return Way((Step("\n".join(job["script"])), Step("\n".join(job["after_script"]), last=True)))
    if "jobs" in said:
        steps = [step for job in said["jobs"].values() for step in job["steps"]]
        whole = any(step.get("with", {}).get("fetch-depth") == 0 for step in steps)
        return Way(tuple(Step(each["run"], _filled(each.get("env", {}))) for each in steps if "run" in each), whole)
    step, settings = said["steps"]["publish"], said["clone"]["git"]["settings"]
    return Way((Step("\n".join(step["commands"]), _filled(step["environment"])),), settings["depth"] == 0)


def _filled(variables: dict[str, Any]) -> dict[str, str]:
    """Variables with what the host puts in for its expressions and secrets."""
    return {
        name: "secret" if isinstance(value, dict) else re.sub(r"\$\{\{ [^}]+ \}\}", "ada", value)
        for name, value in variables.items()
    }


class Machines(Struct):
    """Makes a machine for each push; ``programs`` are those that it has beside the system's."""

    programs: Path

    def run(self, host: str, remote: Path, folder: Path) -> tuple[int, str]:
        """Clone the branch `main` of a remote and run the host's steps there: the exit status, and what was said."""
        shutil.rmtree(folder, ignore_errors=True)
        steps = way(host)
        depth = () if steps.whole else ("--depth", "1")
        git("clone", "-q", "-b", "main", *depth, remote.as_uri(), str(folder), at=remote.parent)
        settings = folder.with_name("gitconfig")
        settings.write_text(f'[url "{remote.as_uri()}"]\n insteadOf = {REPOSITORY}\n')
        variables = {
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "HOME": str(folder.parent),
            "GIT_CONFIG_GLOBAL": str(settings),
            "GIT_CONFIG_SYSTEM": os.devnull,
            "CI_REPO": "ada/archive",
        }
        status, told = 0, ""
        for step in steps.steps:
            if status and not step.last:
                continue
            done = subprocess.run(
                ["bash", "-eo", "pipefail", "-c", step.commands],
                cwd=folder, env=variables | step.variables, capture_output=True, text=True, check=False,
            )  # fmt: skip
            told += done.stdout + done.stderr
            status = status if step.last else done.returncode
        return status, told


@contextmanager
def machines(place: Path) -> Iterator[Machines]:
    """Machines that have Rostra, and a `pip` that finds all installed."""
    programs, address = place / "programs", f"{place}/rostra"
    programs.mkdir()
    for name, said in (("pip", "#!/bin/sh\n"), ("rostra", COMMAND.format(python=sys.executable, address=address))):
        (programs / name).write_text(said)
        (programs / name).chmod(0o755)
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, address, str(place / "first")],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout
        assert server.stdout.readline() == "ready\n"
        yield Machines(programs)
    finally:
        server.kill()
        server.communicate()
