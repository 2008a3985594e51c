"""Who is below: people, the probability that something falls on them, and what that adds up to."""
