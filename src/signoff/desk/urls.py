"""Addresses of the desk. What a reviewer searches for is in none of them."""

from django.urls import path

from signoff.desk.views import actions, case, outbox, queue, system

app_name = "desk"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("search/", queue.search, name="search"),
    path("notices/", outbox.notices, name="notices"),
    path("system/", system.system, name="system"),
    path("<str:number>/", case.case, name="case"),
    path("<str:number>/take/", actions.take, name="take"),
    path("<str:number>/approve/", actions.approve, name="approve"),
    path("<str:number>/refuse/", actions.refuse, name="refuse"),
    path("<str:number>/retry/", actions.retry, name="retry"),
    path("<str:number>/go-on/", actions.go_on, name="go_on"),
]
