"""GitLab Pages: built by GitLab's CI; serves the files that a job leaves in ``public/``."""

from __future__ import annotations

from rostra.hosts import PYTHON, REQUIREMENTS, THEN_LEDGER, Host, commands

PIPELINE = f"""\
# Builds the archive and publishes it on GitLab Pages.
pages:
  image: python:{PYTHON}-slim
  script:
{commands(4, "rostra check --online")}  # GitLab serves the compressed file next to a plain one to browsers that accept it.
  after_script:
    - find public -type f -regex '.*\\.\\(html\\|css\\|js\\|json\\|jsonld\\|txt\\|xml\\)' -exec gzip -k9f {{}} +
  artifacts:
    paths:
      - public
  rules:
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
"""

HOST = Host(
    name="gitlab",
    title="GitLab Pages",
    files=200_000,
    size=10**9,
    redirects=1000,
    files_of_site={".gitlab-ci.yml": PIPELINE, "requirements.txt": REQUIREMENTS},
    then=f"push; GitLab shows the address under Deploy, Pages; {THEN_LEDGER}",
)
