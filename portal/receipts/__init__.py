"""Receipts: what an enterprise keeps of a visit or of its rating, and checks without us."""
