"""A centre's database on three machines, by deploy/patroni.yml: etcd, Patroni and PostgreSQL of each on an address of loopback."""

import os
import pathlib
import pwd
import shutil
import subprocess
import tempfile
import urllib.request

import peers
from postgres import PROGRAMS

SHIPPED = pathlib.Path(__file__).resolve().parents[2] / "deploy/patroni.yml"
ADDRESSES = {f"192.0.2.3{k}": f"127.0.0.3{k}" for k in (1, 2, 3)}
PASSWORD = "900150983cd24fb0d6963f7d28e17f72"
SECONDS = 180


def missing():
    """What is not installed here; empty if all is there."""
    return ", ".join(name for name in ("etcd", "patroni") if shutil.which(name) is None)


class Machine:
    def __init__(self, cluster, k, address):
        self.address, self.folder, self.number, self.logs, self.process = address, cluster.folder / f"db{k}", k, cluster.logs, None
        self.folder.mkdir()
        user = pwd.getpwnam("postgres")
        self.wrap = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        certificate, key = cluster.authority.sign(f"db{k}", address)
        for file, name in ((certificate, "db.pem"), (key, "db.key")):
            shutil.copy(file, self.folder / name)
        (self.folder / "db.key").chmod(0o600)
        for path in (self.folder, *self.folder.iterdir()):
            os.chown(path, user.pw_uid, user.pw_gid)
        text = SHIPPED.read_text().replace("192.0.2.31:8008", f"{address}:8008").replace("192.0.2.31:5432", f"{address}:5432")
        for old, new in {**ADDRESSES, "192.0.2.0/24": "127.0.0.0/24", "name: db1": f"name: db{k}", "/etc/changtong": self.folder,
                         "/var/run/postgresql": self.folder, "/var/lib/postgresql/15/changtong": self.folder / "data",
                         "/var/lib/postgresql": self.folder, "/usr/lib/postgresql/15/bin": PROGRAMS,
                         # a test has less patience
                         "ttl: 30": "ttl: 20", "loop_wait: 10": "loop_wait: 2", "retry_timeout: 10": "retry_timeout: 5"}.items():
            if old not in text:
                raise AssertionError(f"{SHIPPED} says nothing of {old}")
            text = text.replace(str(old), str(new))
        (self.folder / "patroni.yml").write_text(text)
        self.etcd = ["etcd", "--name", f"db{k}", "--data-dir", self.folder / "etcd", "--listen-peer-urls", f"http://{address}:2380",
                     "--initial-advertise-peer-urls", f"http://{address}:2380", "--listen-client-urls", f"http://{address}:2379",
                     "--advertise-client-urls", f"http://{address}:2379", "--initial-cluster",
                     ",".join(f"db{n}=http://{a}:2380" for n, a in enumerate(ADDRESSES.values(), 1))]

    def start(self):
        """Its processes have a namespace of their own, and somebody there who asks after each that has ended."""
        (self.folder / "data/postmaster.pid").unlink(missing_ok=True)  # numbers begin anew there, unlike on a real machine
        own = ["unshare", "--pid", "--fork", "--kill-child=SIGKILL", "--mount-proc"]
        self.process = peers.Process([*own, *self.wrap, "bash", "-c", '"$@" & patroni patroni.yml & wait', "bash", *self.etcd],
                                     self.logs / f"db{self.number}.log", env={"HOME": str(self.folder)}, cwd=self.folder)

    def says(self, what):
        """Whether it is `leader` or `sync`, as Patroni's own door tells whoever balances load."""
        try:
            with urllib.request.urlopen(f"http://{self.address}:8008/{what}", timeout=3) as answer:
                return answer.status == 200
        except OSError:
            return False

    def kill(self):
        """The whole machine is gone at once."""
        if self.process is not None:
            self.process.kill()
            peers.wait_for(lambda: not self.says("health"), 20, "it is gone")


class Cluster:
    def __init__(self, home):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="changtong-pg-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.logs = home
        self.authority = peers.Authority(home, "databases")
        self.password_file = home / "database.password"
        self.password_file.write_text(PASSWORD)
        self.machines = [Machine(self, k, address) for k, address in enumerate(ADDRESSES.values(), 1)]

    @property
    def connect(self):
        return (f"host={','.join(ADDRESSES.values())} dbname=changtong user=changtong sslmode=verify-full "
                f"sslrootcert={self.authority.certificate}")

    def start(self):
        for machine in self.machines:
            machine.start()
        self.wait_whole()
        self.ask("postgres", f"CREATE ROLE changtong LOGIN PASSWORD '{PASSWORD}'")
        self.ask("postgres", "CREATE DATABASE changtong OWNER changtong ENCODING 'UTF8' TEMPLATE template0")

    def ask(self, database, statement):
        leader = self.leader()
        return subprocess.run([*leader.wrap, PROGRAMS / "psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", leader.folder, "-U", "postgres", "-d", database,
                               "-c", statement], capture_output=True, text=True, check=True, cwd="/").stdout.strip()

    def leader(self):
        return next((m for m in self.machines if m.says("leader")), None)

    def wait_whole(self):
        """One writes, and what it confirms is on a second one's disk."""
        peers.wait_for(lambda: self.leader() is not None and any(m.says("sync") for m in self.machines), SECONDS, "one writes and one follows")

    def tail(self):
        return "\n".join(line for log in self.logs.glob("db?.log") for line in log.read_text(errors="replace").splitlines()[-6:])

    def kill(self):
        for machine in self.machines:
            machine.kill()
