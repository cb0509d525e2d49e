"""The events of Netzraum: what its services tell each other, and whoever listens. Changes are additive only."""
