"""A site in a repository whose output was written by hand: what publishing needs of a site, in no time."""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

from rostra.output.manifest import MANIFEST, manifest_lines
from support.site_repository import Home, git


def sha(content: bytes) -> str:
    return sha256(content).hexdigest()


def listing(files: dict[str, bytes]) -> bytes:
    """The manifest of some files, as a build writes it."""
    return "".join(manifest_lines(sorted((path, sha(content)) for path, content in files.items()))).encode()


def fill(folder: Path, files: dict[str, bytes]) -> None:
    """Write files."""
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)


class PlainHome(Home):
    """One of which nothing was built."""

    def settings(self, *lines: str) -> None:
        (self.folder / "rostra.toml").write_text("\n".join(['title = "Mill"', *lines, ""]))

    def show(self, files: dict[str, bytes]) -> dict[str, str]:
        """Have exactly these files in the output, and return what is to be published, with digests."""
        shutil.rmtree(self.folder / "public", ignore_errors=True)
        said = listing(files)
        fill(self.folder / "public", files | {MANIFEST: said})
        return {path: sha(content) for path, content in (files | {MANIFEST: said}).items()}

    def commit(self) -> str:
        """Commit the site's sources, and return the commit."""
        self.git("add", "-A", "--", "rostra.toml")
        self.git("commit", "-q", "--allow-empty", "-m", "More")
        return self.git("rev-parse", "HEAD")

    def push(self, files: dict[str, bytes], message: str = "Theirs", branch: str = "gh-pages") -> str:
        """Have a branch on the remote hold exactly these files, in a commit of somebody else's; return the commit."""
        place = self.remote.parent / "theirs"
        shutil.rmtree(place, ignore_errors=True)
        git("init", "-q", str(place), at=self.remote.parent)
        fill(place, files)
        git("add", "-A", at=place)
        git("commit", "-q", "--allow-empty", "-m", message, at=place)
        git("push", "-q", "--force", str(self.remote), f"HEAD:refs/heads/{branch}", at=place)
        return git("rev-parse", "HEAD", at=place)


def plain_home(folder: Path) -> PlainHome:
    """A committed site in a folder of its own, with an empty remote beside it."""
    home = PlainHome(folder / "site", folder / "remote.git")
    home.folder.mkdir(parents=True)
    home.settings()
    (home.folder / ".gitignore").write_text("/public\n/.rostra\n")
    home.begin()
    return home
