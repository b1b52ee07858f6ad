"""The running broadcast: what it comes from, and what is made of it while it runs."""
