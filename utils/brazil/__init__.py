"""What is written in its own way in Brazil: documents, telephones, units and their clocks."""
