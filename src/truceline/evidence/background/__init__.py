"""Background: what would be seen with no violation at all."""
