"""Fewer areas hold the same items: what is merged shows nothing more and nothing less."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from netzraum_items.areas import WAYS_TO_NAME, Area, merged

CLASSIFICATIONS = ("public", "internal", "confidential", "personal")
STATES = ("draft", "coming", "published", "deleted")


def some_of(values: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(values), min_size=1)


areas = st.builds(
    Area,
    classifications=some_of(CLASSIFICATIONS),
    own=st.frozensets(st.booleans(), min_size=1),
    named=some_of(tuple(sorted(WAYS_TO_NAME))),
    states=some_of(STATES),
)


def items_in(found: tuple[Area, ...]) -> set[tuple[str, bool, str, str]]:
    """Each kind of item that one of the areas holds."""
    return {kind for area in found for kind in product(area.classifications, area.own, area.named, area.states)}


@given(st.lists(areas, max_size=12).map(tuple))
def test_merged_areas_hold_exactly_what_the_areas_hold(found: tuple[Area, ...]) -> None:
    assert items_in(merged(found)) == items_in(found)
    assert len(merged(found)) <= len(set(found))


def test_all_that_is_cut_into_pieces_becomes_one_again() -> None:
    pieces = tuple(
        Area(frozenset([classification]), frozenset([own]), frozenset([way]), frozenset([state]))
        for classification, own, way, state in product(CLASSIFICATIONS, (True, False), sorted(WAYS_TO_NAME), STATES)
    )
    whole = Area(frozenset(CLASSIFICATIONS), frozenset([True, False]), WAYS_TO_NAME, frozenset(STATES))
    assert merged(pieces) == (whole,)


def test_areas_that_differ_in_two_respects_stay_apart() -> None:
    everyone = Area(frozenset(["public"]), frozenset([True, False]), WAYS_TO_NAME, frozenset(["published"]))
    author = Area(frozenset(["internal"]), frozenset([True]), WAYS_TO_NAME, frozenset(["published"]))
    assert merged((everyone, author)) == (everyone, author)
