"""What is sent when something happens: the row is written there and then."""
