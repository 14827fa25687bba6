"""Real servers on real sockets, and layer files made for a test."""

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import httpx
import uvicorn

from layers.catalog import Catalog
from layers.model import Layer, Query
from server.run import address_of, config, listen
from server.settings import Settings

HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


class Site(NamedTuple):
    """A running server and what it serves."""

    url: str
    catalog: Catalog
    client: httpx.Client

    def get(self, address: str, **options: Any) -> httpx.Response:
        return self.client.get(address, **options)

    def json(self, address: str, **options: Any) -> Any:
        answer = self.get(address, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def page(self, address: str = "/", **headers: str) -> httpx.Response:
        return self.get(address, headers={**HTML, **headers})

    def largest(self) -> str:
        """The layer with most features."""
        store = self.catalog.store
        return max(store.layers(), key=lambda layer: store.count(layer.id, Query())).id

    def of_role(self, role: str) -> list[Layer]:
        return [layer for layer in self.catalog.store.layers() if layer.role == role]

    def feature_of(self, layer: str) -> str:
        return next(self.catalog.store.features(layer, Query(limit=1))).id


@contextmanager
def serving(catalog: Any, **values: Any) -> Iterator[Site]:
    with TemporaryDirectory() as folder:
        # Never the data directory of whoever runs the tests.
        settings = Settings(**{"port": 0, "data_dir": Path(folder) / "data", **values})
        yield from served(catalog, settings)


@contextmanager
def serving_folder(folder: Path, **values: Any) -> Iterator[Site]:
    """Layer files, with their data beside the folder."""
    catalog = Catalog.open(folder, folder.with_name(f"{folder.name}-data"))
    try:
        with serving(catalog, **values) as site:
            yield site
    finally:
        catalog.close()


def served(catalog: Any, settings: Settings) -> Iterator[Site]:
    listening = listen(settings)
    server = uvicorn.Server(config(catalog, settings))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    # Links begin with --public-url; requests go to where the server really is.
    url = address_of(listening, Settings(port=0))
    try:
        until(lambda: server.started or not thread.is_alive())
        # Without TLS: to read the certificates of the world takes half as long as all else here.
        with httpx.Client(base_url=url, timeout=30, verify=False) as client:
            yield Site(url.rstrip("/"), catalog, client)
    finally:
        server.should_exit = True
        thread.join(10)
        listening.close()
        assert not thread.is_alive()


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait for something that is about to happen."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def ids(page: Any) -> list[str]:
    return [feature["id"] for feature in page["features"]]


def there_and_back(site: Site, address: str) -> tuple[list[list[str]], list[list[str]]]:
    """All pages by `next`, then from the last one all by `prev`."""
    forward, back = [], []
    page = site.json(address)
    while True:
        forward.append(ids(page))
        assert len(forward) < 1_000, "the links go round in a circle"
        links = {link["rel"]: link["href"] for link in page["links"]}
        if "next" not in links:
            break
        page = site.json(links["next"])
    while "prev" in links:
        page = site.json(links["prev"])
        back.append(ids(page))
        links = {link["rel"]: link["href"] for link in page["links"]}
    return forward, back


def layer_file(names: list[str], **definition: Any) -> str:
    """A layer of points, one for each name."""
    features = [
        {
            "type": "Feature",
            "id": f"place-{number}",
            "geometry": {"type": "Point", "coordinates": [10 + number / 100, 50.0]},
            "properties": {"name": name},
        }
        for number, name in enumerate(names)
    ]
    document: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if definition:
        document["layer"] = definition
    return json.dumps(document, ensure_ascii=False)


def run_apart(script: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """In a thread of its own: playwright keeps an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(script())).result()
