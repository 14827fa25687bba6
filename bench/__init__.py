"""The measured figures of ZoneAtlas: `python -m bench` prints them beside their targets."""
