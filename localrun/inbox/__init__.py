"""The demo inbox: what the local run sent, shown in the browser."""
