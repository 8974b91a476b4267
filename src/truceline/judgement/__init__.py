"""What happened, who answers for it, and whether the truce is holding."""
