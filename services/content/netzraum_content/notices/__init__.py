"""The notice board (Schwarzes Brett)."""
