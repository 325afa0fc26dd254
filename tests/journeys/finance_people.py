"""People of the finance desk, and a customer whose money comes to it."""

from playwright.sync_api import Download, expect

from tests.journeys.people import CARD_NUMBER, PATIENCE, Customer, one_line
from tests.journeys.staff import Staff
from tests.peers import bank


class Payee(Customer):
    """Closes a line of which not everything can go back the way it came."""

    def disputes(self, item: str) -> None:
        """One item of the bill that lies open, for the first of the reasons."""
        self.main.locator("table.items tr", has_text=item).get_by_role("link").click()
        self.see("money-dispute")
        self.page.locator("input[name=reason]").first.check()
        self.press("Continue", "money-dispute-check")
        self.press("Dispute it", "money-disputed")
        expect(self.main.locator(".dispute").first).to_be_visible()

    def asks_to_close_for_the_bank(self, reference: str) -> str:
        """The whole way, with a bank card for the rest; returns the case number."""
        self.open(f"/close/{reference}/preview/", "money-preview")
        self.begin()
        self.give_reason()
        self.press("Save and continue")
        if "/photos/" in self.page.url:
            self.show_papers()
        self._gives_card()
        self.confirm()
        self.follow("See how it goes on", "money-submitted")
        return self.case

    def _gives_card(self) -> None:
        if "/place/account/" not in self.page.url:  # could go to another line, too
            self.see("money-place")
            self.page.locator("input[name=where][value=account]").check()
            self.press("Continue")
        self.see("money-place-account")
        self.page.locator("[name=account_number]").fill(CARD_NUMBER)
        self.page.locator("[name=bank]").fill("招商银行深圳分行")
        self.press("Send it there")

    def parts(self) -> list[str]:
        """What the page says of each part of the money."""
        return [one_line(text) for text in self.main.locator(".parts .part").all_inner_texts()]


class Finance(Staff):
    """Sees to it that money gets to where it belongs, and that two people look at large sums."""

    def decides_dispute(self, bill: str, answer: str) -> None:
        """For the customer, with words for them."""
        self.follow("Disputes", "finance-disputes")
        self.row(bill).get_by_role("link").first.click()
        self.see("finance-dispute")
        self.press("Decide and tell the customer", "finance-dispute-error")
        self.page.locator("input[name=outcome][value=upheld]").check()
        self.page.locator("[name=answer]").fill(answer)
        self.press("Decide and tell the customer", "finance-dispute-decided")
        self.reads("Decided. The customer has been told.")

    def lets_go(self, case: str) -> None:
        """A large refund."""
        self.open("/desk/money/approvals/", "finance-approvals")
        self.row(case).get_by_role("button").click()

    def makes_a_file(self) -> bank.Batch:
        """Of everything that waits for one; waits until the worker has written it, and takes it."""
        self.open("/desk/money/files/", "finance-files")
        self.press("Make the file")
        self.reads("Download the file")  # the page refreshes by itself
        self.see("finance-file")
        with self.page.expect_download() as coming:
            self.press("Download the file")
        return bank.read_table(_content(coming.value))

    def hands_it_over(self) -> None:
        """At the bank; said here."""
        self.press("I have handed it to the bank", "finance-file-sent")
        self.reads("Noted: the transfers are on their way. The bank’s answer says how they end.")

    def brings_the_answer(self, content: bytes) -> None:
        """The bank's, as a file; waits until the worker has read it."""
        self.follow("Upload the bank’s answer", "finance-answers")
        self.press("Upload")
        self.reads("Choose the file.")
        self.page.locator("input[name=format][value=cn_csv]").check()
        self.page.locator("[name=file]").set_input_files(
            {"name": "answer.csv", "mimeType": "text/csv", "buffer": content}
        )
        self.press("Upload")
        self.reads(
            "Counted is what is new: what an earlier answer had said already is not counted again."
        )
        self.see("finance-answer")

    def transfers_by_hand(self, case: str) -> str:
        """Looks the account up, makes the transfer; returns what stood there to be typed in."""
        self.open("/desk/money/by-hand/", "finance-by-hand")
        self._in_row(case, "Show the account")
        shown = one_line(self.row(case).inner_text())
        self.see("finance-by-hand-shown")
        self._in_row(case, "I have transferred it")
        self.reads("Noted: it is on its way.")
        self._in_row(case, "It has arrived")
        self.reads("Noted: it has arrived.")
        return shown

    def downloads_the_table(self) -> str:
        """The refunds of some days, for a spreadsheet."""
        self.open("/desk/money/", "finance-today")
        with self.page.expect_download() as coming:
            self.press("Download the refunds (CSV)")
        return _content(coming.value).decode("utf-8-sig")

    def _in_row(self, case: str, button: str) -> None:
        row = self.row(case)
        row.get_by_role("button", name=self.say(button), exact=True).click(timeout=PATIENCE * 1000)


def _content(download: Download) -> bytes:
    return download.path().read_bytes()
