"""Bodies that are HTML already; the sanitiser and the flattener convert them."""


def to_html(body: str) -> str:
    """Return the body unchanged."""
    return body
