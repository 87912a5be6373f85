"""What the templates of every app may load."""
