"""How layers leave the house: a module here with a FORMAT (layers/format.py) is a format.

Modules whose name begins with an underscore are what several formats have in common.
"""
