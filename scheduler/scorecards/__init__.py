"""督查: what is counted of a department in a period, what gives points, what was signed of it."""
