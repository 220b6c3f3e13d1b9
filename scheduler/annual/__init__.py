"""年初备案: a department's plan for a year, which of its lines stand, and what a request cites of it."""
