"""What the outside can ask: REST under /api/v1, pages, the command line. No decisions, no SQL."""
