"""What is quoted in a mail, by whichever sign, and what programs write around its words."""

from __future__ import annotations

from typing import Any

import pytest

from rostra.markup import render
from rostra.markup.mail import BELOW, to_html
from rostra.markup.mail_furniture import BLOCK, FOOT, WITHIN, furniture
from rostra.markup.mail_quotes import CITED_LINES, FEWEST, RUN


def blocks(mail: str) -> list[tuple[int, str, str]]:
    """Return depth, kind and text of each block."""
    body = render(mail, "mail")
    return [(each.depth, each.kind, body.text[each.start : each.end]) for each in body.blocks]


def kinds(mail: str) -> list[str]:
    return [kind for _, kind, _ in blocks(mail)]


QUOTED = ["The miller opened the gate.", "Nobody asked him."]


@pytest.mark.parametrize("lead", ["> ", ">", "| ", "    Bede> ", "Bede> ", "> > "])
def test_a_quotation_has_one_of_several_signs(lead: str) -> None:
    mail = "On Monday Bede wrote:\n" + "".join(f"{lead}{line}\n" for line in QUOTED) + "\nI did.\n"
    depth = 2 if lead == "> > " else 1
    assert blocks(mail) == [
        (0, "attribution", "On Monday Bede wrote:"),
        (depth, "paragraph", "\n".join(QUOTED)),
        (0, "paragraph", "I did."),
    ]


@pytest.mark.parametrize(("names", "depth"), [(FEWEST, 1), (FEWEST - 1, 0)])
def test_a_name_is_a_sign_if_several_lines_have_it(names: int, depth: int) -> None:
    mail = "".join(f"Bertram> the gate {n}\n" for n in range(names)) + "\nNo.\n"
    assert blocks(mail)[0][0] == depth


@pytest.mark.parametrize(("run", "depth"), [(RUN, 2), (RUN - 1, 1)])
def test_a_bar_within_a_quotation_is_a_sign_if_several_lines_have_it(run: int, depth: int) -> None:
    mail = "Ada wrote:\n> No.\n>\n" + "".join(f"> | the gate {n}\n" for n in range(run)) + "\nNo.\n"
    assert blocks(mail)[2][0] == depth


def test_the_rows_of_a_table_in_a_quotation_are_no_quotation_in_it() -> None:
    mail = "Ada wrote:\n" + "> | gate | open |\n" * (RUN + 1) + "\nNo.\n"
    assert {depth for depth, _, _ in blocks(mail)} == {0, 1}


def test_signs_that_spaces_set_apart_are_of_the_same_line() -> None:
    said = ["The miller opened the gate and let the water run.", "Nobody had asked him to do that at all."]
    assert blocks("Ada wrote:\n" + "".join(f">  > {line}\n" for line in said))[1][0] == 2
    assert blocks("Ada wrote:\n" + "".join(f">    >> {line}\n" for line in said))[1][0] == 3
    assert blocks("Ada wrote:\n>   > open(gate)\n>   > nrow(gate)\n>   12\n")[1][0] == 1, "a console"


SIGNED = """-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA1

The gate is open:

- - the upper one
- - the lower one
- --~
Ada
-----BEGIN PGP SIGNATURE-----
Version: 1.4

iQEcBAEBAgAGBQJX
=abcd
-----END PGP SIGNATURE-----
""".replace("~", " ")


def test_armour_is_no_text_of_the_author() -> None:
    found = blocks(SIGNED)
    assert [(kind, text) for _, kind, text in found if kind not in ("furniture", "signature")] == [
        ("paragraph", "The gate is open:"),
        ("paragraph", "- the upper one\n- the lower one"),
    ]
    assert found[0][1:] == ("furniture", "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1")
    assert ("signature" in kinds(SIGNED)) == ("\n-- \n" in SIGNED.replace("- -- ", "-- "))


def test_armour_without_an_end_ends_with_its_lines() -> None:
    cut = SIGNED.replace("-----END PGP SIGNATURE-----\n", "\nNobody asked him at all.\n").replace("- -- \nAda\n", "")
    assert blocks(cut)[-1][1:] == ("paragraph", "Nobody asked him at all.")
    assert "iQEcBAEBAgAGBQJX" in blocks(cut)[-2][2]


def test_armour_in_a_quotation_is_none_of_its_words() -> None:
    quoted = "Ada wrote:\n" + "".join(f"> {line}\n" for line in SIGNED.split("\n")[:5]) + "\nI see.\n"
    assert [kind for depth, kind, _ in blocks(quoted) if depth] == ["furniture", "paragraph"]


ARMOUR = SIGNED[SIGNED.index("-----BEGIN PGP SIGNATURE") :]


@pytest.mark.parametrize("lines", [1, 3, 4])
def test_what_is_written_below_quoted_armour_is_the_authors(lines: int) -> None:
    quoted = "".join(f"> {line}\n" for line in ARMOUR.split("\n")[:lines])
    found = blocks(f"Ada wrote:\n> The gate is open.\n{quoted}\nNobody\nasked him.\n\n{ARMOUR}")
    assert [(depth, kind) for depth, kind, _ in found[1:]] == [(1, "paragraph"), (1, "furniture"), (0, "paragraph"), (0, "furniture")]  # fmt: skip
    assert found[3][2].split() == ["Nobody", "asked", "him."]


def test_what_is_between_two_armours_is_none() -> None:
    cut = ARMOUR.partition("=abcd")[0]
    assert kinds(f"{cut}\nNobody asked him.\n\n{ARMOUR}") == ["furniture", "paragraph", "furniture"]


class Counting(list[tuple[int, str]]):
    """Lines that count how many of them are looked at."""

    looks = 0

    def __getitem__(self, at: Any) -> Any:
        self.looks += len(range(*at.indices(len(self)))) if isinstance(at, slice) else 1
        return super().__getitem__(at)


def test_no_line_is_looked_at_for_each_line_above_it() -> None:
    marked = Counting([(1, "--")] * 1000)
    furniture(marked)
    assert marked.looks <= len(marked) * (WITHIN + 2)


AWAY = """-------------- next part --------------
{said}...
Name: gate.pdf
Type: application/pdf
Size: 21 bytes
Desc: not available
URL: <https://lists.mill.example/pipermail/gate/attachments/20240301/ab/gate.pdf>
"""


@pytest.mark.parametrize(
    "said", ["A non-text attachment was scrubbed", "Ein Dateianhang mit Binärdaten wurde abgetrennt"]
)
def test_a_note_about_a_part_that_is_elsewhere_is_the_programs(said: str) -> None:
    assert kinds(f"See the file.\n{AWAY.format(said=said)}") == ["paragraph", "furniture"]


def test_text_of_a_further_part_is_the_authors() -> None:
    mail = "See the file.\n-------------- next part --------------\nThe gate is open...\nName: Ada\n\nIt is.\n"
    assert kinds(mail) == ["paragraph", "furniture", "paragraph", "paragraph"]
    assert kinds("See.\n\n[[alternative HTML version deleted]]\n") == ["paragraph", "furniture"]
    assert kinds("See.\n\n[[the gate]]\n") == ["paragraph", "paragraph"]


@pytest.mark.parametrize(("lines", "kind"), [(WITHIN - 1, "signature"), (WITHIN, "paragraph")])
def test_a_signature_in_a_quotation_is_short_and_without_its_dashes(lines: int, kind: str) -> None:
    name = "\n".join(f"> line {n}" for n in range(lines))
    mail = f"Ada wrote:\n> The gate is open.\n> -- \n{name}\n\nI see.\n"
    assert [each for each in blocks(mail) if each[0]][-1][1] == kind
    assert ("--" in render(mail, "mail").text) == (kind == "paragraph")


def test_a_signature_above_a_footer_is_found_too() -> None:
    mail = "The gate is open.\n-- \nAda\nThe Upper Mill\n-- \nTo leave this list write to leave@mill.example\n"
    assert kinds(mail) == ["paragraph", "signature"]
    assert to_html(mail).endswith("<p>The gate is open.</p>" + to_html(mail).partition("</p>")[2])
    assert kinds("One.\n--\nTwo.\n--\nAda\n") == ["paragraph", "signature"], "only the last dashes are of a signature"
    assert "Two." in blocks("One.\n--\nTwo.\n--\nAda\n")[0][2]


@pytest.mark.parametrize(("lines", "kind"), [("- the gate\n- the weir", "paragraph"), ("+ the gate\n+ the weir", "paragraph"), ("-the gate\n-the weir", "code"), ("- the gate\n+ the weir", "code")])  # fmt: skip
def test_a_list_with_dashes_is_no_patch(lines: str, kind: str) -> None:
    assert kinds(lines) == [kind]


def test_one_line_with_a_bar_below_an_attribution_is_quoted() -> None:
    assert [each[0] for each in blocks("On Monday Bede wrote:\n| The gate is open.\n\nIt is.\n")] == [0, 1, 0]
    assert [each[0] for each in blocks("On Monday Bede wrote:\n: The gate is open.\n\nIt is.\n")] == [0, 0]


RULE = "_" * 40


@pytest.mark.parametrize(
    "line",
    ["2024-05-06 12:30 GMT+01:00 Ada Miller <ada@mill.example>:", "* ada at mill <ada at mill.example> [240506 12:30]:", "Op ma 6 mei 2024 schreef Ada Miller\n<ada@mill.example>:"],
)  # fmt: skip
def test_a_line_that_ends_with_an_address_says_who_is_quoted(line: str) -> None:
    assert kinds(f"{line}\n> The gate is open.\n\nIt is.\n") == ["attribution", "paragraph", "paragraph"]
    assert kinds(f"{line}\nThe gate is open.\n") == ["paragraph"], "nothing is quoted below it"


@pytest.mark.parametrize(("lead", "depth"), [("", 0), ("> ", 1), (">", 1)])
@pytest.mark.parametrize("end", [" writes:", "\n{}>>>>>     on Mon, 6 May 2024 writes:"])
def test_the_five_signs_of_supercite_begin_an_attribution(lead: str, depth: int, end: str) -> None:
    mail = f'{lead}>>>>> "Bede" == Bede Thorn <bede@mill.example>{end.format(lead)}\n\n'
    mail += "".join(f"{lead}    Bede> {line}\n" for line in QUOTED)
    found = blocks(mail)
    assert [each[:2] for each in found] == [(depth, "attribution"), (depth + 1, "paragraph")]
    assert found[0][2].startswith('"Bede" == Bede Thorn <bede@mill.example>')
    assert found[1][2] == "\n".join(QUOTED)
    alone = blocks(mail.partition("\n\n")[0] + "\n\nI have heard it.\n")
    assert [each[1] for each in alone] == ["attribution", "paragraph"], "also if nothing is quoted below it"


@pytest.mark.parametrize(("signs", "lines", "depth"), [(5, CITED_LINES - 1, 0), (5, CITED_LINES, 5), (4, 0, 4)])
def test_other_signs_than_those_of_supercite_quote(signs: int, lines: int, depth: int) -> None:
    sign = ">" * signs
    mail = f'{sign} "Bede" == Bede Thorn\n' + f"{sign} in the night\n" * lines
    assert blocks(mail)[-1][0] == depth


@pytest.mark.parametrize("lead", ["", "> "])
def test_the_footer_of_a_list_that_somebody_quotes_is_furniture(lead: str) -> None:
    footer = f"{lead}{RULE}\n{lead}mill-talk mailing list\n{lead}https://mill.example/talk\n"
    mail = f"Bede wrote:\n{lead}No.\n{footer}\n" + "Nobody asked.\n" * FOOT
    assert kinds(mail)[-3:] == ["paragraph", "furniture", "paragraph"]


@pytest.mark.parametrize(("blank", "kind"), [(BELOW - 1, "attribution"), (BELOW, "paragraph")])
def test_what_an_attribution_names_begins_a_few_lines_below_it(blank: int, kind: str) -> None:
    assert kinds("Ada wrote:\n" + ">\n" * blank + "> The gate is open.\n\nIt is.\n")[0] == kind


@pytest.mark.parametrize(
    "below", ["He says that nobody asked him.", "", "> mill-talk mailing list", "https://lists.mill.example/1"]
)
def test_a_rule_above_other_words_is_no_footer(below: str) -> None:
    assert "furniture" not in kinds(f"No.\n{RULE}\n{below}\nNobody asked.\n")


def test_notes_below_a_rule_are_no_footer_though_they_lead_to_a_list() -> None:
    assert "signature" not in kinds(f"So it was said.[1]\n\n{RULE}\n[1] https://lists.mill.example/1\n")


@pytest.mark.parametrize("below", ["", "Nobody asked.\n" * (FOOT + 1)])
def test_a_note_below_a_rule_that_names_a_list_is_the_authors(below: str) -> None:
    found = kinds(f"So it was said.[1]\n\n{RULE}\n[1] The mailing list of the mill\nhttps://mill.example/1\n\n{below}")
    assert not {"signature", "furniture"} & {*found}


@pytest.mark.parametrize(("lines", "furnished"), [(BLOCK - 2, BLOCK), (BLOCK - 1, 1)])
def test_the_end_of_armour_is_searched_in_as_many_lines_as_armour_has(lines: int, furnished: int) -> None:
    begin, end = (f"-----{word} PGP SIGNATURE-----" for word in ("BEGIN", "END"))
    assert len(furniture([(0, begin), *[(0, "no armour")] * lines, (0, end)])) == furnished


PATCH = "Index: gate.c\n--- gate.c\n+++ gate.c\n@@ -1,3 +1,3 @@\n     open = 1;\n-    shut = 1;\n+    shut = 0;\n"


def test_only_a_whole_patch_is_coloured_as_one() -> None:
    assert 'class="language-diff"' in to_html(f"Here it is:\n\n{PATCH}")
    built = "gcc -O2 -Wall -I../include\n-DGATE -c gate.c -o gate.o\ngcc -O2 -Wall -I../include\n-DWEIR -c weir.c -o weir.o\n"
    assert "<pre><code>gcc" in to_html(f"It says:\n\n{built}")
