"""A mail server of somebody else's (aiosmtpd) that takes mails until it has met so many, and says what it met.

usage: mailbox.py PORT MEETINGS [--tls CERTIFICATE KEY] [--login USER PASSWORD]

Writes a line of JSON for each meeting: a mail as Python's own parser reads it, or a recipient it did not take. Nobody at
`gone.test` has a mailbox, and the first mail for `busy.test` has to come again.
"""

import argparse
import asyncio
import email
import email.policy
import json
import ssl

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword


class Mailbox:
    def __init__(self, meetings):
        self.left = meetings
        self.over = asyncio.Event()
        self.was_busy = False

    def met(self, what):
        print(json.dumps(what), flush=True)
        self.left -= 1
        if self.left == 0:
            self.over.set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.endswith("@gone.test"):
            self.met({"refused": address})
            return "550 5.1.1 No such mailbox"
        if address.endswith("@busy.test") and not self.was_busy:
            self.was_busy = True
            self.met({"busy": address})
            return "451 4.3.2 Another time"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        body = mail.get_body(("plain",))
        self.met({
            "envelope": [envelope.mail_from] + envelope.rcpt_tos,
            "tls": session.ssl is not None,
            "login": session.auth_data.login.decode() if session.auth_data else "",
            "headers": [name.lower() for name in mail.keys()],
            "from": [[a.display_name, a.addr_spec] for a in mail["from"].addresses],
            "to": [[a.display_name, a.addr_spec] for a in mail["to"].addresses],
            "subject": mail["subject"],
            "id": mail["message-id"],
            "date": mail["date"].datetime.isoformat(),
            "defects": [str(defect) for header in mail.values() for defect in header.defects],
            "text": body.get_content().replace("\r\n", "\n"),
            "longest": max(len(line) for line in envelope.content.splitlines()),
        })
        return "250 2.0.0 Taken"


async def serve(options):
    mailbox = Mailbox(options.meetings)
    settings = {"hostname": "mailbox.test"}
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
        settings |= {"tls_context": context, "require_starttls": True}
    if options.login:
        def look(server, session, envelope, mechanism, data):
            is_right = isinstance(data, LoginPassword) and [
                data.login.decode(), data.password.decode()] == options.login
            if not is_right:
                mailbox.met({"stranger": data.login.decode()})
            return AuthResult(success=is_right, handled=False, auth_data=data)

        settings |= {"authenticator": look, "auth_required": True, "auth_require_tls": bool(options.tls)}
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(mailbox, **settings), "127.0.0.1", options.port)
    await mailbox.over.wait()
    # The client is still to hear of the last.
    await asyncio.sleep(0.3)
    server.close()


parser = argparse.ArgumentParser()
parser.add_argument("port", type=int)
parser.add_argument("meetings", type=int)
parser.add_argument("--tls", nargs=2)
parser.add_argument("--login", nargs=2)
asyncio.run(serve(parser.parse_args()))
