"""What a clause says of the stock: gone, there again, or how much is left."""

from domain.numerals import find_numbers
from domain.product import ProductRecord
from tools.live_facts.cues import says


def is_gone(text: str) -> bool:
    """Whether a text says that something has sold out."""
    return says("gone", text) and not says("gone_not", text)


def is_back(text: str) -> bool:
    """Whether a text says that something is there again."""
    return says("back", in_digits(text)) and not says("back_not", text)


def in_digits(text: str) -> str:
    """A text with its whole numbers in digits: `eight pieces`, `二十包`."""
    for number in reversed(find_numbers(text)):
        if number.value == number.value.to_integral_value():
            text = f"{text[: number.start]}{int(number.value)}{text[number.end :]}"
    return text


def stock_field(clause: str, record: ProductRecord | None) -> str:
    """The variant of the record whose words are all said, else the whole product."""
    said = clause.casefold()
    for variant in record.variants.stock if record else ():
        if all(part in said for part in variant.casefold().split()):
            return f"variants.stock.{variant}"
    return "variants.stock"
