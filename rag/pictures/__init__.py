"""Pictures of a set of papers: timeline, map of topics, what each query brought; as SVG and PNG."""
