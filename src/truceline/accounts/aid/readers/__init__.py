"""Readers of the published shapes of aid data, one module a shape."""
