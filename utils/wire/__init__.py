"""What requests and replies are written in: JSON, cursors, ETags, ids, addresses."""
