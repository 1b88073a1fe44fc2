"""The procedural camera world: what is in a picture (scene), how it is drawn, and what may be said of it."""
