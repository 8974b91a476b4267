"""How soon a force can be there, and which steps of the ladder it would keep."""
