"""Film by the frame: recordings opened, shots drawn and coded, sound placed and levelled."""
