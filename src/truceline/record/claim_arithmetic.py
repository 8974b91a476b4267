"""The arithmetic of a claim: parts and events against totals, subsets, units and periods."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from truceline.core.types.time import format_time
from truceline.record.claims import Claim, ClaimFinding, Item, Number


def check_arithmetic(claim: Claim) -> tuple[ClaimFinding, ...]:
    """Return what the arithmetic of a claim shows, faults first; nothing where all is plain.

    Limits are taken for what they can mean: "more than 950" is from 951 up, and a total
    then fixes it, which is said as an `implied` number and is no fault.
    """
    findings = [
        *_sums(claim),
        *_contained(claim),
        *_restated(claim),
        *_units(claim),
        *_periods(claim),
        *_listed(claim),
        *_outside(claim),
        *_repeated(claim),
    ]
    return tuple(sorted(findings, key=lambda f: not f.is_fault))


def sum_of_parts(claim: Claim, parent: str | None = None) -> Number | None:
    """Return the sum of the parts of the total, or of an item; none where there are none.

    The sum has a bound if a part has one.
    """
    parts = _parts(claim, parent)
    if not parts:
        return None
    bounds = {part.number.bound for part in parts} - {"exact"}
    bound = "exact" if not bounds else bounds.pop() if len(bounds) == 1 else "about"
    return Number(value=sum(part.number.value for part in parts), bound=bound)


def _parts(claim: Claim, parent: str | None) -> list[Item]:
    return [i for i in claim.items if i.relation == "part_of" and i.of == parent]


def _wholes(claim: Claim) -> Iterator[tuple[str, str | None, Number]]:
    """Yield the total and every item, with the name it is spoken of by."""
    if claim.total is not None:
        yield "the total", None, claim.total
    for item in claim.items:
        yield f"{item.name!r}", item.id, item.number


def _sums(claim: Claim) -> Iterator[ClaimFinding]:
    for name, key, whole in _wholes(claim):
        parts = _parts(claim, key)
        if not parts:
            continue
        exact = sum(p.number.value for p in parts)
        low, high = sum(p.number.low for p in parts), sum(p.number.high for p in parts)
        if low > whole.high or high < whole.low:
            listed = " + ".join(_said(p.number) for p in parts)
            said = f"The parts of {name} are {listed} = {exact:,.0f}, and {_said(whole)} is stated"
            yield _gap(claim, said, key, whole.value, exact)
        else:
            yield from _implied(claim.id, name, whole, parts)


def _gap(
    claim: Claim, said: str, parent: str | None, stated: float, computed: float
) -> ClaimFinding:
    """Return the finding of a sum that does not meet its total, and what may explain it."""
    gap = stated - computed
    apart = [i.number.value for i in claim.items if i.relation == "apart_from" and i.of == parent]
    if apart and sum(apart) == gap:
        listed = " + ".join(f"{value:,.0f}" for value in apart)
        return ClaimFinding(
            claim.id,
            "sum",
            False,
            f"{said}: the {gap:,.0f} left over are exactly the {listed} that the statement "
            "names apart, without saying that the total holds them.",
            stated,
            computed,
        )
    side = "unexplained" if gap > 0 else "too many"
    return ClaimFinding(claim.id, "sum", True, f"{said}: {abs(gap):,.0f} {side}.", stated, computed)


def _implied(
    claim_id: str, name: str, whole: Number, parts: Sequence[Item]
) -> Iterator[ClaimFinding]:
    """Yield what the total says of the one part that was given only as a limit."""
    loose = [p for p in parts if p.number.bound != "exact"]
    if whole.bound != "exact" or len(loose) != 1:
        return
    rest = whole.value - sum(p.number.value for p in parts if p is not loose[0])
    yield ClaimFinding(
        claim_id,
        "implied",
        False,
        f"With {_said(whole)} for {name}, the {_said(loose[0].number)} of {loose[0].name!r} "
        f"can only be {rest:,.0f}.",
        loose[0].number.value,
        rest,
    )


def _contained(claim: Claim) -> Iterator[ClaimFinding]:
    wholes = {key: (name, number) for name, key, number in _wholes(claim)}
    for item in claim.items:
        if item.relation != "subset_of" or item.of not in wholes:
            continue
        name, whole = wholes[item.of]
        if item.number.low > whole.high:
            yield ClaimFinding(
                claim.id,
                "subset",
                True,
                f"The {_said(item.number)} of {item.name!r} are said to be among {name}, "
                f"which is only {_said(whole)}.",
                item.number.value,
                whole.value,
            )


def _restated(claim: Claim) -> Iterator[ClaimFinding]:
    wholes = {key: (name, number) for name, key, number in _wholes(claim)}
    for item in claim.items:
        if item.relation != "restates" or item.of not in wholes:
            continue
        name, whole = wholes[item.of]
        if item.number.low > whole.high or item.number.high < whole.low:
            yield ClaimFinding(
                claim.id,
                "restated",
                True,
                f"{name[:1].upper()}{name[1:]} is {_said(whole)} in one place and "
                f"{_said(item.number)} in another.",
                item.number.value,
                whole.value,
            )


def _units(claim: Claim) -> Iterator[ClaimFinding]:
    other = [i for i in claim.items if i.relation == "part_of" and i.unit not in (None, claim.unit)]
    if other:
        units = ", ".join(sorted({str(i.unit) for i in other}))
        yield ClaimFinding(
            claim.id,
            "unit",
            False,
            f"The total counts {claim.unit}, and parts of it count something else: {units}.",
        )


def _periods(claim: Claim) -> Iterator[ClaimFinding]:
    for item in claim.items:
        period = item.period
        if period is None or item.relation == "restates":
            continue
        if claim.period.start <= period.start and period.end <= claim.period.end:
            continue
        yield ClaimFinding(
            claim.id,
            "period",
            True,
            f"{item.name!r} covers {format_time(period.start)} to {format_time(period.end)}, "
            "which reaches beyond the period of the claim.",
        )


def _listed(claim: Claim) -> Iterator[ClaimFinding]:
    """Yield how the number of events listed stands to the total, each being one of it."""
    n, total = len(claim.events), claim.total
    if n == 0 or total is None or total.low <= n <= total.high:
        return
    is_fault = n > total.high
    gap = n - total.high if is_fault else total.low - n
    rest = "too many" if is_fault else "without time and place"
    yield ClaimFinding(
        claim.id,
        "listed",
        is_fault,
        f"{n:,} events are listed, and {_said(total)} is stated: {gap:,.0f} {rest}.",
        total.value,
        float(n),
    )


def _outside(claim: Claim) -> Iterator[ClaimFinding]:
    start, end = claim.period.start, claim.period.end
    outside = [n for n, e in enumerate(claim.events, 1) if not start <= e.t < end]
    if outside:
        yield ClaimFinding(
            claim.id,
            "period",
            True,
            f"{_events(outside)} outside the stated period, {format_time(start)} to "
            f"{format_time(end)}.",
        )


def _repeated(claim: Claim) -> Iterator[ClaimFinding]:
    """Yield the events that say an earlier one again, to the same time, place and kind."""
    first: dict[tuple[object, ...], int] = {}
    for n, event in enumerate(claim.events, 1):
        if (earlier := first.setdefault(event.same, n)) != n:
            yield ClaimFinding(
                claim.id, "repeated", True, f"Event {n} is event {earlier} again: counted twice."
            )


def _events(numbers: Sequence[int]) -> str:
    listed = ", ".join(map(str, numbers))
    return f"Event {listed} lies" if len(numbers) == 1 else f"Events {listed} lie"


def _said(number: Number) -> str:
    words = {
        "above": "more than ",
        "at_least": "at least ",
        "below": "fewer than ",
        "at_most": "at most ",
        "about": "about ",
        "exact": "",
    }
    return f"{words[number.bound]}{number.value:,.0f}"
