"""Paying a bill on our page."""
