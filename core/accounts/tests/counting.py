"""A hasher that counts, for tests: how often a page hashed is what its answer costs."""

from django.contrib.auth.hashers import MD5PasswordHasher


class Counting(MD5PasswordHasher):
    """Set settings.PASSWORD_HASHERS to [PATH]; `Counting.calls` is the number of hashes made since it was set to 0."""

    calls = 0

    def encode(self, password, salt):
        Counting.calls += 1
        return super().encode(password, salt)


PATH = "core.accounts.tests.counting.Counting"
