"""What runs inside the limited child process: the only code that touches libav on a file we did not make."""
