"""Imports: other people's sheets and documents become commands, row by row."""
