"""The addresses that quotas count."""

import pytest

from utils.wire.addresses import counted_address


@pytest.mark.parametrize(
    ("written", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("192.0.2.7:51234", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("[::ffff:192.0.2.7]:443", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("[2001:db8:1:2:3:4:5:6]:443", "2001:db8:1:2::"),
        (" 2001:db8:1:2::1 ", "2001:db8:1:2::"),
        ("unknown", "unknown"),
        ("", ""),
    ],
)
def test_one_subscriber_is_one_address(written: str, counted: str) -> None:
    assert counted_address(written) == counted


def test_two_subscribers_behind_a_socket_of_both_families_are_two() -> None:
    assert counted_address("::ffff:192.0.2.7") != counted_address("::ffff:192.0.2.8")
