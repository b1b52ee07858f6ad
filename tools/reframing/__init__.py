"""What part of the picture a clip shows: the subject followed, or the whole on a blurred ground."""
