"""Where features are kept: one module per kind of store, each of the shape of `store.Store`."""
