"""Proof: sealing the ledger, auditing it, judging and planning again, draws, alerts."""
