"""The judgement in parts: the tables of one machine, over an engine and in bounded memory."""
