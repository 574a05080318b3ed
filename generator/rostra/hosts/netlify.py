"""Netlify, which builds as ``netlify.toml`` says."""

from __future__ import annotations

from rostra.hosts import PYTHON, REQUIREMENTS, THEN_LEDGER, Host

CONFIGURATION = f"""\
# Netlify installs requirements.txt, builds the archive and serves it. The build fails where rostra.ledger does not
# hold every address: build where you keep the dumps, and commit it.
[build]
  command = "rostra build --locked && rostra check"
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
    then=f"connect the repository to a site of Netlify; {THEN_LEDGER}",
)
