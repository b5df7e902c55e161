"""Prompt templates, one text file each, with declared placeholders."""
