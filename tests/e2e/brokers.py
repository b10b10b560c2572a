"""Brokers of NATS, as an office would run them: TLS, a user for each node who may speak for that node alone, no storage."""

import pathlib

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

    def __init__(self, folder, port, authority, users, routes=(), name="one", most_bytes="8MB"):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = port
        certificate, key = authority.sign(f"broker{port}", "127.0.0.1")
        others = ", ".join(f'"nats://127.0.0.1:{other + 1000}"' for other in routes)
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
cluster {{ name: ct, listen: "127.0.0.1:{port + 1000}", routes: [{others}] }}
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
