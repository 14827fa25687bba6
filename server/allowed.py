"""What a parser says of a text that it does not take."""


class Allowed(ValueError):
    """What is allowed, where a parser knows better than the sentence of its table."""
