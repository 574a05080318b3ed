"""Pictures and files of posts: find them, make them safe, and give them addresses by content.

A post refers to a file by an address in its body or by an attachment; ``references`` collects both, ``places`` finds
the bytes (in the dump, beside it, in folders and web archives of the publisher, in what ``rostra media --download``
saved), ``prepare`` makes what is published of them, and ``shelf`` keeps what is known from build to build.
What bytes are is decided by the bytes alone (``kinds``), never by a name; images are decoded and written anew.
No module here writes into the site, renders a page, or opens a connection except ``download``.
"""
