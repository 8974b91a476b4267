"""The lint of an agreement: what will be disputed, and what cannot be watched."""

from truceline.agreement.lint.findings import Finding
from truceline.agreement.lint.linting import lint, lint_file
from truceline.agreement.lint.rules import RULES, Rule

__all__ = ["RULES", "Finding", "Rule", "lint", "lint_file"]
