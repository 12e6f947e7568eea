"""Addresses of the gallery, under /_gallery/. They exist with DEBUG on, and for staff when GALLERY is on."""

from django.urls import path

from core.gallery import switch, views

app_name = "gallery"
urlpatterns = [
    path("", views.index, name="index"),
    path("foundations/<slug:name>/", views.foundation, name="foundation"),
    path("sheet/", views.sheet, name="sheet"),
    path("piece/<path:path>/", views.piece, name="piece"),
    path("state/<path:path>/", views.state, name="state"),
    path("play/<path:path>/", views.play, name="play"),
    path("text/<path:path>/", views.text, name="text"),
    path("axe.js", views.axe, name="axe"),
    path("switch/", switch.choose, name="switch"),
]
