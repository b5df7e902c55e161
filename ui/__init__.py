"""The web application: a chat beside its sources, an upload, a history."""
