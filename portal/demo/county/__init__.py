"""A fictional county: its departments, enterprises, last year, and what December 2026 brings."""
