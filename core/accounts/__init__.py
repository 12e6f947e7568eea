"""People: addresses, passwords, limits, mails, and allauth's views in our words. landing and dashboard use it; it knows neither."""
