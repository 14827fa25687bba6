"""One module per measure, each with `measure() -> Iterator[Figure]`; being here is all it takes."""
