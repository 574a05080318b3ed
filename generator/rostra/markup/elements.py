"""The elements of a sanitised body: blocks, containers of blocks, and inline elements."""

LEAVES = {"p": "paragraph", "pre": "code"} | {f"h{n}": "heading" for n in range(1, 7)}
"""Elements that are a block, with its kind."""
HOLDERS = {
    "caption": "cell", "dd": "item", "dt": "item", "li": "item", "summary": "cell", "td": "cell", "th": "cell",
}  # fmt: skip
"""Elements whose text is a block, unless they contain blocks."""
CONTAINERS = {"blockquote", "ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr", "details"}
HOLDING = {*LEAVES, *HOLDERS, *CONTAINERS}
"""Elements that contain blocks, or are one; all others are inline."""
MATHS = (' class="math"', ' class="math display"')
"""The attributes of a code element that holds TeX (``mathematics``)."""
VOID = {"br", "hr", "img"}
TRANSPARENT = {
    "address", "article", "aside", "center", "dialog", "dir", "div", "fieldset", "figcaption", "figure", "footer", "form", "header",
    "hgroup", "legend", "main", "menu", "nav", "optgroup", "option", "search", "section",
}  # fmt: skip
"""Tags that end a paragraph and are not emitted: the block elements of the HTML Standard (15.3) that no other set here contains."""
REDACTED = ('<abbr class="redacted">', "</abbr>")
"""The tags around the replacement of redacted words; a page adds a title that says what it is."""
NO_LABEL = ('<span class="unlabelled">', "picture", "</span>")
"""What stands for a picture to which its author gave no text: a word, which pages have in their language, and the tags around it."""
