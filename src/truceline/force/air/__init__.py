"""How much presence in the air a number of bases and aircraft can keep up."""
