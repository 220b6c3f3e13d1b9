"""What policy allows and what to plan: pure functions, no clock, no environment, no I/O."""
