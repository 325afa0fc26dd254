"""Addresses of the desk beside the money: cases, the record, the hotline."""

from django.urls import path

from signoff.desk.views import (
    actions,
    answers,
    assigning,
    case,
    keys,
    outbox,
    queue,
    system,
)

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("search/", queue.search, name="search"),
    path("assign/", assigning.assign_cases, name="assign"),
    path("notices/", outbox.notices, name="notices"),
    path("keys/", keys.keys, name="keys"),
    path("system/", system.system, name="system"),
]

case_urlpatterns = [
    path("<str:number>/", case.case, name="case"),
    path("<str:number>/take/", actions.take, name="take"),
    path("<str:number>/approve/", actions.approve, name="approve"),
    path("<str:number>/refuse/", answers.refuse, name="refuse"),
    path("<str:number>/more/", answers.more, name="more"),
    path("<str:number>/release/", actions.release, name="release"),
    path("<str:number>/undo/", actions.undo, name="undo"),
    path("<str:number>/unmask/", case.unmask, name="unmask"),
    path("<str:number>/papers/<uuid:identifier>/", case.paper, name="paper"),
    path("<str:number>/retry/", actions.retry, name="retry"),
    path("<str:number>/go-on/", actions.go_on, name="go_on"),
]
"""After all others: a case number is the only part of the address."""
