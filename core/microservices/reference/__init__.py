"""The two services that come with the project: plain ASGI apps that know neither Django nor this site.

Each can be served alone (`uvicorn core.microservices.reference.promos:app`); without a URL for it, the site runs it in process.
"""
