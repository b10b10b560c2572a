"""Real programs and plain sockets that take messages: a mail server, Alertmanager, listeners of syslog."""

import json
import pathlib
import re
import socket
import ssl
import threading
import urllib.request

import peers

HERE = pathlib.Path(__file__).resolve().parent


class MailServer(peers.Process):
    """aiosmtpd with STARTTLS and a login, `nobody@…` refused."""

    def __init__(self, folder, certificate, key, user="monitor", password="mail-Pass-1", address="127.0.0.1", port=2525):
        self.folder, self.user, self.password = pathlib.Path(folder), user, password
        self.folder.mkdir(parents=True, exist_ok=True)
        self.url, self.file = f"smtp://{address}:{port}", self.folder / "mails"
        super().__init__(["/usr/bin/python3", HERE / "mail_server.py", address, port, certificate, key, user, password,
                          self.file], self.folder / "log")
        peers.wait_for(lambda: "ready" in (self.folder / "log").read_text(), 10, "the mail server is ready")

    def mails(self):
        return [json.loads(line) for line in self.file.read_text().splitlines()] if self.file.exists() else []


class Alertmanager(peers.Process):
    """Debian's own; what it is told it tells `sink` (a webhook's address), grouped by our alert."""

    def __init__(self, folder, sink, port=9093):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "alertmanager.yml").write_text(
            "route: { receiver: sink, group_by: [alert], group_wait: 200ms, group_interval: 300ms, repeat_interval: 1h }\n"
            f"receivers: [ {{ name: sink, webhook_configs: [ {{ url: '{sink}', send_resolved: true }} ] }} ]\n")
        self.base = f"http://127.0.0.1:{port}"
        super().__init__(["/usr/bin/prometheus-alertmanager", f"--config.file={folder}/alertmanager.yml",
                          f"--storage.path={folder}/state", f"--web.listen-address=127.0.0.1:{port}",
                          "--cluster.listen-address="], folder / "log")
        peers.wait_for(self.ready, 20, "alertmanager is ready")

    def ready(self):
        try:
            return urllib.request.urlopen(self.base + "/-/ready", timeout=2).status == 200
        except OSError:
            return False

    def alerts(self):
        with urllib.request.urlopen(self.base + "/api/v2/alerts", timeout=5) as answer:
            return json.load(answer)


class Syslog:
    """Listens on one port; `kind` udp, tcp or tls. `lines` are what came, by octet counting where it is a stream."""

    def __init__(self, kind, certificate=None, key=None, address="127.0.0.1"):
        self.kind, self.lines, self.wrong = kind, [], []
        self.socket = socket.socket(type=socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
        self.socket.bind((address, 0))
        self.url = f"{kind}://{address}:{self.socket.getsockname()[1]}"
        self.context = None
        if kind == "tls":
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate, key)
        threading.Thread(target=self.datagrams if kind == "udp" else self.streams, daemon=True).start()

    def datagrams(self):
        while True:
            self.lines.append(self.socket.recv(65536))

    def streams(self):
        self.socket.listen()
        while True:
            visitor, _ = self.socket.accept()
            try:
                stream = self.context.wrap_socket(visitor, server_side=True) if self.context else visitor
                with stream, stream.makefile("rb") as bytes_in:
                    self.read_frames(bytes_in.read())
            except OSError as error:
                self.wrong.append(str(error))

    def read_frames(self, stream):
        while stream:
            size, _, rest = stream.partition(b" ")
            if not re.fullmatch(rb"[1-9]\d*", size) or len(rest) < int(size):
                self.wrong.append(repr(stream[:100]))
                return
            self.lines.append(rest[:int(size)])
            stream = rest[int(size):]
