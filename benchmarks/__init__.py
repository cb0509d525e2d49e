"""Figures of Netzraum as ratios to floors that are measured in the same run: machines are noisy."""
