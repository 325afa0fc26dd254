"""Filters of the portal alone."""
