"""The area "Administrator": all its pages, whichever room they come from."""

from django.urls import path

from healthcompanion.dashboard import administration_views as views
from healthcompanion.dashboard import (
    figures_views,
    invitation_views,
    leaving_views,
    log_views,
    organisation_views,
)

app_name = "administration"
urlpatterns = [
    path("administration/", figures_views.figures, name="dashboard"),
    path("administration/figures.csv", figures_views.figures_file, name="figures-file"),
    path("administration/members/", views.member_list, name="member-list"),
    path("administration/members/<slug:code>/", views.member_detail, name="member-detail"),
    path("administration/members/<slug:code>/role/", views.member_role, name="member-role"),
    path(
        "administration/members/<slug:code>/address-withdrawal/",
        views.member_address_withdrawal,
        name="member-address-withdrawal",
    ),
    path(
        "administration/members/<slug:code>/assignment/",
        views.member_assignment,
        name="member-assignment",
    ),
    path(
        "administration/members/<slug:code>/licence/", views.member_licence, name="member-licence"
    ),
    path(
        "administration/members/<slug:code>/handover/",
        leaving_views.member_handover,
        name="member-handover",
    ),
    path(
        "administration/members/<slug:code>/removal/",
        leaving_views.member_removal,
        name="member-removal",
    ),
    path(
        "administration/invitations/",
        invitation_views.invitation_list,
        name="invitation-list",
    ),
    path(
        "administration/invitations/<slug:code>/withdrawal/",
        invitation_views.invitation_withdrawal,
        name="invitation-withdrawal",
    ),
    path(
        "administration/organisation/",
        organisation_views.organisation_detail,
        name="organisation-detail",
    ),
    path(
        "administration/organisation/logo/",
        organisation_views.organisation_logo,
        name="organisation-logo",
    ),
    path(
        "administration/organisation/second-factor/",
        organisation_views.second_factor_rule,
        name="second-factor-rule",
    ),
    path(
        "administration/organisation/join-id/",
        organisation_views.join_id_renewal,
        name="join-id-renewal",
    ),
    path("administration/logs/", log_views.log_list, name="log-list"),
    path("administration/logs/export/", log_views.log_export, name="log-export"),
]
