"""What the daemon talks to: programs that others wrote, and listeners whose silence we can schedule."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
import json

import wan


class Process:
    def __init__(self, command, log, env=None, cwd=None):
        self.log = open(log, "ab")
        self.process = subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=self.log,
                                        stderr=subprocess.STDOUT, env={**os.environ, **(env or {})}, cwd=cwd,
                                        start_new_session=True)

    def signal(self, number):
        os.killpg(self.process.pid, number)

    def kill(self):
        """Dead when this returns."""
        if self.process.poll() is None:
            self.signal(signal.SIGKILL)
            self.process.wait()
        self.log.close()


def wait_for(condition, seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"after {seconds} s still not: {what}")


class Snmpd(Process):
    """A real agent in a namespace, with its own configuration and its own persistent directory."""

    def __init__(self, ns, address, community, folder):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "snmpd.conf").write_text(f"agentaddress udp:{address}:161\nrocommunity {community}\n"
                                           f"sysLocation {ns}\n")
        super().__init__(wan.inside(ns, ["/usr/sbin/snmpd", "-f", "-Lo", "-C", "-c", folder / "snmpd.conf", "-I",
                                         "-smux", "-p", folder / "pid"]),
                         folder / "log", env={"SNMP_PERSISTENT_DIR": str(folder / "state"), "MIBS": "", "HOME": str(folder)})
        wait_for(lambda: "NET-SNMP version" in (folder / "log").read_text(), 10, f"snmpd in {ns} answers")


class Authority:
    """A certificate authority and what it signs, by openssl."""

    def __init__(self, folder, name):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.name = name
        self.certificate = self.folder / f"{name}.pem"
        self._openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "30",
                      "-subj", f"/CN={name}", "-addext", "basicConstraints=critical,CA:TRUE", "-keyout",
                      self.folder / f"{name}.key", "-out", self.certificate)

    @staticmethod
    def _openssl(*arguments):
        subprocess.run(["openssl", *[str(a) for a in arguments]], check=True, capture_output=True)

    def sign(self, host, address, *names):
        """Returns the paths of a certificate for an IP address, and of its key; `names`: of DNS, besides."""
        base = self.folder / f"{self.name}-{host}"
        key, request, certificate = base.with_suffix(".key"), base.with_suffix(".csr"), base.with_suffix(".crt")
        extensions = base.with_suffix(".ext")
        extensions.write_text(f"subjectAltName={','.join([f'IP:{address}', *(f'DNS:{name}' for name in names)])}\n")
        self._openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-utf8", "-subj", f"/CN={host}",
                      "-keyout", key, "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.folder / f"{self.name}.key",
                      "-CAcreateserial", "-days", "20", "-extfile", extensions, "-out", certificate)
        return certificate, key


class Nginx(Process):
    """`servers`: (port, certificate, key)."""

    def __init__(self, ns, folder, servers):
        self.folder = pathlib.Path(folder)
        (self.folder / "www").mkdir(parents=True, exist_ok=True)
        (self.folder / "www/index.html").write_text("<!doctype html><title>区政府</title><p>政务公开</p>\n" * 50)
        blocks = "".join(f"server {{ listen {port} ssl; ssl_certificate {c}; ssl_certificate_key {k}; root {self.folder}/www; }}\n"
                         for port, c, k in servers)
        temporary = "".join(f"{kind}_temp_path {self.folder}/tmp;\n"
                            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        (self.folder / "nginx.conf").write_text(
            f"user root;\ndaemon off;\npid {self.folder}/pid;\nerror_log {self.folder}/error.log;\nworker_processes 1;\n"
            f"events {{ worker_connections 64; }}\nhttp {{\naccess_log off;\n{temporary}{blocks}}}\n")
        super().__init__(wan.inside(ns, ["/usr/sbin/nginx", "-p", self.folder, "-c", self.folder / "nginx.conf", "-e",
                                         self.folder / "error.log"]), self.folder / "log")
        wait_for(lambda: (self.folder / "pid").exists(), 10, "nginx listens")

    def kill(self):
        super().kill()
        (self.folder / "pid").unlink(missing_ok=True)


class Prometheus(Process):
    """Scrapes the daemon once a second; listens on loopback of our own namespace."""

    def __init__(self, folder, target, port=9090):
        folder = pathlib.Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "prometheus.yml").write_text(
            "global: { scrape_interval: 1s, scrape_timeout: 1s }\n"
            f"scrape_configs: [ {{ job_name: changtong, static_configs: [ {{ targets: ['{target}'] }} ] }} ]\n")
        self.base = f"http://127.0.0.1:{port}"
        super().__init__(["/usr/bin/prometheus", f"--config.file={folder}/prometheus.yml",
                          f"--storage.tsdb.path={folder}/tsdb", f"--web.listen-address=127.0.0.1:{port}"], folder / "log")
        wait_for(self.ready, 30, "prometheus is ready")

    def ready(self):
        try:
            return urllib.request.urlopen(self.base + "/-/ready", timeout=2).status == 200
        except OSError:
            return False

    def scraped(self):
        """Whether it has read the daemon once; its first scrape comes seconds after its start."""
        return bool(self.range("up == 1", time.time() - 5, time.time()))

    def range(self, query, begin, end, step=1):
        """Samples by label set: {labels: [(time, value)]}."""
        parameters = urllib.parse.urlencode({"query": query, "start": begin, "end": end, "step": step})
        with urllib.request.urlopen(f"{self.base}/api/v1/query_range?{parameters}", timeout=10) as answer:
            return json.load(answer)["data"]["result"]


class Listener:
    """A TCP port that accepts and closes while it is open, and refuses while it is not."""

    def __init__(self, address, port):
        self.where = (address, port)
        self.socket = None
        self.open()

    def open(self):
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(self.where)
        s.listen(256)
        self.socket = s
        threading.Thread(target=self._serve, args=(s,), daemon=True).start()

    def close(self):
        # shutdown() ends the thread's accept() and refuses from here on; close() alone would wait for it
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.socket = None

    @staticmethod
    def _serve(s):
        while True:
            try:
                s.accept()[0].close()
            except OSError:
                return


class Link:
    """A wire between two machines: what comes to `port` goes on to `to`. `cut`, it ends and takes nobody; `silent`, nothing passes and
    nobody is told."""

    def __init__(self, port, to):
        self.to, self.open, self.silent, self.ends = to, True, False, []
        self.door = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        while True:
            try:
                here, _ = self.door.accept()
            except OSError:
                return
            if self.silent:
                self.ends.append(here)  # it hears nothing
                continue
            try:
                there = socket.create_connection(("127.0.0.1", self.to), timeout=5) if self.open else None
            except OSError:
                there = None
            if there is None:
                here.close()
                continue
            there.settimeout(None)
            self.ends += [here, there]
            for one, other in ((here, there), (there, here)):
                threading.Thread(target=self.carry, args=(one, other), daemon=True).start()

    def carry(self, one, other):
        with contextlib.suppress(OSError):
            while some := one.recv(65536):
                if self.silent:
                    return
                other.sendall(some)
        self.end(one, other)

    @staticmethod
    def end(*ends):
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self):
        self.open = False
        self.end(*self.ends)
        self.ends.clear()

    def mend(self):
        self.open = True

    def close(self):
        self.cut()
        self.end(self.door)  # whoever waits in accept() holds the port otherwise
        self.door.close()
