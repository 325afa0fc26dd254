"""The certificate: any change is noticed, and who signed is a question of its own."""

import json
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import rfc8785
import typer
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from signoff.cli import keys as keys_command
from signoff.cli.verify import MEANINGS
from signoff.cli.verify import verify as verify_command
from signoff.kernel import keys
from signoff.termination import certificate
from signoff.termination.certificate import sign, verify

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
KEY_ID = keys.key_id(KEY.public_key())
CONTENT = {
    "kind": certificate.KIND,
    "version": 1,
    "case": "SO-7K4M-92QD-X",
    "issuer": "Boom卡",
    "issued_at": "2026-11-22T12:00:00+00:00",
    "closed_at": "2026-11-22T11:59:58+00:00",
    "lines": [{"msisdn": "+86 … 8000", "iccid": "89…2345"}],
    "steps": [
        {"step": "network_off", "outcome": "done", "at": "2026-11-22T11:59:50+00:00"},
        {"step": "refund", "outcome": "paid", "reference": "re_1", "facts": {"amount": "12.50"}},
    ],
}
DOCUMENT = sign(CONTENT, KEY)
OCTETS = DOCUMENT.encode()

app = typer.Typer()
app.command()(verify_command)


def test_what_was_signed_is_read_back() -> None:
    assert verify(DOCUMENT, {KEY_ID}) == CONTENT
    assert verify(OCTETS, {KEY_ID, "f" * 64}) == CONTENT
    assert verify(DOCUMENT, None) == CONTENT


def test_the_same_content_gives_the_same_document() -> None:
    assert sign(dict(reversed(CONTENT.items())), KEY) == DOCUMENT


@settings(max_examples=1000)
@given(place=st.integers(0, len(OCTETS) - 1), octet=st.integers(0, 255))
def test_any_changed_byte_is_noticed(place: int, octet: int) -> None:
    if OCTETS[place] == octet:
        octet ^= 1
    changed = OCTETS[:place] + bytes([octet]) + OCTETS[place + 1 :]
    with pytest.raises(certificate.CertificateError):
        verify(changed, None)


@given(place=st.integers(0, len(OCTETS)), extra=st.binary(min_size=1, max_size=8))
def test_any_inserted_bytes_are_noticed_unless_they_are_space_around_it(
    place: int, extra: bytes
) -> None:
    changed = OCTETS[:place] + extra + OCTETS[place:]
    if changed.strip(b" \t\r\n") == OCTETS:
        assert verify(changed, None) == CONTENT
    else:
        with pytest.raises(certificate.CertificateError):
            verify(changed, None)


@given(cut=st.integers(0, len(OCTETS) - 1))
def test_a_cut_file_is_noticed(cut: int) -> None:
    with pytest.raises(certificate.CertificateError):
        verify(OCTETS[:cut], None)


@given(st.one_of(st.binary(), st.text()))
def test_anything_else_is_refused_with_an_error_of_ours(document: bytes | str) -> None:
    with pytest.raises(certificate.CertificateError):
        verify(document, None)


def test_a_reformatted_file_is_altered() -> None:
    with pytest.raises(certificate.Altered, match="reformatted"):
        verify(json.dumps(json.loads(DOCUMENT), indent=2), None)


def test_a_key_written_twice_does_not_hide_other_content() -> None:
    doubled = DOCUMENT.replace('{"content":', '{"content":{"case":"SO-FAKE"},"content":', 1)
    with pytest.raises(certificate.Altered):
        verify(doubled, None)


def test_content_signed_by_another_key_is_from_an_unknown_key() -> None:
    forged = sign(CONTENT, OTHER)
    with pytest.raises(certificate.UnknownKey, match=keys.key_id(OTHER.public_key())):
        verify(forged, {KEY_ID})
    assert verify(forged, None) == CONTENT


def test_a_swapped_signature_does_not_fit() -> None:
    document = json.loads(DOCUMENT)
    document["signature"] = json.loads(sign({**CONTENT, "case": "other"}, KEY))["signature"]
    with pytest.raises(certificate.Altered, match="signature does not fit"):
        verify(rfc8785.dumps(document), {KEY_ID})


def test_the_key_may_not_bear_another_keys_name() -> None:
    document = json.loads(sign(CONTENT, OTHER))
    document["signature"]["key_id"] = KEY_ID
    with pytest.raises(certificate.Altered, match="name of the key"):
        verify(rfc8785.dumps(document), {KEY_ID})


def resigned(content: Mapping[str, Any]) -> bytes:
    """What a future or a careless program could sign with the right key."""
    document = json.loads(DOCUMENT)
    document["content"] = content
    document["signature"]["value"] = KEY.sign(rfc8785.dumps(content)).hex()
    return rfc8785.dumps(document)


@pytest.mark.parametrize("version", [2, "1", None])
def test_a_version_that_is_not_known_is_said(version: int | str | None) -> None:
    with pytest.raises(certificate.UnknownVersion):
        verify(resigned({**CONTENT, "version": version}), {KEY_ID})


@pytest.mark.parametrize("field", certificate.REQUIRED)
def test_each_required_field_is_missed(field: str) -> None:
    content = {name: value for name, value in CONTENT.items() if name != field}
    with pytest.raises(certificate.CertificateError, match=field):
        verify(resigned(content), {KEY_ID})
    with pytest.raises(certificate.CertificateError):
        sign(content, KEY)


def test_a_field_of_a_wrong_type_is_named() -> None:
    with pytest.raises(certificate.MissingFields, match="lines"):
        verify(resigned({**CONTENT, "lines": "all"}), {KEY_ID})


def test_a_huge_file_is_not_read() -> None:
    with pytest.raises(certificate.TooLarge):
        verify(b"{" + b" " * certificate.LIMIT, None)


@pytest.mark.parametrize(
    "document",
    [
        "[" * 100_000,
        '{"content":' * 50_000,
        "null",
        "[]",
        '{"content":{},"signature":[]}',
        DOCUMENT.replace("Ed25519", "none"),
        DOCUMENT.replace('"version":1', '"version":NaN'),
        DOCUMENT.replace('"version":1', '"version":1' + "0" * 30),
        DOCUMENT.replace("SO-7K4M", "\\ud800"),
        "\ud800",
    ],
)
def test_odd_documents_get_a_plain_refusal(document: bytes | str) -> None:
    with pytest.raises(certificate.CertificateError):
        verify(document, None)


# --- the key file ---


def test_a_new_key_is_readable_by_its_owner_only_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "key.pem"
    made = keys.create(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keys.key_id(keys.load(path).public_key()) == keys.key_id(made.public_key())
    assert [p.name for p in path.parent.iterdir()] == ["key.pem"]


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    first = keys.load_or_create(path)
    with pytest.raises(keys.KeyFileError, match="exists already"):
        keys.create(path)
    assert keys.key_id(keys.load_or_create(path).public_key()) == keys.key_id(first.public_key())


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_key_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "key.pem"
    keys.create(path)
    path.chmod(mode)
    with pytest.raises(keys.KeyFileError, match="chmod 600"):
        keys.load(path)


def private_file(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    path.chmod(0o600)
    return path


def test_other_files_are_no_keys(tmp_path: Path) -> None:
    curve = ec.generate_private_key(ec.SECP256R1())
    curve_pem = curve.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    encrypted = KEY.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"x"),
    )
    for content in (b"", b"hello", curve_pem, encrypted):
        with pytest.raises(keys.KeyFileError):
            keys.load(private_file(tmp_path / "key.pem", content))
    with pytest.raises(keys.KeyFileError, match="signoff keys new"):
        keys.load(tmp_path / "nowhere.pem")
    public = tmp_path / "public.pem"
    for content in (b"", curve_pem):
        public.write_bytes(content)
        with pytest.raises(keys.KeyFileError):
            keys.load_public(public)


# --- the commands ---


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "certificate.json").write_bytes(OCTETS)
    (tmp_path / "public.pem").write_text(keys.public_pem(KEY.public_key()))
    (tmp_path / "other.pem").write_text(keys.public_pem(OTHER.public_key()))
    return tmp_path


def run(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_verify_without_a_key_shows_the_fingerprint_to_compare(files: Path) -> None:
    result = run(files / "certificate.json")
    assert result.exit_code == 0
    assert "Whether that key is the carrier's, the file alone cannot tell" in result.output
    assert keys.spoken(KEY_ID) in result.output
    for shown in ("SO-7K4M-92QD-X", "Boom卡", "network_off", "re_1", "12.50"):
        assert shown in result.output


def test_verify_with_the_key_says_genuine(files: Path) -> None:
    result = run(files / "certificate.json", "--key", files / "public.pem")
    assert result.exit_code == 0
    assert "Genuine: signed with the given key" in result.output


def test_verify_with_another_key_or_a_changed_file_fails(files: Path) -> None:
    assert run(files / "certificate.json", "--key", files / "other.pem").exit_code == 1
    (files / "certificate.json").write_bytes(OCTETS.replace(b"12.50", b"92.50"))
    result = run(files / "certificate.json", "--key", files / "public.pem")
    assert result.exit_code == 1
    assert "Not genuine" in result.output
    assert "92.50" not in result.output


def test_verify_of_no_file_or_with_no_key_is_said(files: Path) -> None:
    missing = run(files / "nowhere.json")
    assert missing.exit_code == 1
    assert "Cannot be checked" in missing.output
    result = run(files / "certificate.json", "--key", files / "certificate.json")
    assert result.exit_code == 1
    assert "no public key" in result.output


def test_verify_speaks_the_language_of_the_shell(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "真实有效" in run(files / "certificate.json", "--key", files / "public.pem").output
    (files / "certificate.json").write_bytes(OCTETS.replace(b"12.50", b"92.50"))
    assert "签名之后被改动过" in run(files / "certificate.json").output


def test_verify_has_words_for_all_that_can_be_wrong() -> None:
    assert set(certificate.CertificateError.__subclasses__()) == set(MEANINGS)


def test_what_a_forger_wrote_does_not_steer_the_terminal(files: Path) -> None:
    evil = {**CONTENT, "issuer": "Boom\x1b[2J\u202e[bold]x"}
    (files / "certificate.json").write_text(sign(evil, OTHER))
    output = run(files / "certificate.json").output
    assert "\x1b" not in output
    assert "\u202e" not in output
    assert "[bold]x" in output


def test_a_forgers_list_of_endless_columns_becomes_no_table(files: Path) -> None:
    evil = {**CONTENT, "lines": [{f"c{number}": 1} for number in range(100)]}
    (files / "certificate.json").write_text(sign(evil, OTHER))
    result = run(files / "certificate.json")
    assert result.exit_code == 0
    assert "{'c99': 1}" in result.output


def test_keys_new_and_show(tmp_path: Path) -> None:
    runner = CliRunner()
    environment = {"SIGNOFF_HOME": str(tmp_path), "SIGNOFF_SIGNING_KEY": ""}
    assert runner.invoke(keys_command.app, ["new"], env=environment).exit_code == 0
    again = runner.invoke(keys_command.app, ["new"], env=environment)
    assert again.exit_code == 1
    assert "never overwritten" in again.output
    shown = runner.invoke(keys_command.app, ["show"], env=environment)
    public = tmp_path / "public.pem"
    public.write_text(shown.stdout)
    assert keys.spoken(keys.key_id(keys.load_public(public))) in shown.stderr
    elsewhere = runner.invoke(keys_command.app, ["show", "--file", str(tmp_path / "no.pem")])
    assert elsewhere.exit_code == 1
