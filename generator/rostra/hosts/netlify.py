"""Netlify: builds the site as ``netlify.toml`` configures."""

from __future__ import annotations

from rostra.hosts import PYTHON, REQUIREMENTS, THEN_LEDGER, Host

CONFIGURATION = f"""\
# Netlify installs requirements.txt, builds the archive and serves it. The build fails if rostra.ledger lacks an
# address: build on the machine that has the dumps, and commit rostra.ledger.
[build]
  command = "rostra build --locked && rostra check --online"
  publish = "public"

[build.environment]
  PYTHON_VERSION = "{PYTHON}"
"""

HOST = Host(
    name="netlify",
    title="Netlify",
    redirects=None,
    headers=None,
    hides=(".",),
    files_of_site={"netlify.toml": CONFIGURATION, "requirements.txt": REQUIREMENTS},
    then=f"connect the repository to a site on Netlify; {THEN_LEDGER}",
)
