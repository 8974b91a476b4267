"""Pictures of a plan: where units stand, how soon they are there, how it fails."""
