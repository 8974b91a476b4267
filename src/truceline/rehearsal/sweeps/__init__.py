"""What a force buys: rehearsals of the same truce under forces that differ."""
