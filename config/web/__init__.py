"""The web server: gunicorn keeps the processes, waitress in each reads and writes.

Begin at `worker`, which joins the two; `connections` holds the limits of time and
number that keep slow visitors from those who wait; `places` says who leaves above a
number, `threads` shares the threads out among addresses; `refusals` answers what never
reaches the application. May import the settings and the middleware, nobody imports it:
gunicorn finds it by the name in config.server. Why it is put together so:
docs/decisions/038-slow-visitors-hold-no-thread.md.
"""
