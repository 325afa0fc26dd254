"""Addresses of what a customer sees. No personal data in any of them."""

from django.urls import path

from signoff.portal.views import (
    advice,
    agreeing,
    ask,
    bills,
    cases,
    closing,
    disputing,
    home,
    pause,
    paying,
    places,
    search,
    status,
    takeout,
)

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("settings/", home.settings_page, name="settings"),
    path("settings/account/", home.account_page, name="account"),
    path("settings/account/data/", takeout.download, name="data"),
    path("search", search.search, name="search"),
    path("bills/", bills.bills, name="bills"),
    path("bills/payments/<uuid:payment>/", paying.bill_payment, name="bill_payment"),
    path("bills/payments/<uuid:payment>/go/", paying.go_to_payment, name="bill_payment_go"),
    path("bills/payments/<uuid:payment>/cancel/", paying.do_not_pay, name="bill_payment_cancel"),
    path(
        "bills/payments/<uuid:payment>/progress/",
        paying.payment_progress,
        name="bill_payment_progress",
    ),
    path("bills/<str:number>/", bills.bill, name="bill"),
    path("bills/<str:number>/pay/", paying.pay, name="bill_pay"),
    path("bills/<str:number>/items/<int:position>/", disputing.dispute, name="bill_dispute"),
    path("lines/<str:reference>/", home.line_page, name="line"),
    path("lines/<str:reference>/pause/", pause.pause, name="pause"),
    path("lines/<str:reference>/resume/", pause.resume, name="resume"),
    path("close/", closing.choose, name="close"),
    path("close/case/<str:number>/reason/", ask.reason, name="ask_reason"),
    path("close/case/<str:number>/contact/", ask.contact, name="ask_contact"),
    path("close/case/<str:number>/check/", ask.check_answers, name="check_answers"),
    path("close/<str:what>/", closing.instead, name="close_instead"),
    path("close/<str:what>/preview/", closing.preview, name="close_preview"),
    path("cases/<str:number>/", cases.timeline, name="case"),
    path("cases/<str:number>/sent/", cases.sent, name="case_sent"),
    path("cases/<str:number>/progress/", cases.progress, name="case_progress"),
    path("cases/<str:number>/undo/", cases.undo, name="case_undo"),
    path("cases/<str:number>/confirm/", agreeing.confirm, name="case_confirm"),
    path("cases/<str:number>/place/", places.place, name="case_place"),
    path("cases/<str:number>/place/account/", places.place_account, name="case_place_account"),
    path("cases/<str:number>/certificate.json", cases.certificate, name="case_certificate"),
    path("status/", status.look_up, name="status"),
    path("official/", advice.official, name="official"),
    path("check/", advice.check, name="check"),
    path("esim/", advice.remove_esim, name="remove_esim"),
]
