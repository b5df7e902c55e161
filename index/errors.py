"""Errors whose message is meant for the user.

An `IbidError` is an expected failure: the command line prints its one line and exits with
`exit_code`, the web app shows it as a notice. Anything else that is raised is a bug of Ibid.
A message says what happened, where (file:line or id) and what to do next.
"""


class IbidError(Exception):
    """An expected failure; its text is shown as it is, without a traceback."""

    exit_code = 1


class UsageError(IbidError):
    """The caller asked for something that cannot be asked for."""

    exit_code = 2


class ReadError(IbidError):
    """A file could not be read at all; single bad records are `Problem`s instead."""


class LibraryError(IbidError):
    """A library is missing, damaged beyond repair, locked, or of another schema."""


class EmbedderMismatch(LibraryError):
    """A library's vectors were made by another embedder than the one in hand."""


class ModelError(IbidError):
    """A language model or embedder is missing, altered, or failed."""
