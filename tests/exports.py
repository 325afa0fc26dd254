"""A small export in a folder, for tests to spoil."""

import csv
import io
from pathlib import Path

FILES: dict[str, list[str]] = {
    "customers": [
        "account,username,email,name,country,language,time_zone,currency,contact_phone",
        "A1,Li.Wei,Li.Wei@mail.example,李伟,CN,zh-hans,Asia/Shanghai,CNY,+8613800138001",
        "A2,anna,anna@mail.example,Anna Müller,DE,en,Europe/Berlin,EUR,",
    ],
    "lines": [
        "line,account,msisdn,imsi,plan,billing,monthly_price,currency,cycle_day,activated_on,state",
        "L1,A1,+8613800138002,001010000000001,畅享 20GB,prepaid,59.00,CNY,1,2024-02-29,active",
        "L2,A1,+8613800138003,001010000000002,轻享 5GB,prepaid,29,CNY,31,2025-01-31,paused",
        "L3,A2,+491713920001,001010000000003,Flat 20 GB,arrears,14.99,EUR,15,2025-06-15,active",
    ],
    "profiles": [
        "line,iccid,eid,matching_id,state",
        "L1,8986990000000079198,89049032602319880900349681381348,A1QMR-5TWRF,enabled",
        "L2,8986990000000158380,,YS4XY-YZKU8,released",
        "L3,8949990000000237570,,,released",
    ],
    "devices": [
        "imei,account,line,name,last_seen_on",
        "001870117194410,A1,L1,Xiaomi 14,2026-10-21",
    ],
    "services": [
        "service,line,name,state",
        "S1,L1,语音信箱,active",
        "S2,L1,国际漫游,ended",
    ],
    "balances": [
        "bucket,account,line,kind,amount,currency,expires_on",
        "B1,A1,L1,paid,128.50,CNY,",
        "B2,A1,,promotional,20.00,CNY,2027-03-31",
        "B3,A2,L3,deposit,25.00,EUR,",
    ],
    "payments": [
        "payment,bucket,amount,refunded,currency,method,paid_at",
        "ch_1,B1,100.00,0.00,CNY,支付宝,2026-02-12T06:17:56Z",
        "pi_2,B1,50.00,10.00,CNY,银联卡,2026-09-15T21:01:58+08:00",
        "ch_3,B3,25.00,0,EUR,Visa,2026-09-15T21:01:58+02:00",
    ],
    "bills": [
        "bill,account,line,issued_on,due_on,total,currency,state",
        "F1,A1,L1,2026-10-01,2026-10-15,87.40,CNY,paid",
        "F2,A2,,2026-10-01,2026-10-15,12.99,EUR,unpaid",
    ],
    "bill_items": [
        "bill,position,description,amount",
        "F1,1,畅享 20GB,59.00",
        "F1,2,漫游,28.40",
        "F2,1,Flat 20 GB,14.99",
        "F2,2,Loyalty discount,-2.00",
    ],
}
FACTS: dict[str, list[str]] = {
    "usage": [
        "usage,line,description,amount,currency,used_at",
        "U1,L1,国际长途 12 分钟,8.28,CNY,2026-10-30T21:05:00+08:00",
        "U2,L3,Calls abroad,3.23,EUR,2026-10-31T10:00:00+01:00",
    ],
    "credits": [
        "credit,account,line,kind,description,amount,currency,expires_on",
        "C1,A1,,credit_note,故障补偿,15.00,CNY,",
        "C2,A2,L3,coupon,Loyalty,5.00,EUR,2026-12-31",
    ],
    "termination_fees": [
        "line,first_day,last_day,amount,currency,taxed",
        "L3,2026-06-15,2027-06-14,120.00,EUR,no",
        "L3,2027-06-15,2028-06-14,60.00,EUR,no",
    ],
    "stays": [
        "line,country,first_day,last_day",
        "L1,JP,2026-09-03,2026-09-10",
    ],
}
"""Files that an export may leave out."""

MORE_COLUMNS: dict[str, dict[str, list[str]]] = {
    "customers": {
        "tax_rate": ["", "19"],
        "prices_include_tax": ["yes", "no"],
        "id_number": ["990101 19900307 0031", ""],
    },
    "bill_items": {
        "kind": ["plan", "roaming", "plan", "discount"],
        "country": ["", "JP", "", ""],
        "first_day": ["2026-09-01", "2026-09-04", "", ""],
        "last_day": ["2026-09-30", "2026-09-06", "", ""],
    },
}
"""Columns that a file may leave out, with their cells row by row."""
AS_OF = "2026-11-01T00:00:00+08:00"


class ExportFolder:
    """Nine files and `export.toml`. Rows count from 1; row 0 is the line of column names."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        directory.mkdir(parents=True, exist_ok=True)
        for file, lines in FILES.items():
            self.write(file, "\n".join(lines) + "\n")
        self.as_of(AS_OF)

    def tell_more(self) -> None:
        """All that an export may leave out."""
        for file, lines in FACTS.items():
            self.write(file, "\n".join(lines) + "\n")
        for file, columns in MORE_COLUMNS.items():
            rows = self._rows(file)
            for name, cells in columns.items():
                for row, cell in zip(rows, [name, *cells], strict=True):
                    row.append(cell)
            self._save(file, rows)

    def path(self, file: str) -> Path:
        """Of a CSV file."""
        return self.directory / f"{file}.csv"

    def write(self, file: str, text: str) -> None:
        """The whole file, byte for byte in UTF-8."""
        self.path(file).write_bytes(text.encode())

    def text(self, file: str) -> str:
        """What is in it."""
        return self.path(file).read_bytes().decode()

    def as_of(self, moment: str) -> None:
        """Writes `export.toml`."""
        (self.directory / "export.toml").write_text(f"as_of = {moment}\n", encoding="utf-8")

    def set(self, file: str, row: int, column: str, value: str) -> None:
        """Changes one cell."""
        rows = self._rows(file)
        rows[row][rows[0].index(column)] = value
        self._save(file, rows)

    def add(self, file: str, *cells: str) -> None:
        """One more row."""
        self._save(file, [*self._rows(file), list(cells)])

    def remove(self, file: str, row: int) -> None:
        """Takes a row out."""
        rows = self._rows(file)
        del rows[row]
        self._save(file, rows)

    def _rows(self, file: str) -> list[list[str]]:
        return list(csv.reader(io.StringIO(self.text(file), newline="")))

    def _save(self, file: str, rows: list[list[str]]) -> None:
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        self.write(file, out.getvalue())
