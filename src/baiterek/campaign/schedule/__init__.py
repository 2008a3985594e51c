"""When: milestones, the ledger of moved dates, and a forecast of what remains."""
