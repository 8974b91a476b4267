"""What programs ask of the room."""
