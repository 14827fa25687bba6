"""What scripts of other origins may read of an answer."""

import pytest

from tests.server.sites import Site


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/qr.png", "etag"),
        ("/presskit.zip", "content-disposition"),
        ("/board.png", "page-count"),
    ],
)
def test_what_an_answer_says_of_itself_is_for_every_origin(
    bundled_site: Site, address: str, name: str
) -> None:
    answer = bundled_site.get(address, headers={"Origin": "https://www.example.org"})
    assert name in answer.headers
    exposed = answer.headers["access-control-expose-headers"].lower().split(", ")
    assert name in exposed
