"""Aid given: readers, one model, and every way to state an amount."""
