"""LangGraph state machines, and the one place that runs them as jobs."""
