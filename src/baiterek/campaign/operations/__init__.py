"""Launch campaigns: operations out of a template, placed before lift-off, done one after another.

`templates` reads a template, `begin` makes a campaign of it, `work` takes its operations from step to step, `plan` looks at all
of it: `network` is the critical path, `conflicts` what cannot be at the same time.
"""
