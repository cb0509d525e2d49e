"""What is new comes by mail to those who want it, may read it by mail, and are still there."""

import email
import email.policy
import secrets

from netzraum_standalone.demo.client import until
from tests.end_to_end.people import Network, Somebody


def mails_about_news(network: Network, somebody: Somebody) -> list[str]:
    """Subject and text of each, the oldest first."""
    files = sorted(network.installation.mails.glob("*.eml"))
    mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    found = []
    for mail in mails:
        body = mail.get_body(("plain",))
        if somebody.email in str(mail["To"]) and str(mail["Subject"]).startswith("Neu für Sie") and body is not None:
            found.append(f"{mail['Subject']}\n{body.get_content()}")
    return found


async def arrives(network: Network, somebody: Somebody, title: str) -> str:
    async def found() -> str | None:
        return next((mail for mail in mails_about_news(network, somebody) if title in mail), None)

    return await until(found, f"a mail with {title}")


async def test_a_notice_is_mailed_to_who_wants_it_and_a_confidential_one_to_nobody(network: Network) -> None:
    reader, wants_none = await network.take_in("moderator", "reader"), await network.take_in("member", "wants_none")
    leaver = await network.take_in("member", "leaver_of_news")
    for somebody, choice in ((reader, "each"), (wants_none, "never"), (leaver, "each")):
        await somebody.change("me", {"mail": choice})
    path = f"spaces/{network.space}/members/{network.memberships['leaver_of_news']}"
    assert (await network.coordinator.send("DELETE", path, if_match="*")).status_code == 204
    secret, first, second = (f"Nr. {secrets.token_hex(4)}" for _ in range(3))
    await network.post_notice(network.coordinator, secret, "confidential")
    notice = await network.post_notice(network.coordinator, first)
    mail = await arrives(network, reader, first)
    assert f"/raum/{network.space}/brett/{notice['id']}" in mail
    await network.post_notice(network.coordinator, second)
    assert first not in await arrives(network, reader, second), "nothing is told twice"
    assert [mail for mail in mails_about_news(network, reader) if secret in mail] == []
    assert mails_about_news(network, leaver) == []
    assert mails_about_news(network, wants_none) == []
