"""The words that digests compare do not depend on how they are found."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from rostra.i18n.plain_words import plain_words


@given(st.text(st.characters(max_codepoint=0x17F)) | st.text(st.characters(max_codepoint=0x7F)))
def test_words_of_ascii_are_those_of_any_text(text: str) -> None:
    assert plain_words(text) == re.findall(r"[^\W_]+", text.casefold())
