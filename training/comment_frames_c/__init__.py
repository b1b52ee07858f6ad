"""A third renderer of development frames: bright pictures, short lists, chat beneath the video."""
