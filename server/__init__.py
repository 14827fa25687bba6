"""The layers over HTTP and on the command line, and the map page."""
