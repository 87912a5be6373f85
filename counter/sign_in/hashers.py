"""Password hashing at OWASP's parameters: 19 MiB, two passes, one lane."""

from threading import BoundedSemaphore

from django.contrib.auth.hashers import Argon2PasswordHasher

# The smallest server has two cores, so at most two hashes are computed at once. The
# others wait, instead of using 19 MiB each.
_turn = BoundedSemaphore(2)


class Argon2(Argon2PasswordHasher):
    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        with _turn:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        with _turn:
            return super().verify(password, encoded)
