"""Records, table schemas, probability, time and the error tree."""
