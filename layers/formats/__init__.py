"""How a layer leaves the house: a module here with the shape of `registry.Format` is a format."""
