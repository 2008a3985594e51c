"""From a results folder to what people look at: `render.render(folder)` adds figures, the report, the ephemeris."""
