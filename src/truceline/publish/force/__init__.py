"""Pages of the planner: what a force buys."""
