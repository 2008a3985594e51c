"""The rows of every kind: how a record becomes one and comes back, lists of them a page at a time."""
