"""Signoff and the sample carrier as processes of one's own: for `demo` and for `walkthrough`.

Nothing here knows Django: the processes do, and they are started by the same commands that an
operator types.
"""
