"""How things look and are said: the style sheet, the shared templates, words, amounts and dates.

Above the interfaces, so that portal and desk share one look without knowing each other.
"""
