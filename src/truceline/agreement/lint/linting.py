"""The lint: every place at which an agreement will be disputed, or cannot be watched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from truceline.agreement.documents import FaultsError
from truceline.agreement.lint.checks import CHECKS, Terms
from truceline.agreement.lint.findings import Finding, found, in_order
from truceline.agreement.lint.ground import ground_findings
from truceline.agreement.lint.periods import contradictions, gaps
from truceline.agreement.reading import AgreementFile, load_agreement
from truceline.core.types.errors import TermsError, TrucelineError, Where

_ALL = {**CHECKS, "period-contradiction": (contradictions,), "period-gap": (gaps,)}

#: What a fault of reading is a case of, by words of its message.
_FAULTS = (("has no offset", "time-without-offset"), ("is not declared", "unknown-name"))


def lint_file(path: Path, observable: Mapping[str, tuple[str, ...]]) -> tuple[Finding, ...]:
    """Find what will be disputed in an agreement, or cannot be watched.

    A file that cannot be read gives findings too, and never an error.

    Parameters
    ----------
    path : Path
        An `agreement.yaml`, with its folder `geometry` beside it.
    observable : mapping
        Phenomena that each listed source can see, by the name of the source.

    Returns
    -------
    tuple of Finding
        The gravest first, then as they stand in the file.

    Examples
    --------
    >>> from truceline.agreement.examples import example_path
    >>> sinai = lint_file(example_path("sinai"), {"patrols": ("explosion", "weapon_present")})
    >>> sorted({finding.rule for finding in sinai})
    ['no-definitions', 'no-ladder', 'obstruction-no-violation']
    """
    try:
        terms = load_agreement(path)
    except TrucelineError as fault:
        return in_order(list(_faults(fault, path)))
    return lint(terms, observable)


def lint(terms: AgreementFile, observable: Mapping[str, tuple[str, ...]]) -> tuple[Finding, ...]:
    """Find the same in an agreement that was read; see `lint_file`."""
    given = Terms(terms.agreement, observable)
    findings = [
        found(rule, terms.where(*place), message)
        for rule, checks in _ALL.items()
        for check in checks
        for place, message in check(given)
    ]
    return in_order([*findings, *ground_findings(terms)])


def _faults(fault: TrucelineError, path: Path) -> Iterator[Finding]:
    single: tuple[TrucelineError, ...] = (
        fault.faults if isinstance(fault, FaultsError) else (fault,)
    )
    for one in single:
        where = one.where or Where(str(path))
        yield found(_rule_of(one, where), where, one.message)


def _rule_of(fault: TrucelineError, where: Where) -> str:
    for words, rule in _FAULTS:
        if isinstance(fault, TermsError) and words in fault.message:
            return rule
    missing = fault.message.startswith("Field required")
    is_start = (where.field or "").split(".")[-1] in ("start", "in_force")
    return "start-unsaid" if missing and is_start else "unreadable"
