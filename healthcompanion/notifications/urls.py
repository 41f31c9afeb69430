from django.urls import path

from healthcompanion.notifications import views

app_name = "notifications"
urlpatterns = [
    path("outbox/", views.outbox_list, name="outbox-list"),
    path("outbox/<slug:code>/", views.outbox_detail, name="outbox-detail"),
    path("outbox/<slug:code>/body/", views.outbox_body, name="outbox-body"),
    path(
        "outbox/<slug:code>/attachments/<int:number>/",
        views.outbox_attachment,
        name="outbox-attachment",
    ),
]
