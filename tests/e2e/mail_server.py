"""A mail server with STARTTLS and logins, by aiosmtpd; what it takes is a line of JSON in FILE.

    /usr/bin/python3 mail_server.py ADDRESS PORT CERTIFICATE KEY USER PASSWORD FILE"""

import json
import signal
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


class Keeper:
    def __init__(self, path):
        self.path = path

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if address.startswith("nobody@"):
            return f"550 5.1.1 <{address}>: no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        with open(self.path, "a") as out:
            out.write(json.dumps({"from": envelope.mail_from, "to": envelope.rcpt_tos, "tls": session.ssl is not None,
                                  "user": (session.auth_data or b"").decode(), "mail": envelope.content.decode("ascii")}) + "\n")
        return "250 2.0.0 taken"


def main():
    address, port, certificate, key, user, password, path = sys.argv[1:]
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(certificate, key)

    def known(server, session, envelope, mechanism, data):
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=good, auth_data=data.login if good else None, handled=False)

    controller = Controller(Keeper(path), hostname=address, port=int(port), tls_context=tls, require_starttls=True,
                            auth_required=True, authenticator=known)
    controller.start()
    print("ready", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    controller.stop()


if __name__ == "__main__":
    main()
