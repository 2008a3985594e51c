"""Results of a flight: what was measured beside what was planned, as evidence of the results gate."""
