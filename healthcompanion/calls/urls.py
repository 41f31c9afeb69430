from django.urls import URLPattern, URLResolver, include, path

from healthcompanion.calls import (
    check_views,
    guest_views,
    log_views,
    people_views,
    summary_views,
    views,
)

app_name = "calls"
guest_calls: list[URLPattern] = [
    path("", guest_views.call_detail, name="guest-call-detail"),
    path("acceptance/", guest_views.call_acceptance, name="call-acceptance"),
    path("refusal/", guest_views.call_refusal, name="call-refusal"),
    path("end/", guest_views.call_end, name="guest-call-end"),
    path("mode/", guest_views.call_mode, name="guest-call-mode"),
    path("summary/", summary_views.guest_summary, name="guest-call-summary"),
    path("rating/", summary_views.guest_rating, name="guest-call-rating"),
]
guest_pages: list[URLPattern | URLResolver] = [
    path("", guest_views.visit, name="visit"),
    path("name/", guest_views.visit_name, name="visit-name"),
    path("waiting/", guest_views.visit_waiting, name="visit-waiting"),
    path("departure/", guest_views.visit_departure, name="visit-departure"),
    path("language/", guest_views.visit_language, name="visit-language"),
    path("check/", check_views.check, name="check"),
    path("check/relays/", check_views.check_relays, name="check-relays"),
    path("check/result/", check_views.check_result, name="check-result"),
    path("state/", guest_views.visit_state_view, name="visit-state"),
    path("calls/<slug:code>/", include(guest_calls)),
]
host_calls: list[URLPattern] = [
    path("people/", people_views.call_people_view, name="call-people"),
    path("people/<slug:guest>/admission/", people_views.admission, name="call-admission"),
    path("people/<slug:guest>/refusal/", people_views.refusal, name="person-refusal"),
    path("participants/<slug:participant>/removal/", people_views.removal, name="call-removal"),
]
urlpatterns = [
    path("settings/logs/", log_views.log_list, name="log-list"),
    path("settings/logs/export/", log_views.log_export, name="log-export"),
    path("patients/<slug:code>/call/", views.call_create, name="call-create"),
    path("calls/<slug:code>/", views.call_detail, name="call-detail"),
    path("calls/<slug:code>/end/", views.call_end, name="call-end"),
    path("calls/<slug:code>/mode/", views.call_mode, name="call-mode"),
    path("calls/<slug:code>/summary/", summary_views.summary, name="call-summary"),
    path("calls/<slug:code>/rating/", summary_views.rating, name="call-rating"),
    path("calls/<slug:code>/", include(host_calls)),
    path("g/<slug:guest>/", include(guest_pages)),
]
