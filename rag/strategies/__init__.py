"""Ways to come from a question to statements: one class a strategy, one row each in `table.py`."""
