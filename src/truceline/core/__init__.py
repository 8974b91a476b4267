"""What everything stands on: types, space, store, engines."""
