"""Archive packages: what a visit or a period left behind, made to be handed over and checked elsewhere."""
