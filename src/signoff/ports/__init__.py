"""What Signoff needs from the outside world: one Protocol a file, and typed errors.

Every remote write takes a `key`: the same key means the same effect. "Already done" is an
answer, not an error. After a lost answer the caller asks (`find_…`, `look_up`) before it repeats.
"""
