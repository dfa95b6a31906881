"""From the cells of a row to the line that COPY takes, or to its errors."""
