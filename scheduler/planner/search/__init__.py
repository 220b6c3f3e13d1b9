"""Local search, exact solution and bounds for tight problems, on an `Instance`'s arrays."""
