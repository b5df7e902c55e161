"""Scripts that make the small weights which ship with Ibid; not needed to run it."""
