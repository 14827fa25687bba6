"""What is published: layers, their features, the stores that hold them and the formats they leave in."""
