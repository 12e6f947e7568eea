"""The one address of the look: generated covers. Included by core/urls.py under covers/."""

from django.urls import path

from theme import views
from theme.covers import GENERATOR

urlpatterns = [path(f"{GENERATOR}/<slug:version>/<slug:palette>.svg", views.cover, name="cover")]
