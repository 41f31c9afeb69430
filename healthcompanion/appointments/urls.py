from django.urls import path

from healthcompanion.appointments import guest_views, lost_link, sheet, views

app_name = "appointments"
urlpatterns = [
    path("lost-link/", lost_link.lost_link, name="lost-link"),
    path("lost-link/sent/", lost_link.lost_link_sent, name="lost-link-sent"),
    path("g/<slug:guest>/cancellation/", guest_views.guest_cancellation, name="guest-cancellation"),
    path("patients/", views.appointment_list, name="appointment-list"),
    path("patients/new/", views.appointment_create, name="appointment-create"),
    path("patients/invited/", views.person_list, name="person-list"),
    path("patients/<slug:code>/", views.appointment_detail, name="appointment-detail"),
    path("patients/<slug:code>/edit/", views.appointment_edit, name="appointment-edit"),
    path("patients/<slug:code>/link/", views.link_replacement, name="link-replacement"),
    path("patients/<slug:code>/sheet/", sheet.invitation_sheet, name="invitation-sheet"),
    path("patients/<slug:code>/deletion/", views.appointment_deletion, name="appointment-deletion"),
    path("patients/<slug:code>/invitation/", views.invitation_create, name="invitation-create"),
]
