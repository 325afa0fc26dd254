"""A customer says that an item of a bill is wrong."""
