"""The parts of a bulletin, in the order monitors use."""
