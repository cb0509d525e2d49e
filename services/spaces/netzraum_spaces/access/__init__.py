"""Who may do what in a space, versioned, for all other services."""
