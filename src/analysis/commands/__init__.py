"""What each command does; each function returns the exit code. The command line itself is ``analysis.__main__``."""
