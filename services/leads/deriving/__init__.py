"""What follows from a lead and is written with it: score, queue, loads, stays, words."""
