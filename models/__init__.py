"""Model access: files, servers, queue, journal, prompts; and the loaders of small models."""
