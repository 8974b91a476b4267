"""What the parties say: reports and claims with bias, lag and sums that do not add up."""
