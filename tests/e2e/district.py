"""A district at night, for tests of alerts: as many lines as one likes behind one router, each of which can be cut without
a word, and whoever receives the messages. Scenes (a daemon, its lines, its receiver) are played side by side.

    country = district.Country()
    scene = district.Scene(country, folder, 3, [district.line("A", 10, name="甲村")])
    scene.start()
    cut = scene.cut("A")
    scene.hook.wait_for(1, 20)
    scene.end()
    scene.messages  # what a person would have read, in order

Addresses are 10.81.SCENE.HOST for what a scene can cut alone, and 10.82.0.0/16, 10.83.0.0/16 behind interfaces of their own, which
stand for our own cable. All of them are one host's: it answers ping for whole prefixes."""

import collections
import concurrent.futures
import dataclasses
import http.server
import json
import pathlib
import subprocess
import threading
import time
import traceback

import peers
import robots
import subject
import truth
import wan
from wan import ip

TOKENS = {"李工": "li-token-0123456789", "王工": "wang-token-0123456789", "赵工": "zhao-token-0123456789"}
PHONES = {"李工": "13800000001", "王工": "13800000002", "赵工": "13800000003"}
PEOPLE = "api:\n  people:\n" + "".join(
    f"    - {{ name: {name}, token: {token}, may: [duty, annotate, acknowledge], phone: \"{PHONES[name]}\" }}\n"
    for name, token in TOKENS.items())
HOOK_KEY = "hook-key-0123456789"
ANCHORS = 2  # a scene's first hosts
KINDS = {"opened", "grown", "resolved", "acknowledged", "own"}


class Country:
    """The network of all scenes."""

    def __init__(self):
        wan.Wan(hosts=1)
        self.lock = threading.Lock()
        ip("route", "add", "10.81.0.0/16", "via", "10.77.0.1")
        ip("route", "add", "10.81.0.0/16", "via", "10.77.1.2", ns="router")
        ip("route", "add", "local", "10.81.0.0/16", "dev", "lo", ns="h1")
        for n in (82, 83):
            ip("route", "add", f"10.{n}.0.0/16", "via", "10.77.1.2", ns="router")
            ip("route", "add", "local", f"10.{n}.0.0/16", "dev", "lo", ns="h1")
            ip("link", "add", f"m{n}", "type", "veth", "peer", "name", f"own{n}", "netns", "router")
            ip("address", "add", f"10.{n - 4}.0.2/24", "dev", f"m{n}")
            ip("address", "add", f"10.{n - 4}.0.1/24", "dev", f"own{n}", ns="router")
            self.plug(n)
            self.interface_up(n)

    @staticmethod
    def interface_up(n):
        ip("link", "set", f"m{n}", "up")
        ip("route", "replace", f"10.{n}.0.0/16", "via", f"10.{n - 4}.0.1")

    @staticmethod
    def interface_down(n):
        """As an operator does it: there is no route any more."""
        ip("link", "set", f"m{n}", "down")

    @staticmethod
    def plug(n):
        ip("link", "set", f"own{n}", "up", ns="router")

    @staticmethod
    def unplug(n):
        """Our interface loses its carrier; the route stays."""
        ip("link", "set", f"own{n}", "down", ns="router")

    def routes(self, what, prefixes):
        """One process for all of them, so that what goes together goes within milliseconds."""
        orders = "".join(f"route {what} blackhole {prefix}\n" for prefix in prefixes)
        with self.lock:
            done = subprocess.run(["ip", "-n", "router", "-batch", "-"], input=orders, capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)


def line(id, host, **more):
    """`host` is the last part of its address."""
    return {"id": id, "host": host, "name": id, "category": "village", "checks": "icmp", **more}


@dataclasses.dataclass
class Message:
    at: float       # when it arrived, time.time()
    kind: str
    cause: str
    lines: list
    count: int
    title: str
    text: str
    id: str
    fields: dict

    @property
    def all(self):
        return self.title + "\n" + self.text

    def __repr__(self):
        shown = self.lines if len(self.lines) < 5 else f"{self.lines[0]} … {self.lines[-1]}"
        return f"\n  [{truth.iso(self.at)} {self.kind} {self.id} {self.count}: {shown} ({self.cause}) {self.title!r} {self.text!r}]"


def message(arrival):
    f = arrival.fields
    return Message(arrival.at, f["kind"], f["cause"], f["lines"], f["count"], f["title"], f["text"], f["id"], f)


class Scene:
    def __init__(self, country, folder, number, lines, prefix="10.81", anchors=ANCHORS, alerts="", extra="", webhook=True,
                 defaults="interval: 1s, timeout: 1s, fast_interval: 250ms"):
        self.country, self.prefix, self.number = country, f"{prefix}.{number}", number
        self.there = robots.Robots()
        self.hook = self.there.webhook(path=f"/hook{number}", key=HOOK_KEY)
        self.address = {l["id"]: f"{self.prefix}.{l['host']}" for l in lines if "host" in l}
        self.daemon = subject.Daemon(pathlib.Path(folder) / f"scene-{number}", f"127.0.0.1:{8100 + number}")
        self.lines, self.anchors, self.defaults = lines, anchors, defaults
        self.extra, self.alerts = extra, alerts
        self.webhook = webhook
        self.link = "http://10.1.2.3:8080"
        self.cuts = {}

    def configure(self):
        rows = [{**{k: v for k, v in l.items() if k != "host"}, **({"address": self.address[l["id"]]} if "host" in l else {})}
                for l in self.lines]
        anchors = ", ".join(f"{self.prefix}.{n}" for n in range(1, self.anchors + 1))
        channels = f"  channels:\n    hook: {{ kind: webhook, url: \"{self.hook.url}\", key: {HOOK_KEY} }}\n" if self.webhook else ""
        self.daemon.configure(rows, defaults=self.defaults, extra=f"anchors: [ {anchors} ]\n{PEOPLE}{self.extra}"
                              f"alerts:\n{f'  link: {self.link}' if self.link else ''}\n{channels}{self.alerts}")
        self.daemon.config.chmod(0o600)

    def start(self):
        self.configure()
        self.daemon.start()
        self.daemon.wait_up(*[l["id"] for l in self.lines])
        self.begin = time.time()

    def prefixes(self, ids):
        return [self.address[i] + "/32" for i in ids]

    def cut(self, *ids):
        return truth.at(lambda: self.country.routes("add", self.prefixes(ids)))

    def mend(self, *ids):
        return truth.at(lambda: self.country.routes("del", self.prefixes(ids)))

    def everything(self, what):
        return truth.at(lambda: self.country.routes(what, [f"{self.prefix}.0/24"]))

    @property
    def messages(self):
        return [message(a) for a in self.hook.taken]

    def wait(self, kind, count, seconds):
        """Until there are so many messages of a kind; does not mind if there never are: the test says what is wrong."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and sum(m.kind == kind for m in self.messages) < count:
            time.sleep(0.05)

    def wait_lines(self, kind, ids, seconds):
        """Until messages of a kind name all of these."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if set(ids) <= {i for m in self.messages if m.kind == kind for i in m.lines}:
                return
            time.sleep(0.05)

    def command(self, *arguments, person="王工"):
        """A command with --api and a person's token."""
        token = self.daemon.folder / f"{PHONES[person]}.token"
        token.write_text(TOKENS[person])
        token.chmod(0o600)
        return subject.run(*arguments, "--api", f"http://{self.daemon.listen}", "--token-file", token)

    def typed(self, message, *more, person="王工"):
        """The command that a message prints, as a person types it whose token is at home."""
        token = self.daemon.folder / ".changtong.token"
        token.write_text(TOKENS[person])
        token.chmod(0o600)
        program, *words = next(line for line in message.text.splitlines() if line.startswith("接手：")).removeprefix("接手：").split()
        assert program == "changtong", message
        return subject.run(*[w.replace("~", str(self.daemon.folder)) for w in words], *more)

    def end(self):
        self.exit_code = self.daemon.stop()
        self.keep()

    def keep(self):
        seen = [dataclasses.asdict(m) for m in self.messages]
        (self.daemon.folder / "messages.json").write_text(json.dumps(seen, ensure_ascii=False, indent=1))

    def close(self):
        self.daemon.kill()
        self.there.close()


class Played:
    """Scenes by name, played at the same time; what one raised is raised where it is asked for."""

    def __init__(self, plays, at_once=16):
        self.pool = concurrent.futures.ThreadPoolExecutor(at_once)
        self.running = {name: self.pool.submit(self.one, play) for name, play in plays.items()}
        concurrent.futures.wait(self.running.values())

    @staticmethod
    def one(play):
        made = []
        try:
            play(made.append)
            return made[0], ""
        except Exception:  # pylint: disable=broad-except
            return (made[0] if made else None), traceback.format_exc()
        finally:
            for scene in made:
                scene.close()

    def __getitem__(self, name):
        scene, wrong = self.running[name].result()
        if wrong:
            told = scene.messages if scene else ""
            raise AssertionError(f"{wrong}\n{told}")
        return scene


def kinds(messages):
    return [m.kind for m in messages]


def faults_of_form(messages, known, twice=False):
    """What a receiver must be able to rely on, of any story. `known`: ids of lines and sites; `twice`: the daemon was killed
    while an answer was on its way, so the same may come again."""
    wrong, opened, since = [], collections.defaultdict(set), {}
    for m in messages:
        f = m.fields
        if m.kind not in KINDS:
            wrong.append(f"kind {m.kind}")
        for key, of in {"id": str, "cause": str, "began": str, "title": str, "text": str, "lines": list, "count": int}.items():
            if not isinstance(f.get(key), of) or (key in ("id", "began", "title", "text") and not f[key]):
                wrong.append(f"{key} is {f.get(key)!r}: {m}")
        if m.lines != sorted(set(m.lines)) or m.count != len(m.lines):
            wrong.append(f"lines are not sorted, single and counted: {m}")
        if not set(m.lines) <= set(known):
            wrong.append(f"nobody knows {sorted(set(m.lines) - set(known))}: {m}")
        if truth.instant(m.fields["began"]) > m.at:
            wrong.append(f"began later than it arrived: {m}")
        if m.kind in ("opened", "own"):
            if m.id in opened and m.kind == "opened" and not twice:
                wrong.append(f"opened twice: {m}")
            opened[m.id] |= set(m.lines)
            since[m.id] = f["began"]
        elif m.id not in opened:
            wrong.append(f"{m.kind}, and was never opened: {m}")
        elif m.kind == "grown":
            if not opened[m.id] < set(m.lines) and not f["title"].startswith("原因更正"):
                wrong.append(f"grown, but not larger: {m}")
            opened[m.id] |= set(m.lines)
        elif m.kind == "resolved" and not set(m.lines) <= opened[m.id]:
            wrong.append(f"resolved what never was opened: {m}")
    return wrong


wait_for = peers.wait_for


class Website:
    """A page of a government's site that can be closed."""

    def __init__(self, port):
        self.port, self.server = port, None
        self.open()

    def open(self):
        class Page(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = ("<!doctype html><meta charset=utf-8><title>区政府</title>" + "<p>政务公开</p>" * 40).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", self.port), Page)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
