"""What is published: layers and features, the stores that hold them, the formats they leave in."""
