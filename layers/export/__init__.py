"""What leaves the house: which features of which layers, in which CRS, said in which words."""
