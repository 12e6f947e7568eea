"""What a member sees beside the home page. core/urls.py includes these at the root."""

from django.urls import path

from dashboard import views

urlpatterns = [
    path("picks/", views.picks, name="picks"),
    path("picks/offers/", views.member_offers, name="member_offers"),
    path("welcome/dismiss/", views.dismiss_welcome, name="dismiss_welcome"),
    path("fragments/promos/", views.fragment_promos, name="fragment_promos"),
    path("fragments/recommendations/", views.fragment_recommendations, name="fragment_recommendations"),
    path("fragments/picks/", views.fragment_picks, name="fragment_picks"),
]
