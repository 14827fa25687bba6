"""What a feature points at: features of its own layer by id, of others by layer/id."""

from collections.abc import Iterator, Mapping
from typing import Any

from layers.errors import UnknownFeature, UnknownLayer
from layers.model import Feature, Layer
from layers.stores.store import Store
from server.html_values import members


def related_features(
    store: Store, layer: Layer, properties: Mapping[str, Any]
) -> Iterator[tuple[Layer, Feature]]:
    """A reference that leads nowhere is left out."""
    field = layer.schema.with_role("related")
    references = members(properties.get(field.name) or []) if field else []
    for reference in references:
        other, _, name = str(reference).rpartition("/")
        try:
            target = store.layer(other or layer.id)
            yield target, store.feature(target.id, name)
        except (UnknownLayer, UnknownFeature):
            continue
