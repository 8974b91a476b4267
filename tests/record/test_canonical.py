"""Canonical JSON: whichever way it is written, the bytes are those of RFC 8785."""

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.types.errors import RecordError
from truceline.record.canonical import canonical

WORDS = st.recursive(
    st.none() | st.booleans() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)


@given(WORDS | st.lists(NUMBERS | WORDS))
def test_the_bytes_are_those_of_the_standard(value):
    assert canonical(value) == rfc8785.dumps(value)


def test_names_are_ordered_as_the_standard_orders_them():
    # By UTF-16 units, where U+10000 comes before U+FB33 (RFC 8785, section 3.2.3).
    assert canonical({"\ufb33": "a", "\U00010000": "b"}).startswith(b'{"\xf0')


@pytest.mark.parametrize("value", [2**53, float("nan"), ["\ud800"], {"\ud800": 1}])
def test_what_cannot_be_carried_is_refused(value):
    with pytest.raises(RecordError, match="canonically"):
        canonical(value)
