"""One letter wrong, missing, too many or in its neighbour's place, in words of Latin letters."""

SHORTEST, LONGEST = 4, 20


def can_be_misspelt(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and word.isascii() and word.isalpha()


def parts(word: str) -> set[str]:
    """The word, and what is left of it without one of its letters."""
    return {word, *(word[:one] + word[one + 1 :] for one in range(len(word)))}


def is_near(one: str, other: str) -> bool:
    """Whether a single slip makes one of the other. Words that share a part are near candidates."""
    if len(one) > len(other):
        one, other = other, one
    start = 0
    while start < len(one) and one[start] == other[start]:
        start += 1
    a, b = one[start:], other[start:]
    if len(a) < len(b):
        return a == b[1:]
    return a[1:] == b[1:] or (a[:2] == b[:2][::-1] and a[2:] == b[2:])
