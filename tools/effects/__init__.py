"""What is done to a clip besides cutting: text, drawings, music, in the look of a theme."""
