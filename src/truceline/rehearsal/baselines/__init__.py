"""Simple rules that a judgement has to beat, on the same tables."""
