"""One folder or module a feed, found through entry points."""
