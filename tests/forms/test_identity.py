"""Identity number (GB 11643-1999), credit code (GB 32100-2015), telephone numbers."""

import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.identity import CREDIT_CHARACTERS, ID_CHECKS, ID_WEIGHTS, credit_code, identity_number, masked, phone
from forms.wrong import Wrong
from tests.forms.making import codes, form, question, validated

# Checksum-valid with 19th-century dates of birth, so that no living person holds them.
VALID = (
    "610927188506123017", "61092718900101002X", "610927187203151112", "610927185508082016", "61092718781123451X",
    "610927189607040151",
)  # fmt: skip
# Worked vectors of the rule itself.
WORKED = ("610927198506123016", "610927199001010029", "610927195508082015")
CREDIT = ("91350100M000100Y43", "91610927MA70ABCD1J", "12610927MB2X12345Y", "52610927MJT01234XD")


def refusal(check: object, typed: str) -> str:
    with pytest.raises(Wrong) as caught:
        check(typed)  # type: ignore[operator]
    return caught.value.code


@pytest.mark.parametrize("number", VALID + WORKED)
def test_valid_identity_numbers_are_accepted(number: str) -> None:
    assert identity_number(number) == number


@pytest.mark.parametrize(
    "typed", ["61092718900101002x", " 610927 18900101 002x ", "６１０９２７１８９００１０１００２ｘ"]
)
def test_identity_numbers_are_stored_in_one_form(typed: str) -> None:
    assert identity_number(typed) == "61092718900101002X"


@pytest.mark.parametrize("number", VALID)
def test_any_one_wrong_digit_is_noticed(number: str) -> None:
    for place in range(17):
        for digit in string.digits.replace(number[place], ""):
            with pytest.raises(Wrong):
                identity_number(number[:place] + digit + number[place + 1 :])


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("61092718660229102X", "identity-date"),  # 1866 was no leap year
        ("610927188513123017", "identity-date"),
        ("610927188506123018", "identity-checksum"),
        ("61092718850612301", "identity-length"),
        ("610927850612301", "identity-15"),
        ("61092718850612301A", "identity-characters"),
        ("6109271885O6123017", "identity-characters"),
        ("990927188506123017", "identity-division"),
        ("٦١٠٩٢٧١٨٨٥٠٦١٢٣٠١٧", "identity-characters"),
    ],
)
def test_a_wrong_identity_number_says_what_is_wrong(typed: str, code: str) -> None:
    assert refusal(identity_number, typed) == code


def test_a_birth_date_after_today_is_refused() -> None:
    head = "61092720270101001"
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, head, strict=True))
    person = form(question("textfield", "number", properties={"check": "identity-number"}))
    assert codes(validated(person, {"number": head + ID_CHECKS[total % 11]})) == {"/number": "identity-future"}


@given(
    st.dates(min_value=date(1800, 1, 1), max_value=date(1899, 12, 31)),
    st.integers(0, 999),
)
def test_a_number_built_by_the_rule_is_accepted_with_its_check_only(day: date, sequence: int) -> None:
    head = f"610927{day:%Y%m%d}{sequence:03}"
    accepted = []
    for check in "0123456789X":
        try:
            accepted.append(identity_number(head + check))
        except Wrong as wrong:
            assert wrong.code == "identity-checksum"
    assert len(accepted) == 1


@given(st.text(max_size=40))
def test_any_text_is_an_identity_number_or_a_known_refusal(text: str) -> None:
    try:
        assert identity_number(identity_number(text)) == identity_number(text)
    except Wrong as wrong:
        assert wrong.code.startswith("identity-")


@pytest.mark.parametrize("code", CREDIT)
def test_valid_credit_codes_are_accepted(code: str) -> None:
    assert credit_code(code) == credit_code(code.lower()) == code


@pytest.mark.parametrize("code", CREDIT)
def test_any_one_wrong_character_of_a_credit_code_is_noticed(code: str) -> None:
    for place in range(17):
        for character in CREDIT_CHARACTERS.replace(code[place], ""):
            assert refusal(credit_code, code[:place] + character + code[place + 1 :]) == "credit-checksum"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("91350100M000100Y4", "credit-length"),
        ("91350100M000100Y4I", "credit-characters"),
        ("91350100M000100Y44", "credit-checksum"),
        ("九1350100M000100Y43", "credit-characters"),
    ],
)
def test_a_wrong_credit_code_says_what_is_wrong(typed: str, code: str) -> None:
    assert refusal(credit_code, typed) == code


@given(st.text(max_size=40))
def test_any_text_is_a_credit_code_or_a_known_refusal(text: str) -> None:
    try:
        assert credit_code(credit_code(text)) == credit_code(text)
    except Wrong as wrong:
        assert wrong.code.startswith("credit-")


@given(st.text(alphabet=CREDIT_CHARACTERS, min_size=17, max_size=17))
def test_every_credit_code_has_exactly_one_check_character(head: str) -> None:
    accepted = 0
    for check in CREDIT_CHARACTERS:
        try:
            credit_code(head + check)
            accepted += 1
        except Wrong:
            pass
    assert accepted == 1


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0915-3300000", "0915-3300000"),
        ("09153300000", "0915-3300000"),
        ("（0915）3300000", "0915-3300000"),
        ("+86 915 3300000", "0915-3300000"),
        ("010-12345678", "010-12345678"),
        ("400-000-0000", "4000000000"),
        ("+852 2123 4567", "+85221234567"),
    ],
)
def test_telephone_numbers_are_stored_in_one_form(typed: str, stored: str) -> None:
    assert phone(typed) == stored
    assert phone(stored) == stored


@pytest.mark.parametrize(("typed", "code"), [("3300000", "phone-area"), ("12345", "phone"), ("没有", "phone")])
def test_a_wrong_telephone_number_says_what_is_missing(typed: str, code: str) -> None:
    assert refusal(phone, typed) == code


def test_a_masked_number_shows_division_and_end() -> None:
    assert masked("610927188506123017") == "610927********3017"
    assert masked("E12345678") == "******678"
    assert masked("12345") == "*****"
