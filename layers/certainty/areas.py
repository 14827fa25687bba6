"""Areas, and what each says of features that may lie in it: certain, possible, outside, undecided.

Certain is what lies inside wherever it may be; possible what may. What an editor has inferred is
never certain.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.discs import spread, with_room
from geo.extent import Extent
from geo.geodesic import distance_m
from geo.plane import Plane, grown
from layers.certainty.possible import Possible, regions
from layers.districts import Districts, codes_of

Floats = NDArray[np.float64]
Answers = NDArray[np.int8]
Shapes = NDArray[Any]
Places = NDArray[np.int64]

UNDECIDED, OUTSIDE, POSSIBLE, CERTAIN = -1, 0, 1, 2


class Area(Protocol):
    @property
    def extent(self) -> Extent:
        """All that touches the area lies in it."""

    @property
    def shape(self) -> shapely.Geometry:
        """As it is drawn, CRS84."""

    @property
    def district(self) -> str | None:
        """The code of the district that it is: what features declare decides, not its border."""

    @property
    def measures(self) -> bool:
        """Whether it is about distances."""

    def answers(self, found: Possible, districts: Districts) -> tuple[Answers, Floats | None]:
        """One for each feature, and its distance in metres where the area is about distances."""


@dataclass(frozen=True, eq=False)
class Inside:
    """A (multi)polygon, CRS84; its extent may be given where it crosses the antimeridian."""

    shape: shapely.Geometry
    given: Extent | None = None
    district: str | None = None
    measures = False

    @property
    def extent(self) -> Extent:
        return self.given or Extent(*shapely.bounds(self.shape).tolist())

    def answers(self, found: Possible, districts: Districts) -> tuple[Answers, None]:
        answers = self.by_shapes(found.shapes)
        answers[found.anywhere] = UNDECIDED
        for exact in (True, False):
            places = np.flatnonzero(found.points & ((found.metres == 0) == exact))
            of = self._of_points if exact else self._of_discs
            answers[places] = of(found, places, districts)
        if self.district is not None:
            _declared(self.district, found, answers)
        return _inferred(found, answers), None

    def by_shapes(self, shapes: Shapes) -> Answers:
        shapely.prepare(self.shape)
        holds, meets = shapely.covers(self.shape, shapes), shapely.intersects(self.shape, shapes)
        return _answers(holds, meets)

    def _of_points(self, found: Possible, places: Places, _: Districts) -> Answers:
        return self.by_shapes(shapely.points(found.lon[places], found.lat[places]))

    def _of_discs(self, found: Possible, places: Places, districts: Districts) -> Answers:
        """By the boxes around them where that will do; the rest is cut out and looked at."""
        lon, lat = found.lon[places], found.lat[places]
        across, up = spread(lat, found.metres[places])
        answers = self.by_shapes(shapely.box(lon - across, lat - up, lon + across, lat + up))
        near_edge = (answers == POSSIBLE) | (np.abs(lon) + across > 180) | (np.abs(lat) + up > 90)
        some = np.flatnonzero(near_edge)
        answers[some] = self.by_shapes(regions(found, places[some], districts))
        return answers


@dataclass(frozen=True, eq=False)
class Near:
    """What lies within so many metres of a place, CRS84, which may itself be so far from there.

    With `cuts` the declared districts cut off where a feature may be; without, two uncertainties
    are added to the distance and taken from it. Beside what is `inferred` nothing is certain.
    """

    target: shapely.Geometry
    metres: float
    uncertainty: float = 0.0
    cuts: bool = False
    inferred: bool = False
    district = None
    measures = True

    @cached_property
    def extent(self) -> Extent:
        target = Extent(*shapely.bounds(self.target).tolist())
        return with_room(target, self.metres + self.uncertainty)

    @cached_property
    def shape(self) -> shapely.Geometry:
        return grown(self.target, self.metres)

    def answers(self, found: Possible, districts: Districts) -> tuple[Answers, Floats]:
        answers = np.full(len(found.lon), UNDECIDED, np.int8)
        distances = np.full(len(found.lon), np.nan)
        points = np.flatnonzero(found.points)
        away, metres = self._to_points(found.lon[points], found.lat[points]), found.metres[points]
        answers[points], distances[points] = self._reached(away - metres, away + metres), away
        if self.cuts:
            doubtful = points[(answers[points] == POSSIBLE) & (metres > 0)]
            shapes = regions(found, doubtful, districts)
            answers[doubtful] = self._reached(*self._to_shapes(shapes))
        others = np.flatnonzero(~found.points & ~found.anywhere)
        nearest, furthest = self._to_shapes(found.shapes[others])
        answers[others] = self._reached(nearest, furthest)
        distances[others] = nearest
        distances[found.by_district] = np.nan  # a point that stands for a district is no place
        if self.inferred:
            answers = np.minimum(answers, POSSIBLE)
        return _inferred(found, answers), distances

    def _reached(self, nearest: Floats, furthest: Floats) -> Answers:
        certain = furthest + self.uncertainty <= self.metres
        return _answers(certain, nearest - self.uncertainty <= self.metres)

    @cached_property
    def _plane(self) -> tuple[Plane, shapely.Geometry]:
        plane = Plane.around(self.target)
        return plane, plane.flat(np.array([self.target], dtype=object))[0]

    def _to_points(self, lon: Floats, lat: Floats) -> Floats:
        if self.target.geom_type == "Point":
            return distance_m(self.target.x, self.target.y, lon, lat)
        plane, flat = self._plane
        return plane.apart_m(flat, plane.flat(shapely.points(lon, lat)))

    def _to_shapes(self, shapes: Shapes) -> tuple[Floats, Floats]:
        """The nearest and the furthest of each; where many share a shape it is asked once."""
        once = {id(shape): shape for shape in shapes}
        if not once:
            return np.empty(0), np.empty(0)
        plane, flat = self._plane
        laid = plane.flat(np.array([None, *once.values()], dtype=object)[1:])
        corners, of = shapely.get_coordinates(laid, return_index=True)
        furthest = np.zeros(len(laid))
        np.maximum.at(furthest, of, plane.apart_m(flat, shapely.points(corners)))
        each = zip(plane.apart_m(flat, laid).tolist(), furthest.tolist(), strict=True)
        found = dict(zip(once, each, strict=True))
        both = np.array([found[id(shape)] for shape in shapes])
        return both[:, 0], both[:, 1]


def _answers(certain: NDArray[np.bool_], is_possible: NDArray[np.bool_]) -> Answers:
    found: Answers = np.where(certain, CERTAIN, np.where(is_possible, POSSIBLE, OUTSIDE))
    return found.astype(np.int8)


def _declared(district: str, found: Possible, answers: Answers) -> None:
    """What a feature declares stands above its position: borders are generalised."""
    for place, codes in enumerate(map(codes_of, found.declared)):
        if codes:
            one_of = POSSIBLE if district in codes else OUTSIDE
            answers[place] = CERTAIN if {*codes} == {district} else one_of


def _inferred(found: Possible, answers: Answers) -> Answers:
    answers[found.inferred & (answers == CERTAIN)] = POSSIBLE
    return answers
