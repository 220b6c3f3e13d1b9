"""The gate: verdict and rating in another network zone, joined to the ledger by signed files alone."""
