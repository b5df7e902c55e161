"""Measures of how well a library searches, answers, judges claims and orders papers, on one's own data."""
