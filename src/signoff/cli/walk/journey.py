"""The way itself: from the button to the network, seen by both people and asked of the network."""

import csv
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

import phonenumbers

from signoff.cli.walk.browser import WalkError
from signoff.cli.walk.page import Page
from signoff.cli.walk.people import Customer, Reviewer
from signoff.cli.walk.show import Show
from signoff.kernel.identifiers import Imsi
from signoff.termination import certificate

_LOOKS_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Closed:
    """What a closing left behind."""

    case: str
    timeline: list[tuple[str, str]]
    receipts: list[list[str]]
    certificate: Path


@dataclass(frozen=True, slots=True)
class Journey:
    """is_gone asks the network; keys: fingerprints that may sign, None for any; patience: seconds."""

    customer: Customer
    reviewer: Reviewer
    export: Path
    is_gone: Callable[[Imsi], bool]
    keys: Collection[str] | None
    into: Path
    patience: float
    stop: threading.Event
    show: Show

    def go(self) -> Closed:
        """Raises WalkError, RemoteError, CertificateError: each says what is not as it must be."""
        imsi = self._ask_to_close()
        with self.show.stage("The reviewer signs in, with a code"):
            self.reviewer.sign_in()
        with self.show.stage("The reviewer takes the case and approves it"):
            self.reviewer.approve(self.customer.case)
        with self.show.stage("The closing is carried out, step by step"):
            page = self._wait_for_end()
        with self.show.stage(f"The network, asked again, does not know {imsi} any more"):
            if not self.is_gone(imsi):
                raise WalkError(f"The page says closed, but the network still knows {imsi}")
        with self.show.stage("The certificate is genuine, checked offline"):
            file = self._keep_certificate()
        return Closed(
            self.customer.case, page.steps, self.reviewer.receipts(self.customer.case), file
        )

    def _ask_to_close(self) -> Imsi:
        with self.show.stage("The customer signs in"):
            self.customer.sign_in()
        with self.show.stage("The customer goes Settings → Account → Close"):
            self.customer.find_the_way()
        with self.show.stage("The customer chooses a line and sees what closing comes to"):
            self.customer.choose()
        imsi = imsi_of(self.customer.telephone, self.export)
        with self.show.stage(f"The network knows the subscriber {imsi}"):
            if self.is_gone(imsi):
                raise WalkError(f"The network does not know {imsi}: nothing could be shown")
        with self.show.stage("The customer answers the questions"):
            self.customer.answer()
        with self.show.stage("The customer confirms, with the password once more"):
            self.customer.confirm()
        return imsi

    def _wait_for_end(self) -> Page:
        until = time.monotonic() + self.patience
        while True:
            page = self.customer.look_again()
            self.show.timeline(page.steps)
            if self.customer.has_certificate():
                return page
            if any(state == "problem" for state, _words in page.steps):
                raise WalkError(f"The closing needs a person: {page.banners}")
            if time.monotonic() > until:
                raise WalkError(f"Not closed after {self.patience:.0f} s: {page.banners}")
            if self.stop.wait(_LOOKS_EVERY):
                raise WalkError("Stopped.")

    def _keep_certificate(self) -> Path:
        document = self.customer.certificate()
        content = certificate.verify(document, self.keys)
        if content["case"] != self.customer.case:
            raise WalkError(f"The certificate is of {content['case']}, not of this case")
        self.into.mkdir(parents=True, exist_ok=True)
        file = self.into / f"{self.customer.case}.json"
        file.write_bytes(document)
        return file


def imsi_of(telephone: str, export: Path) -> Imsi:
    """Of the line with this number, from the carrier's own export. Raises WalkError."""
    wanted = _e164(telephone)
    with (export / "lines.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            if _e164(row["msisdn"]) == wanted:
                return Imsi.parse(row["imsi"])
    raise WalkError(f"{telephone} is not in {export / 'lines.csv'}")


def _e164(text: str) -> str:
    number = phonenumbers.parse(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
