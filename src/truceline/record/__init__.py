"""The signed, append-only log, and the parties' claims and replies."""
