"""What the elements of a sanitised body are: blocks, what holds them, and what runs within them."""

LEAVES = {"p": "paragraph", "pre": "code"} | {f"h{n}": "heading" for n in range(1, 7)}
"""Elements that are a block, and of which kind."""
HOLDERS = {
    "caption": "cell", "dd": "item", "dt": "item", "li": "item", "summary": "cell", "td": "cell", "th": "cell",
}  # fmt: skip
"""Elements whose text is a block, unless others stand in them."""
CONTAINERS = {"blockquote", "ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr", "details"}
HOLDING = {*LEAVES, *HOLDERS, *CONTAINERS}
"""Elements that hold blocks, or are one; all others run within a block."""
VOID = {"br", "hr", "img"}
TRANSPARENT = {"aside", "div"}
"""Tags that end a paragraph and leave no tag of their own."""
