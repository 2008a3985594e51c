"""The gates of a flight: checklists, decisions, votes, signatures, what governments permit, and whether a gate holds."""
