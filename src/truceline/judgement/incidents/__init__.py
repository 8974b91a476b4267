"""Association: which observations are of one and the same incident."""
