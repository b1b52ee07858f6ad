"""The 21 speech tags of what hosts say."""
