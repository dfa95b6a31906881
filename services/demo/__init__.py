"""The equipe of the demonstration: made-up people with the outcomes of real ones."""
