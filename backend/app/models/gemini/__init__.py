"""Google's Gemini: the video is uploaded once, and answers go on at Google while nobody listens here.

Start reading at `model.py`. Google's SDK is loaded when the first question is asked, not before: it is slow to load.
"""
