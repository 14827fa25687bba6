"""Lighthouse finds nothing to mend in the page's accessibility and practices."""

import pytest

from bench.lighthouse import Report, audit
from tests.server.sites import Site

CATEGORIES = ("accessibility", "best-practices")


@pytest.mark.parametrize("desktop", [True, False], ids=["desktop", "phone"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_lighthouse(bundled_site: Site, lang: str, desktop: bool) -> None:
    report = audit(f"{bundled_site.url}/?lang={lang}", CATEGORIES, desktop=desktop)
    assert report == Report(dict.fromkeys(CATEGORIES, 100), [])
