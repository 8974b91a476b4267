"""The scenarios and the common world they vary."""
