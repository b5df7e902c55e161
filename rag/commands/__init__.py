"""One module a command of `ibid`; every heavy import happens inside the command that needs it."""
