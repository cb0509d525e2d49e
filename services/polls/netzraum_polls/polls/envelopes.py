"""Sealing and opening the ballots of secret polls: libsodium's sealed box, around JSON of a fixed size."""

import json
from collections.abc import Iterable, Sequence

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from netzraum_polls.polls.answers import Answers
from netzraum_polls.polls.questions import LONGEST_TEXT, Question

STEP = 1024
"""Sizes are multiples of this many bytes."""
LONGEST_CHARACTER = 4
"""Bytes in UTF-8; what JSON escapes needs two."""
AROUND_AN_ANSWER, AROUND_AN_OPTION = 64, 16


class UnreadableEnvelope(Exception):
    """An envelope that this key does not open. Holds nothing of it."""


def size_of(questions: Sequence[Question]) -> int:
    """The bytes that every ballot on these questions is padded to: those of the largest one that there can be."""
    most = 2
    for question in questions:
        options = sum(len(option) + AROUND_AN_OPTION for option in question.option_ids)
        text = LONGEST_TEXT * LONGEST_CHARACTER if question.kind == "text" else 0
        most += AROUND_AN_ANSWER + len(question.id) + options + text
    return -(-most // STEP) * STEP


def seal(answers: Answers, public_key: str, size: int) -> bytes:
    """An envelope that only the poll's private key opens."""
    plain = json.dumps(answers, ensure_ascii=False, separators=(",", ":")).encode()
    if len(plain) > size:
        raise ValueError("a mistake of ours: a ballot is larger than any can be")
    return SealedBox(PublicKey(bytes.fromhex(public_key))).encrypt(plain.ljust(size))


def open_all(envelopes: Iterable[bytes], key: PrivateKey) -> list[Answers]:
    """
    Raises:
        UnreadableEnvelope: one of them was not sealed for this key.
    """
    box = SealedBox(key)
    try:
        return [json.loads(box.decrypt(envelope)) for envelope in envelopes]
    except (CryptoError, ValueError):
        raise UnreadableEnvelope from None
