"""Generated content: as many plausible, invented items as speed and search work need; taken away without a trace."""
