"""A file a family of pages."""
