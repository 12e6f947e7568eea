"""Passwords that attackers try first. `python -m core.accounts.common_passwords.build` writes long.txt.gz again."""
