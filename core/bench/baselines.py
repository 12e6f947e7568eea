"""What the site is compared with: its pages as Django serves them out of the box. The site map of core.bench.stock_settings."""

import asyncio
import os
import ssl

import aiohttp
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string

from core import speculation, urls
from core.middleware import ISOLATION

# What the home page's view is given in the site map: the templates and their contexts, by name.
HOME = urls.home.view_initkwargs


async def landing(request):
    """The landing page, rendered for every visitor, with every header that the site sends."""
    context = import_string(HOME["anon_context"])(request)
    response = render(request, HOME["anon_template_name"], {**context, "morphed": False})
    response["Cache-Control"] = "private, no-store"
    response["X-Request-ID"] = os.urandom(16).hex()
    response["Speculation-Rules"] = speculation.header("visitors")
    for name, value in ISOLATION.items():
        response[name] = value
    patch_vary_headers(response, ["Cookie"])
    return response


async def hello(request):
    return HttpResponse("Hello")


async def gather(request):
    """The view that articles show: both services at once, with a client made for this request, here without any template.

    With ?tls the client brings a TLS context of its own, which is what httpx.AsyncClient() does when it is made.
    """
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context() if "tls" in request.GET else True)
    async with aiohttp.ClientSession(connector=connector) as client:

        async def fetch(url):
            async with client.get(url) as answer:
                return await answer.json()

        promos, recommendations = await asyncio.gather(
            fetch(f"{os.environ['PROMOS_URL']}/promos?audience=member"),
            fetch(f"{os.environ['RECOMMENDATIONS_URL']}/recommendations?reader=somebody&limit=12"),
        )
    return JsonResponse({"promos": promos, "recommendations": recommendations})


urlpatterns = [
    path("", landing, name="home"),
    path("hello/", hello),
    path("gather/", gather),
    # The landing page links to all the others.
    *urls.urlpatterns[1:],
]
