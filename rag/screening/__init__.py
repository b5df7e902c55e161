"""Screening for systematic reviews: which unread records to read next, and what was decided."""
