"""A whole small carrier on loopback, for the demo and the tests: the real protocols, one process.

It is a peer, not a part of Signoff: it imports only the kernel, and is reached over sockets only.
The contract tests run the same suite against it and against the real systems.
"""
