"""From files to a searchable library on disk: readers, chunks, vectors, catalogue and generations."""
