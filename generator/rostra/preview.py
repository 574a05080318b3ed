"""The build and the preview server brought together: each rebuild reads the settings afresh."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from rostra.build import build
from rostra.errors import RostraError
from rostra.layouts import built_in
from rostra.serve import serve
from rostra.serve.outcome import Outcome
from rostra.site import load_site


def preview(
    folder: Path, *, host: str, port: int, base: str, open_browser: bool, announce: Callable[[str], None]
) -> None:
    """Serve the site in ``folder`` until interrupted, rebuilding what changes; raises UsageError.

    ``announce`` is given each line that the person at the terminal should read.
    """
    site = load_site(folder)
    inputs: list[Path] = []

    def rebuild() -> Outcome:
        try:
            report = build(load_site(folder), ledger=False)
        except RostraError as error:
            return Outcome(changed=(), errors=(error,))
        except OSError as error:
            # Files come and go while somebody works on them; the next event builds again.
            return Outcome(changed=(), errors=(RostraError(str(error), hint="save again"),))
        inputs[:] = report.inputs
        return Outcome(changed=report.written.touched, errors=report.failures)

    def also() -> Sequence[Path]:
        return [built_in(), *inputs]

    serve(
        site,
        rebuild,
        host=host,
        port=port,
        open_browser=open_browser,
        base=base,
        announce=announce,
        also=also,
    )
