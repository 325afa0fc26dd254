"""Accounts, lines, profiles, devices and services as a carrier's export tells them."""
