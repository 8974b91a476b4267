"""What was agreed: parties, lines, zones, clauses, exemptions, ladder; and the lint."""
