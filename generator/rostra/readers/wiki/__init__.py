"""Talk pages of wikis."""
