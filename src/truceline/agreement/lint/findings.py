"""What the lint finds: a rule, a place in the file, and what stands there."""

from __future__ import annotations

from dataclasses import dataclass

from truceline.agreement.lint.rules import RULES, SEVERITIES, Severity
from truceline.core.types.errors import Where


@dataclass(frozen=True)
class Finding:
    """One place at which an agreement will be disputed, or cannot be watched.

    Attributes
    ----------
    rule : str
        Name of the rule.
    severity : {"error", "warning", "note"}
        How grave.
    where : Where
        File, line and key.
    message : str
        What stands there.
    why : str
        Why it matters, with the historic case.
    wording : str
        Words that would settle it.
    """

    rule: str
    severity: Severity
    where: Where
    message: str
    why: str
    wording: str

    def as_dict(self) -> dict[str, object]:
        """Return its keys for JSON: the fields above, with `where` as file, row and field.

        Examples
        --------
        >>> found("no-ladder", Where("a.yaml"), "there is none.").as_dict()["severity"]
        'warning'
        """
        return {
            "rule": self.rule,
            "severity": self.severity,
            "file": self.where.file,
            "row": self.where.row,
            "field": self.where.field,
            "message": self.message,
            "why": self.why,
            "wording": self.wording,
        }


def found(rule: str, where: Where, message: str) -> Finding:
    """Make a finding of a rule at a place."""
    declared = RULES[rule]
    return Finding(rule, declared.severity, where, message, declared.why, declared.wording)


def in_order(findings: list[Finding]) -> tuple[Finding, ...]:
    """Sort findings: the gravest first, then as they stand in the file."""
    return tuple(
        sorted(
            findings,
            key=lambda f: (
                SEVERITIES.index(f.severity),
                f.where.file,
                f.where.row or 0,
                f.rule,
                f.where.field or "",
            ),
        )
    )
