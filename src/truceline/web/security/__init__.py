"""What every answer and every request must keep to."""
