"""Papers written as other programs read them: one module a format, `table` names them."""
