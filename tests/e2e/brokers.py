"""Brokers of NATS, as an office would run them: TLS, also between them, a user for each node who may speak for that node alone, no storage."""

import json
import pathlib
import urllib.error
import urllib.request

from peers import Process, wait_for

PROGRAM = "/usr/sbin/nats-server"


def rights(password, name=None):
    """Of a node, or of the centre."""
    if name is None:
        return f"""{{ user: centre, password: "{password}", permissions: {{
      subscribe: ["ct.ship.*", "ct.beat.*", "ct.live.*", "ct.asked.>"], publish: ["ct.cmd.*"], allow_responses: true }} }}"""
    return f"""{{ user: "{name}", password: "{password}", permissions: {{
      publish: ["ct.ship.{name}", "ct.beat.{name}", "ct.live.{name}"], subscribe: ["ct.answer.{name}.>", "ct.cmd.{name}"], allow_responses: true }} }}"""


class Broker(Process):
    """One of several, which know each other by `routes` (ports)."""

    def __init__(self, folder, port, authority, users, routes=(), name="one", most_bytes="8MB", names=()):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port
        certificate, key = authority.sign(f"broker{port}", "127.0.0.1", *names)
        others = ", ".join(f'"nats-route://route:of-the-routes@127.0.0.1:{other + 1000}"' for other in routes if other != port)
        self.config = self.folder / "nats-server.conf"
        self.config.write_text(f"""listen: 127.0.0.1:{port}
server_name: {name}
max_payload: {most_bytes}
tls {{ cert_file: "{certificate}", key_file: "{key}", timeout: 5 }}
authorization {{
  users = [
    {"".join(chr(10) + "    " + user for user in users)}
  ]
}}
http: "127.0.0.1:{port + 2000}"
cluster {{
  name: ct, listen: "127.0.0.1:{port + 1000}", routes: [{others}]
  authorization {{ user: route, password: "of-the-routes", timeout: 5 }}
  tls {{ cert_file: "{certificate}", key_file: "{key}", ca_file: "{authority.certificate}", verify: true, timeout: 5 }}
}}
""")
        self.log_file = self.folder / "broker.log"
        self.process = None
        self.start()

    def start(self):
        begun = self.log_file.stat().st_size if self.log_file.exists() else 0
        super().__init__([PROGRAM, "-c", self.config], self.log_file)
        wait_for(lambda: b"Server is ready" in self.log_file.read_bytes()[begun:] or self.process.poll() is not None, 20, "the broker listens")
        if self.process.poll() is not None:
            raise AssertionError(self.log_file.read_text())

    def asked(self, what):
        """What it says of itself: `connz`, `routez`. Nothing where it is dead."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port + 2000}/{what}", timeout=5) as answer:
                return json.load(answer)
        except (urllib.error.URLError, ConnectionError):
            return {"connections": [], "routes": []}

    def guests(self):
        """Who is connected, as they call themselves."""
        return [one.get("name", "") for one in self.asked("connz")["connections"]]

    def neighbours(self):
        """Which others it has a route to."""
        return {one["remote_id"] for one in self.asked("routez")["routes"] if one.get("remote_id")}
