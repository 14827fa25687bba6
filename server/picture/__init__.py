"""Pictures of views: what the map page shows at an address, drawn without a browser."""
