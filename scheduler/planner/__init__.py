"""The planner: from asks, capacities and caps to a day for each ask, with a bound and reasons."""
