"""From headcount to posts: what so many people can man round the clock, and its cost."""
