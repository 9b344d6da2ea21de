"""Old and wrong addresses: where they lead, what a reader finds there, and what an editor hears of them."""
