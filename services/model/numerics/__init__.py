"""How a card is learned: all that needs NumPy. services/model/learning is the way in."""
