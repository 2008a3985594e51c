"""Who decides: bodies of two national parts, who is what in them, who may do what, who is signed in."""
