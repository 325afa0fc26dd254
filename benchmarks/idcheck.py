"""The look at identity documents, measured on drawn specimens.

    python benchmarks/idcheck.py [--specimens 120] [--seed 1] [--json FILE] [--write]

Each specimen is drawn, photographed as a person with a telephone would, and looked at in the child
process, as in production. A share of them are impostors. A *false match* is an impostor that looks
right. Prints the tables; `--write` puts them into docs/idcheck.md.
"""

import argparse
import json
import os
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.impostors import TODAY, Trial, bad_trial, strangers, trials, usual_trial
from benchmarks.surroundings import ROOT, machine, percentile, stop_cleanly
from signoff.idcheck import Kind, Verdict
from signoff.idcheck.advice import advise
from signoff.idcheck.child import advise_in_child
from signoff.idcheck.findings import verdict
from signoff.idcheck.judging import judge
from signoff.idcheck.picture import decode
from signoff.idcheck.reading import Reader

PAGE = ROOT / "docs" / "idcheck.md"
_MARK = "<!-- measured -->"
_VERDICTS = (
    Verdict.LOOKS_RIGHT,
    Verdict.LOOK_CLOSELY,
    Verdict.CANNOT_READ,
    Verdict.LOOKS_WRONG,
)


@dataclass(frozen=True)
class Looked:
    """One specimen's outcome. Seconds are of processor time; memory is the child's peak."""

    kind: str
    case: str
    genuine: bool
    verdict: str
    reasons: tuple[str, ...]
    warnings: tuple[str, ...]
    seconds: float
    wall: float
    megabytes: float


def main() -> None:
    """Measures, prints, writes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--specimens", type=int, default=120)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--json", type=Path, default=ROOT / "var" / "benchmark-idcheck.json")
    options.add_argument("--write", action="store_true", help="put the tables into the page")
    chosen = options.parse_args()
    stop_cleanly()
    chance = random.Random(chosen.seed)  # noqa: S311 - to be the same again
    looked = []
    for number, trial in enumerate(trials(chance, chosen.specimens), 1):
        looked.append(_look(trial))
        print(f"\r{number} of {chosen.specimens}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    rows = [asdict(each) for each in looked]
    chosen.json.write_text(json.dumps({**machine(), "seed": chosen.seed, "rows": rows}, indent=1))
    tables = "\n".join([*_tables(looked), "", *_blur(chance), "", _against_many(chance)])
    print(tables)
    if chosen.write:
        before, _, after = PAGE.read_text().partition(_MARK)
        after = after.partition(_MARK)[2]
        PAGE.write_text(f"{before}{_MARK}\n\n{tables}\n\n{_MARK}{after}")


def _look(trial: Trial) -> Looked:
    """In a forked process of its own, so that what is used by one child is known."""
    reading, writing = os.pipe()
    if (pid := os.fork()) == 0:
        began = time.perf_counter()
        advice = advise_in_child(trial.picture, trial.kind, trial.name, trial.number, TODAY)
        wall = time.perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        answer = Looked(
            trial.kind.value,
            trial.case,
            trial.genuine,
            advice.verdict.value,
            tuple(each.code for each in advice.reasons),
            tuple(each.code for each in advice.quality.warnings),
            round(used.ru_utime + used.ru_stime, 2),
            round(wall, 2),
            round(used.ru_maxrss / 1024, 1),
        )
        os.write(writing, json.dumps(asdict(answer)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        words = json.loads(pipe.read())
    os.waitpid(pid, 0)
    return Looked(**words)


def _blur(chance: random.Random, pictures: int = 60) -> list[str]:
    """Who is warned of blur, and who should have been: of the documents that were not read well."""
    lines = [
        f"Warnings of blur, {pictures} other pictures of each kind, all genuine; *told* is who hears "
        "of blur, of anything else, or that our program could not read it:",
        "",
        "| | Read well | warned of blur | Not read well | warned of blur | told |",
        "|---|---|---|---|---|---|",
    ]
    for case in ("as usual", "shaken", "blurred"):
        well: list[tuple[bool, bool]] = []
        badly: list[tuple[bool, bool]] = []
        for place in range(pictures):
            kind = list(Kind)[place % len(Kind)]
            usual = case == "as usual"
            trial = usual_trial(kind, chance) if usual else bad_trial(kind, case, chance)
            advice = advise(trial.picture, kind, trial.name, trial.number, TODAY)
            warned = {each.code for each in advice.quality.warnings}
            told = bool(warned) or advice.verdict is Verdict.CANNOT_READ
            some = well if advice.verdict is Verdict.LOOKS_RIGHT else badly
            some.append(("blurred" in warned, told))
        lines.append(
            f"| {case} | {len(well)} | {sum(blur for blur, _told in well)} | {len(badly)} "
            f"| {sum(blur for blur, _told in badly)} | {sum(told for _blur, told in badly)} |"
        )
    return lines


def _against_many(chance: random.Random, pictures: int = 24, others: int = 400) -> str:
    """Readings of usual pictures, each held against many other registrations."""
    reader = Reader()
    found: Counter[Verdict] = Counter()
    for place in range(pictures):
        kind = (Kind.CN_ID_FRONT, Kind.PASSPORT, Kind.ID_CARD, Kind.DRIVING_LICENCE)[place % 4]
        trial = usual_trial(kind, chance)
        lines = reader.read(decode(trial.picture))
        for name, number in strangers(trial, chance, others):
            judged = judge(lines, kind, name=name, number=number, today=TODAY, signs=reader.signs)
            found[verdict(judged)] += (name, number) != (trial.name, trial.number)
    counts = ", ".join(f"{each.value.replace('_', ' ')} {found[each]}" for each in _VERDICTS)
    return (
        f"{pictures} readings of genuine documents held against {found.total():,} registrations of "
        f"other people, half of them with the same name, half of those with a number that differs "
        f"in one digit: {counts}."
    )


def _tables(looked: Sequence[Looked]) -> list[str]:
    honest = [each for each in looked if each.genuine]
    others = [each for each in looked if not each.genuine]
    false = [each for each in others if each.verdict == Verdict.LOOKS_RIGHT]
    missed = [each for each in honest if each.verdict == Verdict.LOOKS_WRONG]
    seconds = [each.seconds for each in looked]
    memory = max(each.megabytes for each in looked)
    return [
        f"{len(looked)} specimens: {len(honest)} genuine, {len(others)} impostors. "
        f"**False matches: {len(false)}.** Genuine ones that look wrong: {len(missed)}. "
        f"Processor time on one core, start of the process included: median "
        f"{percentile(seconds, 50):.1f} s, 95 of 100 within {percentile(seconds, 95):.1f} s, "
        f"longest {max(seconds):.1f} s. Largest memory: {memory:.0f} MB.",
        "",
        "By document, genuine and photographed as usual:",
        "",
        *_table([each for each in honest if each.case == "as usual"], "kind", list(Kind)),
        "",
        "Genuine, in bad pictures:",
        "",
        *_table([each for each in honest if each.case != "as usual"], "case"),
        "",
        "Impostors:",
        "",
        *_table(others, "case"),
    ]


def _table(looked: Sequence[Looked], column: str, order: Sequence[str] | None = None) -> list[str]:
    heads = [verdict.value.replace("_", " ") for verdict in _VERDICTS]
    lines = [f"| | Specimens | {' | '.join(heads)} | Warned |", "|---" * (len(heads) + 3) + "|"]
    for value in order or sorted({getattr(each, column) for each in looked}):
        some = [each for each in looked if getattr(each, column) == value]
        counts = Counter(each.verdict for each in some)
        cells = [str(counts[verdict]) for verdict in _VERDICTS]
        warned = sum(bool(each.warnings) for each in some)
        name = str(value).replace("_", " ")
        lines.append(f"| {name} | {len(some)} | {' | '.join(cells)} | {warned} |")
    return lines


if __name__ == "__main__":
    main()
