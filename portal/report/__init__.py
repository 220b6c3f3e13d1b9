"""The month's report: one self-contained page that opens on any computer and prints."""
