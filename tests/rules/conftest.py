"""Examples of properties are not timed: on a busy machine a slow one says nothing of the rule."""

from hypothesis import settings

settings.register_profile("rules", deadline=None)
settings.load_profile("rules")
