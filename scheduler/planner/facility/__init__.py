"""Assignment of durations to bins with room, and facility location: bounds and plans."""
