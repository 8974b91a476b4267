"""Who offers what to a force, and where each nation lets its people stand."""
