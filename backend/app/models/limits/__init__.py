"""How fast each model may be asked: read `pace.py` first."""
