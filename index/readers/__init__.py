"""One module a file format; `table` decides by content which one reads a file."""
