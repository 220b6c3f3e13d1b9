"""双随机 draws: what is drawn derives from two lists, a committed seed and a public value alone."""
