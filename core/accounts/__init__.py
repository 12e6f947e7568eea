"""People: addresses, passwords, limits, mails, and allauth's views in our words. The pages use it; it knows none of them."""
