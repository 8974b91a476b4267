"""The roster: which unit serves which tour where, month by month, and what stays empty."""
