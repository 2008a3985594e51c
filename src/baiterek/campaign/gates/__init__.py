"""The gates of a flight: checklists, decisions, votes, signatures, what governments permit, and whether a gate holds.

`decisions` is who does what, `agreements` what governments say. Whether a gate holds is `standing`, out of what `sight` reads:
`obstacles` stand against it, `binding` holds what was signed against what is. `owed` is what each part has still to do.
"""
