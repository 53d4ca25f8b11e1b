"""The question, the key and the patience of the tests of the providers."""

from __future__ import annotations

from app.models.connection import Patience
from app.models.keys import Key

QUICK = Patience(connect=2.0, idle=0.4, upload=0.6, silence=0.4, answer=20.0, ready=3.0, poll=0.02, keep=0.0)
"""As patient as tests can afford."""
CANARY = "AIzaCANARY-0123456789-do-not-print-me"
KEY = Key("GEMINI_API_KEY", CANARY)
PROMPT = "What happens when?"
WHOLE = f"You asked: {PROMPT} The scene changes at 0:02, then a car passes at 0:05-0:07. The end."
"""What the stand-in answers to it."""
