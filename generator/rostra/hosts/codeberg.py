"""Codeberg Pages: serves a branch that `rostra publish` pushes."""

from __future__ import annotations

from rostra.hosts import PYTHON, REQUIREMENTS, THEN_LEDGER, Host, commands

PIPELINE = f"""\
# Builds the archive and pushes it to the branch that Codeberg Pages serves.
# You do not need it if you run `rostra publish` by hand.
when:
  event: push
  branch: main
clone:
  git:
    image: woodpeckerci/plugin-git
    settings:
      # The clone must contain the commit that was published last.
      partial: false
      depth: 0
steps:
  publish:
    image: python:{PYTHON}
    environment:
      # A token with write access to the repository, from the secret `codeberg_token`.
      TOKEN:
        from_secret: codeberg_token
      GIT_AUTHOR_NAME: Woodpecker
      GIT_AUTHOR_EMAIL: noreply@codeberg.org
      GIT_COMMITTER_NAME: Woodpecker
      GIT_COMMITTER_EMAIL: noreply@codeberg.org
    commands:
{commands(6)}      - git remote set-url --push origin "https://token:$TOKEN@codeberg.org/$CI_REPO.git"
      - rostra publish
"""

HOST = Host(
    name="codeberg",
    title="Codeberg Pages",
    size=750 * 10**6,
    branch="pages",
    domain=".domains",
    files_of_site={".woodpecker.yaml": PIPELINE, "requirements.txt": REQUIREMENTS},
    then=f"`rostra publish` pushes the branch `pages`, which Codeberg serves at https://YOU.codeberg.page/REPOSITORY/; {THEN_LEDGER}",
)
