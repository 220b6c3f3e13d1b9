"""Matters beside visits: annual plans, budgets, problems, callbacks, contact, privacy, and what else stands open."""
