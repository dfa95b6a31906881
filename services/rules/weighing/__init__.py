"""What rules would do: a draft to all leads, and a change of a lead to its score."""
