"""A PostgreSQL of the test's own: in a folder of its own, on a socket there, as a user who is not root."""

import os
import pathlib
import pwd
import signal
import subprocess

from peers import wait_for

PROGRAMS = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin"))[-1]


def alive(pid):
    """Whoever nobody has asked after yet is not."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Postgres:
    password_file = None  # nobody is asked for one

    def __init__(self, folder, data=None):
        """`data`: where its files are, on a disk that may fill or lose its power; none: in a folder beside its socket."""
        # the socket's path has to be short, and whoever runs it has to reach it
        self.folder = pathlib.Path(subprocess.run(["mktemp", "-d", "/tmp/changtong-pg-XXXXXX"], capture_output=True, text=True, check=True).stdout.strip())
        self.log = pathlib.Path(folder) / "postgres.log"
        user = pwd.getpwnam("postgres")
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.wrap = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]
        self.data = pathlib.Path(data or self.folder / "data")
        self.process = None
        with open(self.log, "ab") as log:
            subprocess.run([*self.wrap, PROGRAMS / "initdb", "-D", self.data, "-U", "changtong", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
                            "--wal-segsize=1", *([] if data else ["--no-sync"])], check=True, stdout=log, stderr=log, cwd="/")

    @property
    def connect(self):
        return f"host={self.folder} dbname=postgres user=changtong"

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen([*self.wrap, PROGRAMS / "postgres", "-D", self.data, "-k", self.folder, "-c", "listen_addresses=",
                                             "-c", "recovery_init_sync_method=syncfs", "-c", "min_wal_size=8MB", "-c", "max_wal_size=32MB"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/", start_new_session=True)
        wait_for(self.answers, 60, "PostgreSQL answers")

    def answers(self):
        return subprocess.run([PROGRAMS / "pg_isready", "-q", "-h", self.folder], check=False).returncode == 0

    def ask(self, statement):
        return subprocess.run([PROGRAMS / "psql", "-X", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.connect, "-c", statement],
                              capture_output=True, text=True, check=True).stdout.strip()

    def everybody(self):
        """The server and those that it has begun."""
        found = [self.process.pid]
        for about in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = about.read_text().rpartition(")")[2].split()
            except OSError:  # gone meanwhile
                continue
            if int(fields[1]) == self.process.pid:
                found.append(int(about.parent.name))
        return found

    def signal(self, which):
        for pid in self.everybody():
            try:
                os.kill(pid, which)
            except ProcessLookupError:
                pass

    def pause(self):
        self.signal(signal.SIGSTOP)

    def go_on(self):
        self.signal(signal.SIGCONT)

    def stop(self):
        """As a machine that is shut down does: whoever asks is sent away."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=60)

    def use_up(self):
        """Writes until it cannot: its disk is full."""
        for _ in range(2000):
            try:
                self.ask("SELECT pg_logical_emit_message(false, 'ballast', repeat('0', 500000))")
            except subprocess.CalledProcessError:
                return
        raise AssertionError("the disk has room for all of this")

    def kill(self):
        """kill -9 of all of it at once."""
        if self.process is None or self.process.poll() is not None:
            return
        everybody = self.everybody()
        self.signal(signal.SIGKILL)
        self.process.wait()
        wait_for(lambda: not any(alive(pid) for pid in everybody), 20, "all of PostgreSQL is gone")
