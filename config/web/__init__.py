"""The web server: gunicorn manages the processes; in each, waitress reads and writes.

Begin with `worker`, which joins the two. `connections` has the limits of time and
number that keep slow visitors from holding up others; `places` decides which connection
is closed when there are too many; `threads` shares the threads among addresses;
`refusals` answers requests that never reach the application. The package may import the
settings and the middleware, and nothing imports it: gunicorn finds it by its name in
config.server. The reasons: docs/decisions/038-slow-visitors-hold-no-thread.md.
"""
