"""Pictures of drawn specimens: warnings about them, the OCR's look, and the process it runs in."""

import errno
import json
import os
import platform
import random
import subprocess
import sys
import threading
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from signoff.idcheck import Kind, Quality, Unavailable, Verdict, available, child
from signoff.idcheck.advice import advise
from signoff.idcheck.lines import Line
from signoff.idcheck.picture import decode
from signoff.idcheck.quality import quality
from signoff.kernel.errors import InvalidValue
from tests.specimens.cards import Paper, draw, missing_fonts
from tests.specimens.people import Person, chinese, foreign
from tests.specimens.shots import Shot, photograph

TODAY = date(2026, 7, 1)


@pytest.fixture(autouse=True, scope="module")
def fonts() -> None:
    if missing := missing_fonts():
        pytest.skip(
            f"NOT TESTED on drawn documents. On Debian: apt-get install {' '.join(missing)}"
        )


def taken(kind: Kind, shot: Shot, *, seed: int = 5) -> tuple[bytes, Person]:
    chance = random.Random(seed)
    who = chinese(chance) if kind in {Kind.CN_ID_FRONT, Kind.CN_ID_BACK} else foreign(chance)
    paper = Paper(kind, who, date(2020, 3, 4), date(2030, 3, 4))
    return photograph(draw(paper, chance), shot, chance), who


def look(picture: bytes) -> Quality:
    """As if nothing could be read."""
    return quality(decode(picture))


def warned(picture: bytes) -> list[str]:
    return [each.code for each in look(picture).warnings]


# Warnings before submitting


@pytest.mark.parametrize("kind", [Kind.CN_ID_FRONT, Kind.PASSPORT])
def test_a_good_picture_has_no_warning(kind: Kind) -> None:
    assert look(taken(kind, Shot(width=1200))[0]).warnings == ()


@pytest.mark.parametrize(
    ("shot", "code"),
    [
        (Shot(width=1200, blur=4), "blurred"),
        (Shot(width=1200, glare=0.06), "glare"),
        (Shot(width=1200, screen=3.1), "screen_photo"),
        (Shot(width=1200, light=0.25), "too_dark"),
        (Shot(width=480), "too_small"),
    ],
)
def test_what_is_wrong_with_a_picture_is_said(shot: Shot, code: str) -> None:
    assert code in warned(taken(Kind.CN_ID_FRONT, shot)[0])


@pytest.mark.parametrize("turn", [0, 45, 70, 90, 150])
def test_a_camera_that_moved_is_noticed_whichever_way_it_moved(turn: float) -> None:
    shot = Shot(width=1200, shake=14, shake_turn=turn)
    assert "blurred" in warned(taken(Kind.PASSPORT, shot)[0])


@pytest.mark.parametrize(
    "shot",
    [
        Shot(width=1000),
        Shot(width=1200, noise=14, jpeg=40),
        Shot(width=1200, light=0.45, noise=10),
        Shot(width=1600, blur=1.0, jpeg=55, turn=6),
        Shot(width=2400, shake=6, shake_turn=40),
    ],
)
def test_a_sharp_picture_is_not_called_blurred_even_if_nothing_could_be_read(shot: Shot) -> None:
    assert "blurred" not in warned(taken(Kind.PASSPORT, shot)[0])


def test_nobody_is_asked_for_another_picture_of_what_was_read_perfectly() -> None:
    pixels = decode(taken(Kind.PASSPORT, Shot(width=1200, shake=10, shake_turn=45))[0])
    box = ((90.0, 90.0), (500.0, 90.0), (500.0, 130.0), (90.0, 130.0))
    for sure, codes in ((0.995, []), (0.9, ["blurred"])):
        seen = quality(pixels, [Line("P<UTOERIKSSON<<ANNA<MARIA", box, sure)])
        assert [each.code for each in seen.warnings] == codes


def test_a_white_table_is_not_glare() -> None:
    page = Image.new("RGB", (1200, 900), "white")
    page.paste((170, 190, 200), (200, 200, 1000, 700))
    ends = BytesIO()
    page.save(ends, "PNG")
    assert "glare" not in warned(ends.getvalue())


# Files of strangers


def bomb() -> bytes:
    ends = BytesIO()
    Image.new("1", (9000, 9000)).save(ends, "PNG")
    return ends.getvalue()


@pytest.mark.parametrize(
    ("picture", "code"),
    [
        (b"", "no_picture"),
        (b"GIF89a" + bytes(40), "no_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no_picture"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "no_picture"),
        (bomb(), "picture_too_large"),
    ],
    ids=["empty", "gif", "svg", "broken", "bomb"],
)
def test_a_file_that_is_no_fit_picture_is_refused(picture: bytes, code: str) -> None:
    with pytest.raises(InvalidValue) as refused:
        decode(picture)
    assert refused.value.code == code


def test_a_picture_is_turned_as_its_camera_says() -> None:
    ends = BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (40, 20)).save(ends, "JPEG", exif=exif)
    assert decode(ends.getvalue()).shape == (40, 20, 3)


# The look


@pytest.mark.parametrize(
    ("kind", "shot"),
    [
        (Kind.CN_ID_FRONT, Shot(width=1200, turn=5, tilt=0.03, noise=6, jpeg=70)),
        (Kind.PASSPORT, Shot(width=1200, turn=-3, quarter_turns=2)),
        (Kind.ID_CARD, Shot(width=1200, quarter_turns=1, shade=0.3)),
        (Kind.PASSPORT, Shot(width=1200, turn=-7, quarter_turns=3, tilt=0.05)),
    ],
)
def test_a_document_of_the_registered_person_looks_right(kind: Kind, shot: Shot) -> None:
    picture, who = taken(kind, shot)
    advice = advise(picture, kind, who.name, who.number, TODAY)
    assert (advice.verdict, advice.quality.warnings) == (Verdict.LOOKS_RIGHT, ())


def test_a_document_of_somebody_else_looks_wrong() -> None:
    picture, _who = taken(Kind.CN_ID_FRONT, Shot(width=1200))
    other = chinese(random.Random(77))
    advice = advise(picture, Kind.CN_ID_FRONT, other.name, other.number, TODAY)
    assert advice.verdict is Verdict.LOOKS_WRONG


def test_a_photo_of_a_screen_never_looks_right() -> None:
    picture, who = taken(Kind.CN_ID_FRONT, Shot(width=1200, screen=3.1))
    advice = advise(picture, Kind.CN_ID_FRONT, who.name, who.number, TODAY)
    assert advice.verdict is not Verdict.LOOKS_RIGHT
    assert "screen_photo" in [each.code for each in advice.reasons]


# The process


@pytest.mark.parametrize("form", ["JPEG", "WEBP"])
def test_the_child_advises_as_the_look_does(form: str) -> None:
    """Also when nothing can be opened any more: every decoder was loaded before."""
    picture, who = taken(Kind.CN_ID_BACK, Shot(width=900))
    ends = BytesIO()
    Image.open(BytesIO(picture)).save(ends, form)
    advice = child.advise_in_child(ends.getvalue(), Kind.CN_ID_BACK, who.name, "", TODAY)
    assert (advice.verdict, [each.code for each in advice.reasons]) == (
        Verdict.LOOKS_RIGHT,
        ["valid"],
    )


def test_nothing_can_be_opened_once_the_limits_hold() -> None:
    program = (
        "import socket; from signoff.idcheck.child import limit\n"
        "limit(memory=2**30, seconds=9)\n"
        "for act in (lambda: open('/etc/passwd'), socket.socket):\n"
        "    try: act()\n"
        "    except OSError as error: print(error.errno)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=child._environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == [str(errno.EMFILE)] * 2


@pytest.mark.skipif(
    platform.system() != "Linux" or platform.machine() not in {"x86_64", "aarch64"},
    reason="NOT TESTED here: the filter of system calls is Linux's, for x86-64 and aarch64",
)
def test_nothing_can_be_deleted_changed_started_or_ended_either(tmp_path: Path) -> None:
    """All of these need nothing opened. Each is tried with what is its own, so that it could."""
    kept = tmp_path / "kept"
    kept.write_text("here")
    program = (
        "import os, signal, sys; from signoff.idcheck.confinement import confine\n"
        "print(confine())\n"
        "path = sys.argv[1]\n"
        "acts = (lambda: os.unlink(path), lambda: os.rename(path, path + '2'),\n"
        "        lambda: os.chmod(path, 0o777), lambda: os.mkdir(path + '3'),\n"
        "        lambda: os.truncate(path, 0), lambda: open(path), lambda: os.fork(),\n"
        "        lambda: os.kill(os.getppid(), 0), lambda: os.execv(sys.executable, ['x']),\n"
        "        lambda: __import__('_socket').socket())\n"
        "for act in acts:\n"
        "    try: act(); print('done')\n"
        "    except PermissionError: print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", "import _socket\n" + program, str(kept)],
        env=child._environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True", *["refused"] * 10]
    assert (kept.read_text(), list(tmp_path.iterdir())) == ("here", [kept])


def test_nothing_is_asked_of_the_network_from_the_first_import_on(tmp_path: Path) -> None:
    """A look by an interpreter in which a connection, or a look-up of a name, is an error; and in
    which everything that would be written is seen."""
    (tmp_path / "sitecustomize.py").write_text(
        "import sys\n"
        "def hook(event, arguments):\n"
        "    writes = event == 'open' and isinstance(arguments[1], str) and arguments[1] != 'r'\n"
        "    writes = writes and set(arguments[1]) & set('wax+')\n"
        "    if event.startswith(('socket.', 'urllib.', 'http.')) or writes:\n"
        "        print(event, arguments, file=sys.stderr, flush=True)\n"
        "        import os; os._exit(7)\n"
        "sys.addaudithook(hook)\n"
    )
    picture, who = taken(Kind.CN_ID_BACK, Shot(width=900))
    question = {"kind": "cn_id_back", "name": who.name, "number": "", "today": "2026-07-01"}
    question |= {"memory": child.MOST_MEMORY, "seconds": 30}  # type: ignore[dict-item]
    environment = child._environment()
    environment["PYTHONPATH"] = f"{tmp_path}{os.pathsep}{environment['PYTHONPATH']}"
    done = subprocess.run(
        [sys.executable, "-P", "-B", "-m", "signoff.idcheck.child"],
        input=json.dumps(question).encode() + b"\n" + picture,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout)["verdict"] == "looks_right"


@pytest.mark.parametrize(
    ("limits", "code"),
    [({"most_seconds": 0.2}, "took_too_long"), ({"most_memory": 150 * 2**20}, "reading_failed")],
)
def test_a_child_that_wants_too_much_is_an_advice(limits: dict[str, float], code: str) -> None:
    picture, who = taken(Kind.CN_ID_BACK, Shot(width=1200))
    advice = child.advise_in_child(
        picture,
        Kind.CN_ID_BACK,
        who.name,
        who.number,
        TODAY,
        **limits,  # type: ignore[arg-type]
    )
    assert advice.verdict is Verdict.CANNOT_READ
    assert [each.code for each in advice.reasons] == [code]


def test_the_child_ends_with_its_answer() -> None:
    """What libraries do at the end of a program, the filter keeps them from: one waited for 20 s,
    and a worker with one thread let every closing wait with it."""
    advice = child.advise_in_child(b"no picture", Kind.PASSPORT, "", "", TODAY, most_seconds=15)
    assert [each.code for each in advice.reasons] == ["no_picture"]


def test_many_pictures_at_once_are_looked_at_by_a_few_children(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def run(*_args: object, **_options: object) -> subprocess.CompletedProcess[bytes]:
        begun.release()
        assert go_on.wait(10)
        return subprocess.CompletedProcess((), 1)

    monkeypatch.setattr(subprocess, "run", run)
    askers = [
        threading.Thread(target=child.advise_in_child, args=(b"", Kind.PASSPORT, "", "", TODAY))
        for _ in range(child.AT_A_TIME + 1)
    ]
    for asker in askers:
        asker.start()
    try:
        assert all(begun.acquire(timeout=10) for _ in range(child.AT_A_TIME))
        assert not begun.acquire(timeout=0.1), "one more than there are places"
    finally:
        go_on.set()
        for asker in askers:
            asker.join(10)
    assert begun.acquire(timeout=10), "it had its turn"


def test_the_child_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIGNOFF_SECRET_KEY", "x" * 40)
    assert not [name for name in child._environment() if "SIGNOFF" in name or "DATABASE" in name]


def test_without_the_extra_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    assert available()
    monkeypatch.setattr("signoff.idcheck.find_spec", lambda _name: None)
    assert not available()
    with pytest.raises(Unavailable, match=r"signoff\[idcheck\]"):
        child.advise_in_child(b"", Kind.PASSPORT, "", "", TODAY)


def test_importing_the_package_loads_no_library_that_sees_pictures() -> None:
    """The web process may import it: the words of an advice are shown there."""
    heavy = "{'cv2', 'numpy', 'rapidocr', 'onnxruntime', 'PIL'}"
    program = f"import sys, signoff.idcheck.child; print({heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=child._environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "set()"
