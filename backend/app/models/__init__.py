"""Video models: plain async objects of (video, prompt), each testable alone. Start reading at base.py."""
