"""Who watches and who answers."""
