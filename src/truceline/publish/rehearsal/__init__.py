"""What a rehearsal showed, as a page and as a print."""
