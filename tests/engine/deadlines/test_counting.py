"""Days are counted as the law counts them: every worked value, and a property over all starts and lengths."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.deadlines import shipped
from engine.deadlines.counting import Calendar, after_working_days, due

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = shipped.calendar()
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("duration", "start", "on"),
    [
        pytest.param(
            "P1D", MONDAY, date(2026, 11, 24), id="民法典 §201, 民事诉讼法 §85: the day of the event is not counted"
        ),
        pytest.param("P7D", date(2026, 9, 28), date(2026, 10, 5), id="民法典 §203: an organ's duty stays on a holiday"),
        pytest.param("P15D", date(2026, 9, 25), date(2026, 10, 10), id="劳动争议调解仲裁法 §14: 15 calendar days"),
        pytest.param("P45D", date(2026, 9, 25), date(2026, 11, 9), id="劳动争议调解仲裁法 §43: 45 calendar days"),
        pytest.param("WD3", date(2026, 9, 25), date(2026, 9, 30), id="仲裁办案规则 2017: 3 working days"),
        pytest.param("WD5", date(2026, 9, 25), date(2026, 10, 9), id="劳动争议调解仲裁法 §29: 5 working days"),
        pytest.param("WD10", date(2026, 9, 25), date(2026, 10, 15), id="仲裁办案规则 2017: 10 working days"),
        pytest.param("P15D", date(2026, 9, 20), date(2026, 10, 5), id="信访工作条例 §22: calendar days, nothing rolls"),
        pytest.param("P15D", MONDAY, date(2026, 12, 8), id="信访工作条例 §22: 15 days"),
        pytest.param("P30D", MONDAY, date(2026, 12, 23), id="人民调解工作若干规定 §33: 30 days"),
        pytest.param("P60D", MONDAY, date(2027, 1, 22), id="信访工作条例 §34: 60 days"),
        pytest.param("P90D", MONDAY, date(2027, 2, 21), id="信访工作条例 §34: 60 + 30 days"),
        pytest.param("WD5", MONDAY, date(2026, 11, 30), id="信访工作条例 §23: 5 working days"),
        pytest.param("WD7", MONDAY, date(2026, 12, 2), id="消费者权益保护法 §46: 7 working days"),
        pytest.param("WD5", date(2026, 9, 29), date(2026, 10, 12), id="国庆: a holiday week and a make-up Saturday"),
        pytest.param("WD1", date(2026, 10, 9), date(2026, 10, 10), id="调休: a Saturday that is worked"),
        pytest.param("P2Y", date(2026, 12, 31), date(2028, 12, 31), id="民事诉讼法 §250: 2 years"),
        pytest.param(
            "P1Y", date(2028, 2, 29), date(2029, 2, 28), id="民法典 §202: no 29 February, the month's last day"
        ),
    ],
)
def test_last_day(duration: str, start: date, on: date) -> None:
    found = due(duration, start, CALENDAR)
    assert (found.on, found.displayed) == (on, on)


@pytest.mark.parametrize(
    ("duration", "start", "on", "displayed"),
    [
        pytest.param("P30D", date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 8), id="民事诉讼法 §205: into 国庆"),
        pytest.param("P90D", MONDAY, date(2027, 2, 21), date(2027, 2, 22), id="民法典 §203: into a Sunday"),
        pytest.param("P30D", MONDAY, date(2026, 12, 23), date(2026, 12, 23), id="民法典 §203: a working day stays"),
        pytest.param("P1D", date(2026, 9, 19), date(2026, 9, 20), date(2026, 9, 20), id="调休: a worked Sunday stays"),
    ],
)
def test_rights_of_citizens_roll_forward_in_display_only(duration: str, start: date, on: date, displayed: date) -> None:
    found = due(duration, start, CALENDAR, roll_forward=True)
    assert (found.on, found.displayed) == (on, displayed)
    assert dict(found.warn)["overdue"].astimezone(SHANGHAI).date() == on, "warnings go from the day that is not rolled"


def test_hours_run_on_through_nights_and_weekends() -> None:
    """反家庭暴力法 §28, 民法典 §201, 民诉法解释 §125: 72 hours from the hour, not from the day."""
    found = due("PT72H", datetime(2026, 11, 23, 16, 20, tzinfo=SHANGHAI), CALENDAR)
    assert found.at == datetime(2026, 11, 26, 16, 20, tzinfo=SHANGHAI)
    assert found.on == date(2026, 11, 26)


def test_the_holidays_and_make_up_workdays_of_2026_are_those_that_were_announced() -> None:
    """民法典 §203, 全国年节及纪念日放假办法 §2: every day that is no plain weekday or weekend."""
    off = {
        date(2026, month, day)
        for month, first, last in (
            (1, 1, 3), (2, 15, 23), (4, 4, 6), (5, 1, 5), (6, 19, 21), (9, 25, 27), (10, 1, 7),
        )
        for day in range(first, last + 1)
    }  # fmt: skip
    worked = {date(2026, *day) for day in ((1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10))}
    assert (set(CALENDAR.holidays), set(CALENDAR.workdays)) == (off, worked)
    for n in range(365):
        day = date(2026, 1, 1) + timedelta(days=n)
        assert CALENDAR.is_working_day(day) == (day in worked or (day.isoweekday() < 6 and day not in off)), day


def test_hours_need_an_hour_to_start_from() -> None:
    with pytest.raises(ValueError, match="hour"):
        due("PT72H", MONDAY, CALENDAR)


def test_a_day_ends_with_its_last_second_in_the_county() -> None:
    """民法典 §203: the last day ends at twenty-four o'clock."""
    found = due("P15D", datetime(2026, 11, 23, 23, 30, tzinfo=SHANGHAI), CALENDAR)
    assert found.at == datetime(2026, 12, 8, 23, 59, 59, tzinfo=SHANGHAI)


def test_an_instant_counts_from_the_day_it_is_in_the_county() -> None:
    late = datetime(2026, 11, 22, 17, 0, tzinfo=ZoneInfo("UTC"))  # already the 23rd in the county
    assert due("P15D", late, CALENDAR).on == date(2026, 12, 8)


def test_warnings_come_at_half_at_eighty_percent_the_day_before_and_at_the_end() -> None:
    found = due("P30D", datetime(2026, 11, 23, 0, 0, tzinfo=SHANGHAI), CALENDAR)
    days = [(mark, at.astimezone(SHANGHAI).date()) for mark, at in found.warn]
    assert days == [
        ("half", date(2026, 12, 8)),
        ("eighty", date(2026, 12, 17)),
        ("day_before", date(2026, 12, 22)),
        ("overdue", date(2026, 12, 23)),
    ]


def test_a_year_without_a_calendar_is_said_where_it_matters() -> None:
    assert due("P60D", MONDAY, CALENDAR).missing_years == (), "calendar days need no calendar"
    assert due("WD5", MONDAY, CALENDAR).missing_years == ()
    assert due("P90D", MONDAY, CALENDAR, roll_forward=True).missing_years == (2027,)
    assert due("WD60", MONDAY, CALENDAR).missing_years == (2027,)


@pytest.mark.parametrize("text", ["", "30", "P1M", "WD", "P-3D", "PT5S", "P30Dx"])
def test_other_durations_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        due(text, MONDAY, CALENDAR)


days = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(start=days, count=st.integers(0, 60), holidays=st.sets(days, max_size=60), workdays=st.sets(days, max_size=30))
def test_working_days_equal_a_count_day_by_day(
    start: date, count: int, holidays: set[date], workdays: set[date]
) -> None:
    calendar = Calendar(holidays, workdays)
    end = after_working_days(start, count, calendar)
    after = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    worked = [day for day in after if day in workdays or (day.isoweekday() <= 5 and day not in holidays)]
    assert len(worked) == count
    assert not after or worked[-1] == end, "the last day counted is a working day"
