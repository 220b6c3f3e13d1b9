"""Proofs about the ledger: a Merkle tree over its entries, checkpoints, receipts. Pure functions of bytes."""
