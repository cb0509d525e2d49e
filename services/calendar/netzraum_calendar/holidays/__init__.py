"""Public and school holidays of the federal states."""
