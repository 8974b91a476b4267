"""Published claims around real truces, each with its source; data, no code."""
