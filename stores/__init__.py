"""Ports and adapters for everything that is kept: SQL, vectors, blobs, jobs, checkpoints."""
