"""What every handler works with: the site, made once, and the call, made for each request."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, TypeVar

from fastapi import Depends, Request

from layers.catalog import Catalog
from layers.model import Lang
from layers.stores.remembered import Remembered
from layers.stores.store import Reading, Store
from server import negotiation
from server.assets import Assets
from server.background import Exports
from server.errors import NotAcceptable
from server.links import Links
from server.onefile import OneFile
from server.pages import Pages
from server.params import FORMAT, LANG, Given, view
from server.picture.kept import Pictures
from server.pool import Pool, Turns
from server.preview import Previews
from server.rate import HourlyRate
from server.search_index import NotReady, SearchIndex
from server.settings import Settings
from server.shelf import Shelf
from server.short_links import ShortLinks
from server.source import MOST_KEPT, Source

T = TypeVar("T")

LINKS_PER_HOUR = 300


@dataclass(frozen=True)
class Site:
    catalog: Catalog
    settings: Settings
    pool: Pool
    assets: Assets
    shelf: Shelf
    pages: Pages
    exports: Exports
    search: SearchIndex
    # Files that must be whole before they are sent take long: two at a time, the others wait.
    files: Turns = field(default_factory=lambda: Turns(at_once=2, waiting=20, seconds=60.0))
    pictures: Pictures = field(default_factory=Pictures)
    previews: Previews = field(default_factory=Previews)
    remembered: Remembered = field(default_factory=Remembered)
    within: Remembered = field(default_factory=lambda: Remembered(MOST_KEPT))
    link_rate: HourlyRate = field(
        default_factory=lambda: HourlyRate(
            LINKS_PER_HOUR, f"No more than {LINKS_PER_HOUR} short links an hour for one client."
        )
    )

    @cached_property
    def one_file(self) -> OneFile:
        return OneFile(self.assets)

    @cached_property
    def short_links(self) -> ShortLinks:
        return ShortLinks(self.settings.data_dir)


@dataclass(frozen=True)
class Call:
    """One request to one site."""

    request: Request
    site: Site
    links: Links

    @property
    def store(self) -> Store:
        return self.site.catalog.store

    @property
    def query(self) -> bytes:
        return bytes(self.request.scope["query_string"])

    def source(self, lang: Lang) -> Source:
        """For one answer, inside of one reading of the store."""
        site = self.site
        return Source(self.store, site.settings, site.search, site.within, lang)

    async def run(
        self,
        work: Callable[[Reading], T],
        *,
        seconds: float | None = None,
        whoever: bool = False,
    ) -> T:
        """Work inside a reading of the store, for `whoever` waits or as long as this client does.

        Where it looks for words, the index of words is brought up to the store first.
        """
        clock = asyncio.get_running_loop().time
        until = clock() + (seconds or self.site.settings.query_seconds)
        while True:
            try:
                request = None if whoever else self.request
                return await self.site.pool.run(work, request, seconds=seconds)
            except NotReady:
                if clock() >= until:
                    raise
            await self.site.search.catch_up(until - clock())

    async def look_up(self, work: Callable[[Store], T]) -> T:
        """A read of some microseconds: done here and now, for less than a change of thread costs.

        Where another program's writing can lock us out (its file has no WAL) it is done aside, or
        everybody would wait with it.
        """
        store = self.store
        if store.read_only:
            return await self.site.pool.run(lambda _: work(store), self.request)
        with store.reading():
            return work(store)

    def lang(self, given: Given) -> Lang:
        return given.get(LANG) or negotiation.language(self.request.headers.get("accept-language"))

    def must_accept(self, *offered: str) -> str:
        """The media type that the client likes best of those offered; f is stronger than Accept."""
        if b"f=" in self.query and FORMAT.name in view(self.query):
            return offered[0]
        found = negotiation.media_type(self.request.headers.get("accept"), offered)
        if found is None:
            raise NotAcceptable(list(offered))
        return found


async def call_of(request: Request) -> Call:
    return Call(request, request.app.state.site, request.state.links)


CallDep = Annotated[Call, Depends(call_of)]
