"""Who would have seen it: sensors and people, with their errors, delays and effort."""
