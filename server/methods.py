"""The methods that an address has, as the header Allow lists them."""

from collections.abc import Iterable

from starlette.routing import BaseRoute, Match
from starlette.types import Scope


def allowed(routes: Iterable[BaseRoute], scope: Scope) -> str:
    """Of all routes that match, for one address may be several of them; empty if none does."""
    found: set[str] = set()
    for route in routes:
        if route.matches(scope)[0] is not Match.NONE:
            found |= getattr(route, "methods", None) or set()
    return ", ".join(sorted({*found, "OPTIONS"})) if found else ""
