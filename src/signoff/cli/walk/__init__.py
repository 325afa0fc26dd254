"""A closing as people do it, without a person: pages are read, links followed, forms sent.

Nothing here knows more than a browser does: every address comes from a page.
"""
