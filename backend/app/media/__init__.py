"""Video files: what they are and what is in them, always read in a limited child process.

The modules here run in our own process and never load a decoder; `inside/` is what the child executes.
`sample` draws and encodes our own two videos.
"""
