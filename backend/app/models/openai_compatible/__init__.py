"""Servers that speak like OpenAI: OpenAI itself, Ollama, LM Studio, vLLM, llama.cpp.

Start reading at `model.py`. Most of them take pictures only, so they are shown frames, each after its time.
"""
