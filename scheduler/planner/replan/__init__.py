"""Replanning: a solved problem in memory, events answered one at a time, moving only what must move."""
