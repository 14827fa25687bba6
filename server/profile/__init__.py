"""One page about a feature or a district, to be handed over: as PDF and as a Word document."""
