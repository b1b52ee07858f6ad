"""Training of the small models in `models/weights/`; imported by nothing else."""
