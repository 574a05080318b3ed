"""Bytes as text: what a page or XML says it is in counts, where it is not UTF-8."""

from __future__ import annotations

import pytest

from rostra.readers.dumps.encodings import LOOKED, codec_name, declared, decode

PAGES = [
    ('<html><meta charset="windows-1251"><p>Кто открыл', "cp1251"),
    ('<?xml version="1.0" encoding="koi8-r"?><p>Кто открыл', "koi8-r"),
    ('<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"><p>水門', "cp932"),
    ("<meta http-equiv=Content-Type content='text/html; charset=iso-2022-jp'><p>水門", "iso2022_jp"),
    ("<meta charset=iso-8859-1><p>“Ä”", "cp1252"),
    ("<meta charset='iso-8859-2'><p>Żółć", "iso8859-2"),
    ('<meta charset="gb2312"><p>谁打开了水闸？', "gb18030"),
]


@pytest.mark.parametrize(("page", "encoding"), PAGES)
def test_a_declaration_counts(page: str, encoding: str) -> None:
    assert declared(page.encode(encoding)) == encoding
    assert decode(page.encode(encoding)) == (page, None)
    # Who saves a page often writes UTF-8 and leaves the declaration as it was.
    assert decode(page.encode()) == (page, None)


def test_what_the_bytes_are_not_is_told() -> None:
    text, problem = decode(b'<meta charset="shift_jis"><p>\x90\x85\x81 \x81 </p>')
    assert text.startswith('<meta charset="shift_jis"><p>水')
    assert problem
    assert "2 characters" in problem.message


@pytest.mark.parametrize(
    "name", ["hex", "rot13", "zip", "utf-16", "utf-7", "idna", "unicode_escape", "nobody", "x" * 50]
)
def test_no_codec_that_is_no_encoding_of_such_a_file_is_used(name: str) -> None:
    assert codec_name(name) is None
    page = f'<meta charset="{name}"><p>Ä is here</p>'.encode("cp1252")
    assert decode(page)[0].endswith("<p>Ä is here</p>")


def test_it_is_sought_at_the_beginning_of_a_page_only() -> None:
    meta = '<meta charset="koi8-r">'
    assert declared(f"<p>{' ' * (LOOKED - 3 - len(meta))}{meta}".encode()) == "koi8-r"
    assert declared(f"<p>{' ' * LOOKED}{meta}".encode()) is None
    assert declared(f"Write {meta} there".encode()) is None
