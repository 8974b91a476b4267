"""Engines: where heavy work runs. They take kernels as arguments and know none."""
