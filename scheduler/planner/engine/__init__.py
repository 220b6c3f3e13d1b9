"""The engine: prices, proofs and plans for an Instance of any size."""
