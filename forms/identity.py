"""Numbers of a form of their own: identity number, other identity papers, credit code, telephone, e-mail.

Each function takes what somebody typed and gives the number as it is stored, or raises `Wrong` with a code that says
precisely what is wrong (sentences in `forms.messages`).
"""

import re
import unicodedata
from datetime import date

from forms.wrong import Wrong

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECKS = "10X98765432"
CREDIT_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
# GB/T 2260: the first two digits; 81 to 83 stand on residence permits of Hong Kong, Macao and Taiwan.
PROVINCES = "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82 83"
THREE_DIGIT_AREAS = ("010", "02")


def compact(typed: str) -> str:
    """Full-width characters made plain; blanks, dashes between digits and invisible marks removed."""
    plain = unicodedata.normalize("NFKC", typed)
    return re.sub(r"[\s\u200b-\u200f\u202a-\u202e\ufeff]", "", plain)


def identity_number(typed: str) -> str:
    """公民身份号码 (GB 11643-1999): division 6, birth 8, sequence 3, check 1 (ISO 7064 MOD 11-2)."""
    number = compact(typed).replace("-", "").upper()
    if len(number) == 15 and _digits(number):
        raise Wrong("identity-15")
    if number[:2] not in PROVINCES.split() and len(number) == 18 and _digits(number[:17]):
        raise Wrong("identity-division")
    return _card(number)


def _card(number: str) -> str:
    """A number of eighteen places with a date of birth and the check of GB 11643-1999."""
    if len(number) != 18:
        raise Wrong("identity-length", found=len(number))
    if not _digits(number[:17]) or number[17] not in ID_CHECKS:
        raise Wrong("identity-characters")
    try:
        birth_date(number)
    except ValueError:
        raise Wrong("identity-date", date=f"{number[6:10]}-{number[10:12]}-{number[12:14]}") from None
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, number, strict=False))
    if ID_CHECKS[total % 11] != number[17]:
        raise Wrong("identity-checksum")
    return number


def birth_date(identity: str) -> date:
    """The date of birth within an identity number; ValueError where no such day exists."""
    return date(int(identity[6:10]), int(identity[10:12]), int(identity[12:14]))


def masked(identity: str) -> str:
    """An identity number as it may be shown: division and the last four characters (``610927********3017``).

    Of the number of another paper the last three, where it is long enough.
    """
    if len(identity) == 18:
        return f"{identity[:6]}{'*' * 8}{identity[-4:]}"
    return f"{'*' * (len(identity) - 3)}{identity[-3:]}" if len(identity) >= 8 else "*" * len(identity)


def paper_number(typed: str) -> str:
    """The number of an identity card, passport, residence or travel permit: 5 to 20 letters and digits, in capitals.

    What is as long as an identity number and has its digits has to be one, or that of a foreigner's permanent
    residence card (外国人永久居留身份证: 9, then place and country, birth, sequence and the same check).
    """
    number = re.sub(r"[-/()]", "", compact(typed)).upper()
    if re.fullmatch(r"[0-9]{14,19}[0-9X]", number):
        return _card(number) if number[0] == "9" else identity_number(number)
    if not re.fullmatch(r"[0-9A-Z]{5,20}", number) or not re.search("[0-9]", number):
        raise Wrong("paper-number")
    return number


def credit_code(typed: str) -> str:
    """统一社会信用代码 (GB 32100-2015): 17 characters, weights 3^(i-1) mod 31, and a check character."""
    code = compact(typed).replace("-", "").upper()
    if len(code) != 18:
        raise Wrong("credit-length", found=len(code))
    strange = [character for character in code if character not in CREDIT_CHARACTERS]
    if strange:
        raise Wrong("credit-characters", found=strange[0])
    total = sum(CREDIT_CHARACTERS.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    if CREDIT_CHARACTERS[-total % 31] != code[17]:
        raise Wrong("credit-checksum")
    return code


def phone(typed: str) -> str:
    """A mobile, a landline with area code, a 400 or 800 number, or a foreign one with ``+``; stored without blanks."""
    number = re.sub(r"[-()]", "", compact(typed))
    if re.fullmatch(r"(\+|00)86[0-9]+", number):
        number = number[number.index("86") + 2 :]
        number = number if re.match(r"1[3-9]|[48]00", number) else f"0{number.lstrip('0')}"
    if re.fullmatch(r"1[3-9][0-9]{9}|[48]00[0-9]{7}", number) or re.fullmatch(r"\+[1-9][0-9]{6,14}", number):
        return number
    if re.fullmatch(r"0[1-9][0-9]{8,10}", number):
        area = 3 if number.startswith(THREE_DIGIT_AREAS) else 4
        if len(number) - area in (7, 8):
            return f"{number[:area]}-{number[area:]}"
    if re.fullmatch(r"[2-9][0-9]{6,7}", number):
        raise Wrong("phone-area")
    raise Wrong("phone")


def email(typed: str) -> str:
    """An e-mail address: something, an at sign, a domain with a dot. Whether it is read, only a letter can tell."""
    address = compact(typed)
    if len(address) > 254 or not re.fullmatch(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+", address):
        raise Wrong("email")
    return address


def _digits(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9]*", text))


CHECKS = {
    "identity-number": identity_number, "paper-number": paper_number, "credit-code": credit_code, "phone": phone,
    "email": email,
}  # fmt: skip
