"""PLD-VHD: pixel-level distinction for highlights (Wei et al., CVPR 2022, arXiv:2204.04615)."""
