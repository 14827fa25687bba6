"""How sure it is that a feature lies in an area: both its place and its uncertainty decide."""
