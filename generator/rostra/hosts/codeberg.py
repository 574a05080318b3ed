"""Codeberg Pages, which serves a branch that `rostra publish` pushes."""

from __future__ import annotations

from rostra.hosts import PYTHON, REQUIREMENTS, THEN_LEDGER, Host, commands

PIPELINE = f"""\
# Builds the archive and pushes it to the branch that Codeberg Pages serves.
# It is not needed where `rostra publish` is run by hand.
when:
  event: push
  branch: main
clone:
  git:
    image: woodpeckerci/plugin-git
    settings:
      # The commit that was published last must be among those that are here.
      partial: false
      depth: 0
steps:
  publish:
    image: python:{PYTHON}
    environment:
      # A token that may write to the repository, as a secret of that name.
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
