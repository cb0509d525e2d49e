"""Two texts compared line by line for the page, whatever is in them."""

from hypothesis import given
from hypothesis import strategies as st

from netzraum_gateway.wiki.comparison import compared, counted, paired

LINES = st.lists(st.sampled_from(["", "a", "b", "c", "- d"]), max_size=40)


def test_what_was_added_stands_beside_what_was_removed_in_its_place() -> None:
    rows = paired(compared("Eins\nZwei\nDrei", "Eins\nZwo\nZwei und mehr\nDrei"))
    assert [(old and old["text"], new and new["text"]) for old, new in rows] == [
        ("Eins", "Eins"),
        ("Zwei", "Zwo"),
        (None, "Zwei und mehr"),
        ("Drei", "Drei"),
    ]


def test_long_stretches_that_are_the_same_are_left_out_and_counted() -> None:
    same = [f"Zeile {number}" for number in range(20)]
    lines = compared("\n".join(same), "\n".join(["Neu", *same]))
    assert [line["op"] for line in lines] == ["add", "keep", "keep", "keep", "keep"]
    assert lines[-1]["lines"] == 17
    assert counted(lines) == {"places": 1, "added": 1, "removed": 0}


@given(old=LINES, new=LINES)
def test_both_texts_can_be_read_out_of_their_comparison(old: list[str], new: list[str]) -> None:
    lines = compared("\n".join(old), "\n".join(new))
    before, after = "\n".join(old).splitlines(), "\n".join(new).splitlines()
    for line in lines:
        if line["op"] in ("keep", "remove") and line["old_line"]:
            assert before[line["old_line"] - 1] == line["text"]
        if line["op"] in ("keep", "add") and line["new_line"]:
            assert after[line["new_line"] - 1] == line["text"]
    shown = [line for line in lines if not line["lines"]]
    left_out = sum(line["lines"] or 0 for line in lines)
    assert len([line for line in shown if line["op"] != "add"]) + left_out == (len(before) if lines else left_out)
    assert counted(lines)["places"] == 0 or before != after
