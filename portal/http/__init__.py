"""The HTTP interface: the same commands and the same refusals as everywhere else, as JSON."""
