"""What a request and an event leave behind for whoever runs the portal: a line in the log, a number to be counted."""
