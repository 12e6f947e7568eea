"""Password hashing that cannot starve the rest of the site: a few at once, a short queue, and then a clear no."""

import threading
from contextlib import contextmanager

from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher

from core import scenes

WAIT_SECONDS = 2
QUEUE_LENGTH = 16


class HashingBusy(Exception):
    """Too many passwords are being hashed in this process. Answered with 503 and Retry-After by core.middleware.hashing_shed."""


class Gate:
    """Lets `at_once` callers in; up to QUEUE_LENGTH others wait for WAIT_SECONDS at most."""

    def __init__(self, at_once):
        self.places = threading.BoundedSemaphore(at_once)
        self.lock = threading.Lock()
        self.waiting = 0

    @contextmanager
    def place(self):
        """Hold one place. Raises HashingBusy when the queue is full or the wait is over."""
        if (scene := scenes.playing()) and scene.busy:
            raise HashingBusy
        if not self.places.acquire(blocking=False):
            self._wait()
        try:
            yield
        finally:
            self.places.release()

    def _wait(self):
        with self.lock:
            if self.waiting >= QUEUE_LENGTH:
                raise HashingBusy
            self.waiting += 1
        try:
            if not self.places.acquire(timeout=WAIT_SECONDS):
                raise HashingBusy
        finally:
            with self.lock:
                self.waiting -= 1


gate = Gate(settings.PASSWORD_HASHING_AT_ONCE)


class BoundedArgon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes and one lane: about 60 ms, and the smallest that OWASP's guidance accepts."""

    time_cost = 2
    memory_cost = 19456
    parallelism = 1

    def encode(self, password, salt):
        with gate.place():
            return super().encode(password, salt)

    def verify(self, password, encoded):
        with gate.place():
            return super().verify(password, encoded)
