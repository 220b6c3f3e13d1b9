"""Sealing: signed checkpoints over the ledger, witnesses that sign along, and the audit of all copies."""
