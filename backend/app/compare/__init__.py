"""Comparisons: every video with every prompt and every model, each combination one cell."""
