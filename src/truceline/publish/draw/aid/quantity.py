"""Numbers of aid as words: in billions or millions, in per cent, by the head."""

from __future__ import annotations

from dataclasses import dataclass

#: Reads as minus in every face, and lines up with plus.
MINUS = "\u2212"


@dataclass(frozen=True)
class Quantity:
    """A unit to print.

    Attributes
    ----------
    axis : str
        What stands at the axis, such as `US dollars, billion`.
    divisor : float
        What values are divided by before printing.
    suffix : str
        What follows a number, such as ` bn`.
    digits : int
        Decimals of a small number.
    """

    axis: str
    divisor: float = 1.0
    suffix: str = ""
    digits: int = 2

    def say(self, value: float | None, *, signed: bool = False) -> str:
        """Return a value in words; what is unknown is said so.

        Examples
        --------
        >>> Quantity("euros, billion", 1e9, " bn").say(4922654143.4)
        '4.92 bn'
        """
        if value is None:
            return "not known"
        number = value / self.divisor
        digits = self.digits if abs(number) < 100 else max(self.digits - 1, 0)
        plain = f"{abs(number):,.{digits}f}"
        zero = not plain.strip("0.,")
        sign = MINUS if number < 0 and not zero else "+" if signed and not zero else ""
        return f"{sign}{plain}{self.suffix}"

    def tick(self, value: float) -> str:
        """Return a round value for an axis."""
        number = value / self.divisor
        return f"{number:,.10g}".replace("-", MINUS)


MONEY = {
    "usd": "US dollars",
    "eur": "euros",
    "constant": "constant euros",
    "national": "donor's own currency",
}

#: What sums of money are told in: the word, its divisor, and what follows a number.
SCALES = {"billion": (1e9, " bn"), "million": (1e6, " m")}


def scale_of(largest: float) -> str:
    """Return what sums are told in whose largest is so many euros.

    Examples
    --------
    >>> scale_of(13.73e9), scale_of(120e6)
    ('billion', 'million')
    """
    return "billion" if largest >= 1e9 else "million"


def quantity_of(unit: str, base: int | None = None, scale: str = "billion") -> Quantity:
    """Return how values of a unit are printed.

    Parameters
    ----------
    unit : str
        `usd`, `eur`, `national`, `constant`, `gdp_share` or `per_head`.
    base : int or None
        Base year of constant prices.
    scale : str
        `billion` or `million`, for sums of money.
    """
    if unit == "gdp_share":
        return Quantity("per cent of GDP", suffix=" %", digits=3)
    if unit == "per_head":
        return Quantity("euros per head", digits=0)
    words = MONEY[unit] + (f" of {base}" if unit == "constant" and base else "")
    divisor, suffix = SCALES[scale]
    return Quantity(f"{words}, {scale}", divisor, suffix)
