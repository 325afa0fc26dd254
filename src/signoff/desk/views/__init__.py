"""One page a file. A view parses, calls one operation, and leads on."""
