"""What an administrator needs at three in the morning: backup, restore, and a doctor that says what is wrong."""
