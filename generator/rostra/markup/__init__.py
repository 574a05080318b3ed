"""Bodies of every dialect to safe stand-off markup.

A dialect is one file with ``to_html(body: str) -> str``.  What it returns need not be safe; it is
sanitised here, then flattened.  Besides plain HTML a dialect may write

- ``<blockquote data-author data-post data-thread data-url>``: a quotation, with what is known of its source;
- ``<a data-note="1"></a>`` where a footnote is called, ``<aside data-note="1">…</aside>`` for its text;
- ``<p data-kind="attribution">`` for "On … X wrote:", ``<p data-kind="signature">`` for a signature;
- ``<pre><code class="language-python">`` for code in a known language.
"""

from __future__ import annotations

from importlib import import_module

from rostra.markup.flatten import flatten
from rostra.markup.sanitise import clean
from rostra.markup.weave import weave
from rostra.model import Body, Dialect

__all__ = ["render", "weave"]


def render(body: str, dialect: Dialect) -> Body:
    """The body as safe stand-off markup; never raises for anything a stranger wrote."""
    if not body.strip():
        return Body()
    module = import_module(f"rostra.markup.{dialect}")
    return flatten(clean(module.to_html(body)))
