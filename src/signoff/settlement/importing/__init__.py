"""Balances, payments and bills as a carrier's export tells them."""
