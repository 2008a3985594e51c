"""What shows a claim: content by its hash, in a store beside the database."""
