"""Days and instants, across every change of clocks."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.clock import day_bounds, is_time_zone, iso, local_day, now, parse_instant

_SAO_PAULO = "America/Sao_Paulo"
_ZONES = st.sampled_from(
    [_SAO_PAULO, "America/New_York", "America/Havana", "Asia/Beirut", "Australia/Lord_Howe", "UTC"]
)


def test_now_is_aware_utc() -> None:
    before = datetime.now(UTC)
    assert now().utcoffset() == timedelta(0)
    assert before <= now() <= datetime.now(UTC)


class TestDayBounds:
    @pytest.mark.parametrize(
        ("day", "zone", "start", "hours"),
        [
            (date(2026, 11, 23), _SAO_PAULO, "2026-11-23T03:00:00Z", 24),
            # Brazil's clocks went forward at midnight: the day began at 01:00.
            (date(2018, 11, 4), _SAO_PAULO, "2018-11-04T03:00:00Z", 23),
            # And back at midnight: the day before had its last hour twice.
            (date(2018, 2, 17), _SAO_PAULO, "2018-02-17T02:00:00Z", 25),
            (date(2018, 2, 18), _SAO_PAULO, "2018-02-18T03:00:00Z", 24),
            (date(2026, 3, 8), "America/New_York", "2026-03-08T05:00:00Z", 23),
            (date(2026, 11, 1), "America/New_York", "2026-11-01T04:00:00Z", 25),
            # Havana's midnight hour happens twice; the day starts with the first.
            (date(2025, 11, 2), "America/Havana", "2025-11-02T04:00:00Z", 25),
            # Samoa went over the date line and never had this day.
            (date(2011, 12, 30), "Pacific/Apia", "2011-12-30T10:00:00Z", 0),
        ],
    )
    def test_known_days(self, day: date, zone: str, start: str, hours: int) -> None:
        begin, end = day_bounds(day, zone)
        assert begin == parse_instant(start)
        assert end - begin == timedelta(hours=hours)

    @given(st.dates(date(1985, 1, 1), date(2037, 12, 31)), _ZONES)
    def test_holds_exactly_the_instants_of_the_day(self, day: date, zone: str) -> None:
        begin, end = day_bounds(day, zone)
        tick = timedelta(microseconds=1)
        assert begin.utcoffset() == end.utcoffset() == timedelta(0)
        assert local_day(begin, zone) == local_day(end - tick, zone) == day
        assert local_day(begin - tick, zone) == day - timedelta(days=1)
        assert local_day(end, zone) == day + timedelta(days=1)

    @pytest.mark.parametrize(
        ("day", "zone"), [(date.max, _SAO_PAULO), (date.max, "UTC"), (date.min, "Asia/Tokyo")]
    )
    def test_ends_of_the_calendar(self, day: date, zone: str) -> None:
        with pytest.raises(ValueError, match="intervalo"):
            day_bounds(day, zone)

    def test_unknown_zone(self) -> None:
        with pytest.raises(ZoneInfoNotFoundError):
            day_bounds(date(2026, 1, 1), "America/Nenhures")


class TestInstants:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-11-23T22:12:42.123456Z",
            "2026-11-23t22:12:42.123456z",
            "2026-11-23 19:12:42.123456-03:00",
            "2026-11-23T19:12:42.123456-0300",
            "2026-11-24T03:42:42.123456789+05:30",
        ],
    )
    def test_reads_any_offset_into_utc(self, text: str) -> None:
        instant = parse_instant(text)
        assert instant.utcoffset() == timedelta(0)
        assert iso(instant) == "2026-11-23T22:12:42.123456Z"

    def test_seconds_and_fraction_are_optional(self) -> None:
        assert iso(parse_instant("2026-11-23T22:12Z")) == "2026-11-23T22:12:00.000000Z"
        assert iso(parse_instant("2026-11-23T22:12:42.1Z")) == "2026-11-23T22:12:42.100000Z"

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "2026-11-23",
            "2026-11-23T22:12:42",
            "2026-11-23T22:12:42 03:00",
            "2026-11-23T24:00:00Z",
            "2026-11-23T22:60:00Z",
            "2026-11-23T22:12:60Z",
            "2026-02-29T00:00:00Z",
            "2026-W48-1T22:12:42Z",
            "20261123T221242Z",
            "2026-11-23x22:12:42Z",
            "2026-11-23T22:12:42Z\n",
            "2026-11-23T22:12:42+24:00",
            "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+05:00",
            "9999-12-31T23:59:59-03:00",
            "２０２６-11-23T22:12:42Z",
            "1763935962",
        ],
    )
    def test_refuses_anything_else(self, text: str) -> None:
        with pytest.raises(ValueError, match="ISO 8601"):
            parse_instant(text)

    @given(
        st.datetimes(timezones=st.just(timezone(timedelta(hours=-3))), min_value=datetime(2, 1, 1))
    )
    def test_round_trip(self, instant: datetime) -> None:
        if instant.year < 9999:
            assert parse_instant(iso(instant)) == instant

    def test_naive_instants_are_refused(self) -> None:
        naive = datetime(2026, 11, 23)
        with pytest.raises(ValueError, match="without time zone"):
            iso(naive)
        with pytest.raises(ValueError, match="without time zone"):
            local_day(naive, _SAO_PAULO)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        (_SAO_PAULO, True),
        ("UTC", True),
        ("", False),
        ("america/sao_paulo", False),
        ("../etc/passwd", False),
        ("America", False),
        ("localtime", False),
        ("Factory", False),
        ("\x00", False),
    ],
)
def test_is_time_zone(name: str, known: bool) -> None:
    assert is_time_zone(name) is known
