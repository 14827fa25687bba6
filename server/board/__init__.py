"""Boards: a view of the map on sheets of paper, with all that a printed map must say."""
