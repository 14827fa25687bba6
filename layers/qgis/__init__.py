"""How a layer looks in QGIS: its symbols, its labels and what its fields are called there."""
