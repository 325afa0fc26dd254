"""Addresses of the desk. What a reviewer searches for is in none of them."""

from django.urls import path

from signoff.desk import review_urls
from signoff.desk.views import (
    finance,
    finance_alarms,
    finance_answers,
    finance_by_hand,
    finance_disputes,
    finance_files,
    finance_refunds,
)

app_name = "desk"

urlpatterns = [
    *review_urls.urlpatterns,
    path("money/", finance.money, name="money"),
    path("money/refunds.csv", finance.refunds_table, name="refunds_table"),
    path("money/approvals/", finance_refunds.approvals, name="approvals"),
    path("money/approvals/<int:number>/", finance_refunds.approve, name="approve_refund"),
    path("money/failed/", finance_refunds.failed, name="failed"),
    path("money/failed/<int:number>/", finance_refunds.send_again, name="send_again"),
    path("money/late/", finance_refunds.late, name="late"),
    path("money/by-hand/", finance_by_hand.transfers, name="by_hand"),
    path("money/by-hand/<int:number>/show/", finance_by_hand.show_account, name="by_hand_show"),
    path(
        "money/by-hand/<int:number>/transferred/",
        finance_by_hand.transferred,
        name="by_hand_transferred",
    ),
    path("money/by-hand/<int:number>/ended/", finance_by_hand.ended, name="by_hand_ended"),
    path("money/no-place/", finance_refunds.nowhere, name="nowhere"),
    path("money/contradictions/", finance_alarms.contradictions, name="contradictions"),
    path("money/contradictions/<int:number>/paid/", finance_alarms.was_paid, name="was_paid"),
    path(
        "money/contradictions/<int:number>/not-paid/",
        finance_alarms.was_not_paid,
        name="was_not_paid",
    ),
    path("money/files/", finance_files.files, name="files"),
    path("money/files/make/", finance_files.make, name="make_file"),
    path("money/files/<int:number>/", finance_files.file, name="file"),
    path("money/files/<int:number>/download/", finance_files.download, name="download_file"),
    path("money/files/<int:number>/sent/", finance_files.hand_over, name="hand_over_file"),
    path("money/files/<int:number>/drop/", finance_files.drop, name="drop_file"),
    path("money/files/<int:number>/aside/", finance_files.aside, name="set_aside"),
    path("money/answers/", finance_answers.answers, name="answers"),
    path("money/answers/<int:number>/", finance_answers.answer, name="answer"),
    path("money/disputes/", finance_disputes.disputes, name="disputes"),
    path("money/disputes/<uuid:key>/", finance_disputes.dispute, name="dispute"),
    *review_urls.case_urlpatterns,
]
