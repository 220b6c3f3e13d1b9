"""Papers of a visit: what is on record, set as documents to edit and to print."""
