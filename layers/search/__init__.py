"""Finding features by what people type; the index is a file beside the store that follows it."""
