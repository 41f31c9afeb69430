"""Measurements against references, on one machine and in one run. See bench/README.md."""
