"""Addresses of the desk beside the money: cases, the record, the hotline."""

from django.urls import path

from signoff.desk.views import (
    actions,
    answers,
    assigning,
    calls,
    case,
    hotline,
    keys,
    letter,
    numbers,
    outbox,
    queue,
    record,
    staff,
    system,
    talk,
)

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("search/", queue.search, name="search"),
    path("assign/", assigning.assign_cases, name="assign"),
    path("notices/", outbox.notices, name="notices"),
    path("hotline/", hotline.hotline, name="hotline"),
    path("hotline/<str:number>/", hotline.hotline_case, name="hotline_case"),
    path("hotline/<str:number>/verify/", hotline.verify, name="verify_caller"),
    path("hotline/<str:number>/unmask/", hotline.hotline_unmask, name="hotline_unmask"),
    path("hotline/<str:number>/ticket/", hotline.ticket, name="file_ticket"),
    path("talk/", talk.talk, name="talk"),
    path("talk/<int:account>/", talk.conversation, name="conversation"),
    path("talk/<int:account>/write/", talk.write_account, name="write_account"),
    path("talk/<int:account>/read/", talk.read_account, name="read_account"),
    path("tickets/<int:ticket>/done/", talk.done, name="ticket_done"),
    path("numbers/", numbers.numbers, name="numbers"),
    path("record/", record.record, name="record"),
    path("journal/", record.journal, name="journal"),
    path("staff/", staff.staff, name="staff"),
    path("letter/", letter.letter, name="letter"),
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
    path("<str:number>/call/", calls.call, name="call"),
    path("<str:number>/call/now/", calls.call_now, name="call_now"),
    path("<str:number>/call/end/", calls.hang_up, name="hang_up"),
    path("<str:number>/messages/", talk.write, name="write"),
    path("<str:number>/messages/read/", talk.read, name="read_messages"),
    path("<str:number>/unmask/", case.unmask, name="unmask"),
    path("<str:number>/papers/<uuid:identifier>/", case.paper, name="paper"),
    path("<str:number>/retry/", actions.retry, name="retry"),
    path("<str:number>/go-on/", actions.go_on, name="go_on"),
]
"""After all others: a case number is the only part of the address."""
