"""Django's own ASGI entry, for core.bench.stock_settings: the baselines of the benchmark."""

from django.core.asgi import get_asgi_application

application = get_asgi_application()
