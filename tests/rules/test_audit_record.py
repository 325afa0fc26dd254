"""The forms of the record: canonical JSON, the tree of a checkpoint, commitments, signatures."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from signoff.audit import seals, tree
from signoff.audit.commitments import commit, open_commitment
from signoff.audit.rules import GENESIS, LARGEST, canonical, canonical_row, check_facts, digest_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

texts = st.text(st.characters(exclude_categories=["Cs"]))
names = st.text(st.characters(max_codepoint=127), max_size=12)
values = st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | texts
facts = st.dictionaries(names, values, max_size=6)
moments = st.timedeltas(timedelta(days=-9000), timedelta(days=9000)).map(lambda d: NOON + d)


@given(facts | st.dictionaries(names, st.lists(texts, max_size=3) | facts, max_size=3))
def test_canonical_json_is_that_of_the_rfc(value: Mapping[str, object]) -> None:
    assert canonical(value) == rfc8785.dumps(dict(value))  # type: ignore[arg-type]


@given(facts, moments, st.integers(-12, 14))
def test_neither_the_order_of_facts_nor_the_zone_of_the_time_changes_a_row(
    found: dict[str, str | int | bool | None], at: datetime, hours: int
) -> None:
    def row(which: Mapping[str, str | int | bool | None], when: datetime) -> bytes:
        return canonical_row(
            stream="case:A",
            seq=1,
            at=when,
            event="e",
            actor="a",
            facts=which,
            previous=GENESIS,
        )

    elsewhere = at.astimezone(timezone(timedelta(hours=hours)))
    assert row(found, at) == row(dict(reversed(found.items())), elsewhere)


@given(facts, facts)
def test_other_facts_make_another_digest(
    one: dict[str, str | int | bool | None], other: dict[str, str | int | bool | None]
) -> None:
    def digest(which: Mapping[str, str | int | bool | None]) -> str:
        return digest_of(
            stream="s", seq=1, at=NOON, event="e", actor="a", facts=which, previous=GENESIS
        )

    # By their text: in Python, True equals 1.
    assert (digest(one) == digest(other)) == (rfc8785.dumps(one) == rfc8785.dumps(other))


@pytest.mark.parametrize(
    "wrong", [{"a": 1.5}, {"a": {}}, {"a": [1]}, {"名": 1}, {"a": 2**53}, {"a": -(2**53)}]
)
def test_facts_that_have_no_plain_canonical_form_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises((TypeError, ValueError)):
        check_facts(wrong)  # type: ignore[arg-type]


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(ValueError, match="surrogates"):
        canonical({"a": "\ud83d"})


# The tree


def _head(place: int) -> dict[str, object]:
    return seals.head(stream=f"case:{place}", since=0, seq=place + 1, digest="a" * 64)


@given(st.integers(1, 40))
def test_every_leaf_is_proven_by_its_own_proof_and_by_no_other(count: int) -> None:
    leaves = [tree.leaf(_head(place)) for place in range(count)]
    root, proofs = tree.grow(leaves)
    for place, leaf in enumerate(leaves):
        assert tree.root_from(leaf, proofs[place]) == root
        assert len(proofs[place]) <= (count - 1).bit_length()
        assert tree.root_from(tree.leaf(_head(count)), proofs[place]) != root
        if count > 1:
            assert tree.root_from(leaf, proofs[place - 1]) != root


def test_the_tree_is_the_one_of_the_rfc() -> None:
    """RFC 9162, section 2.1.1, for three leaves: the left side has the largest power of two."""
    one, two, three = (tree.leaf(_head(place)) for place in range(3))

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\x01" + left + right).digest()

    root, _proofs = tree.grow([one, two, three])
    assert root == node(node(one, two), three).hex()


def test_a_node_cannot_pass_for_a_leaf() -> None:
    one, two = tree.leaf(_head(0)), tree.leaf(_head(1))
    assert tree.grow([one, two])[0] != tree.grow([one + two])[0]


@pytest.mark.parametrize("proof", [["=" + "a" * 64], ["<zz"], [""]])
def test_what_is_no_proof_is_said_to_be_none(proof: list[str]) -> None:
    with pytest.raises(ValueError, match=r"."):
        tree.root_from(tree.leaf(_head(0)), proof)


# Commitments


@given(texts, texts)
def test_a_commitment_opens_with_its_value_and_salt_only(value: str, other: str) -> None:
    commitment, salt = commit(value)
    assert open_commitment(commitment, value=value, salt=salt)
    assert open_commitment(commitment, value=other, salt=salt) == (value == other)
    assert not open_commitment(commitment, value=value, salt="00" * 32)


def test_two_commitments_to_the_same_value_do_not_look_alike() -> None:
    assert commit("Li Wei")[0] != commit("Li Wei")[0]


def test_the_border_between_salt_and_value_cannot_be_moved() -> None:
    commitment, salt = commit("abc")
    assert not open_commitment(commitment, value="bc", salt=salt + "61")


@pytest.mark.parametrize("salt", ["", "zz", "00"])
def test_a_salt_that_is_none_opens_nothing(salt: str) -> None:
    assert not open_commitment("é", value="", salt=salt)
    assert not open_commitment(commit("")[0], value="", salt=salt)


# Signatures


def test_a_signature_holds_for_its_content_and_key_only() -> None:
    key, stranger = Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()
    content = seals.content(number=1, at=NOON, rows=3, heads=1, root="b" * 64, previous=GENESIS)
    signature, public = seals.sign(content, key), seals.public_hex(key.public_key())
    assert seals.is_signed(content, signature, public)
    assert not seals.is_signed({**content, "rows": 2}, signature, public)
    assert not seals.is_signed(content, signature, seals.public_hex(stranger.public_key()))
    assert not seals.is_signed(content, "zz", public)
    assert not seals.is_signed(content, signature, "00")
    assert seals.key_id_of("zz") == ""
