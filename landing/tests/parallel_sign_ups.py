"""Twenty people sign up with one address at the same moment, against a database file. test_sign_up.py runs it as a program.

The test database lives in memory, where SQLite refuses a second writer instead of letting it wait.
"""

import json
import os
import sys
import threading
from collections import Counter


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "core.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import setup_test_environment

    from core.models import User

    call_command("migrate", verbosity=0)
    setup_test_environment()
    statuses, start = [], threading.Barrier(20)

    def one():
        start.wait()
        data = {"email": "grace@example.com", "password1": "seven quiet lanterns"}
        statuses.append(Client(raise_request_exception=False).post("/signup/", data).status_code)
        connection.close()

    threads = [threading.Thread(target=one) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    addresses = User.objects.get().emailaddress_set.count()
    json.dump({"users": User.objects.count(), "addresses": addresses, "statuses": Counter(statuses)}, sys.stdout)


if __name__ == "__main__":
    main()
