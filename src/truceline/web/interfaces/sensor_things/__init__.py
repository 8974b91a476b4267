"""What sensors ask of the room, in the words of OGC SensorThings 1.1."""
