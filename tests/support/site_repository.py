"""A site in a repository of its own, with a real remote beside it."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from msgspec import Struct

from rostra.build.pipeline import build
from rostra.build.rebuild import rebuild
from rostra.config.site import Site, load_site


def git(*arguments: str, at: Path) -> str:
    done = subprocess.run(["git", *arguments], cwd=at, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


class Home(Struct):
    """The site's folder, and the bare repository that is its ``origin``."""

    folder: Path
    remote: Path

    def begin(self) -> None:
        """Make the repository, with all files of the folder committed, and the empty remote."""
        git("init", "-q", "--bare", str(self.remote), at=self.folder)
        self.git("init", "-q")
        self.git("remote", "add", "origin", str(self.remote))
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Begin")

    @property
    def site(self) -> Site:
        return load_site(self.folder)

    def git(self, *arguments: str) -> str:
        return git(*arguments, at=self.folder)

    def there(self, *arguments: str) -> str:
        return git(*arguments, at=self.remote)

    def tip(self, branch: str = "gh-pages") -> str:
        return self.there("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")

    def files(self, branch: str = "gh-pages") -> set[str]:
        return set(self.there("ls-tree", "-r", "--name-only", "-z", branch).split("\0")) - {""}

    def build(self) -> None:
        site = self.site
        rebuild(site, lambda standing: build(site, standing=standing))

    def write(self, path: str, text: str) -> None:
        """Change a file of the site, build and commit."""
        (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / path).write_text(text)
        self.settle()

    def settle(self) -> None:
        # A build notes when it began; what is written in the same instant would count as later.
        time.sleep(0.02)
        self.build()
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", "More")
