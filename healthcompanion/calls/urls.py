from django.urls import path

from healthcompanion.calls import guest_views, views

app_name = "calls"
urlpatterns = [
    path("patients/<slug:code>/call/", views.call_create, name="call-create"),
    path("calls/<slug:code>/", views.call_detail, name="call-detail"),
    path("calls/<slug:code>/end/", views.call_end, name="call-end"),
    path("g/<slug:code>/", guest_views.visit, name="visit"),
    path("g/<slug:code>/name/", guest_views.visit_name, name="visit-name"),
    path("g/<slug:code>/waiting/", guest_views.visit_waiting, name="visit-waiting"),
    path("g/<slug:code>/departure/", guest_views.visit_departure, name="visit-departure"),
    path("g/<slug:code>/state/", guest_views.visit_state_view, name="visit-state"),
    path("g/<slug:guest>/calls/<slug:code>/", views.guest_call_detail, name="guest-call-detail"),
    path(
        "g/<slug:guest>/calls/<slug:code>/acceptance/",
        views.call_acceptance,
        name="call-acceptance",
    ),
    path("g/<slug:guest>/calls/<slug:code>/refusal/", views.call_refusal, name="call-refusal"),
    path("g/<slug:guest>/calls/<slug:code>/end/", views.guest_call_end, name="guest-call-end"),
]
