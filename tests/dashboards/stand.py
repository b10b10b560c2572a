"""The stand of the proof: the demo, a website with TLS, Prometheus and Alertmanager as deploy/observability starts them,
and somebody who receives the messages."""

import base64
import csv
import http.server
import json
import os
import pathlib
import re
import signal
import ssl
import subprocess
import threading
import time
import urllib.parse
import urllib.request

from second import Second

ROOT = pathlib.Path(__file__).resolve().parents[2]
DAEMON, PROMETHEUS, ALERTMANAGER, MESSAGES, SECURE = ("127.0.0.1:21480", "127.0.0.1:21490", "127.0.0.1:21493", 21495, 21443)
SECOND, STORE, NODE = "127.0.0.1:21481", "127.0.0.1:21428", "东城区"
PASSWORD = "一个 pass 词"
STORE_LOGIN = base64.b64encode(f"nodes:{PASSWORD}".encode()).decode()
CONTRACTS = """
contracts:
  - { id: ct, carrier: 中国电信, grade: AA, availability_target: "99.9", period: month, source: 电信合同, clause: 第六条 }
  - { id: cm, carrier: 中国移动, grade: AAA, availability_target: "99.95", period: month, source: 移动合同, clause: 第五条 }
"""
ALERTS = f"""
alerts: {{ channels: {{ hook: {{ kind: webhook, url: "http://127.0.0.1:{MESSAGES}/own" }} }} }}
"""


def get(url, headers=None):
    with urllib.request.urlopen(urllib.request.Request(url, headers=headers or {}), timeout=10) as answer:
        return answer.read().decode()


def wait_for(what, seconds, why):
    deadline = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {why}")
        time.sleep(0.2)


class Quiet(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Stand:
    def __init__(self, folder, binary):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.binary = binary
        self.messages = []  # what Alertmanager sent
        self.own = []       # what the daemon sent itself
        self.states = {}    # (alertname, line or site) -> every state that Alertmanager ever gave it
        self.watching = True
        self.demo = self.observability = self.store = None

    # -- the world ---------------------------------------------------------------------------------------------------
    def start(self):
        self.begin_messages()
        self.begin_secure_site()
        self.second = Second(SECOND)
        demo = self.folder / "demo"
        # Seed 10 at this pace: a township is cut for 38 s after 20 s, a website answers 500 for 19 s after 55 s.
        self.demo = self.spawn("demo.log", self.binary, "demo", "--lines", 60, "--speed", 2, "--seed", 10, "--listen", DAEMON,
                               "--dir", demo)
        config = demo / "changtong.yaml"
        wait_for(lambda: "状态页" in self.log("demo.log"), 20, "the demo is ready")
        with open(demo / "sites.csv", newline="", encoding="utf-8-sig") as text:
            headings, *rows = csv.reader(text)
        fresh = {"编号": "secure", "名称": "安全站点", "网址": f"https://localhost:{SECURE}/", "周期": "5s", "时限": "5s", "根证书": f"{self.folder}/site.crt"}
        headings += [h for h in fresh if h not in headings]
        with open(demo / "sites.csv", "w", newline="", encoding="utf-8") as text:
            csv.writer(text).writerows([headings, *(row + [""] * (len(headings) - len(row)) for row in rows), [fresh.get(h, "") for h in headings]])
        config.write_text(config.read_text() + CONTRACTS + ALERTS)
        self.demo.send_signal(signal.SIGHUP)
        wait_for(lambda: "changtong_contract_target_ratio{" in get(f"http://{DAEMON}/metrics"), 20, "the contracts are loaded")
        self.tell_history()
        receivers = self.folder / "alertmanager.yml"
        shipped = (ROOT / "deploy/alertmanager/alertmanager.yml").read_text()
        # Who is told is ours, and an hour between messages becomes five seconds; routes and inhibition stay as shipped.
        receivers.write_text(re.sub(r"group_interval: \S+", "group_interval: 5s", shipped).replace(
            "http://127.0.0.1:9095/", f"http://127.0.0.1:{MESSAGES}/"))
        (self.folder / "store.password").write_text(PASSWORD)
        self.store = self.spawn("store.log", ROOT / "deploy/metrics-store", "--no-install", "--listen", STORE, "--dir", self.folder / "store",
                                "--interval", "1s", "--user", "nodes", "--password", self.folder / "store.password")
        self.observability = self.spawn("observability.log", ROOT / "deploy/observability", "--no-install", "--daemon", DAEMON,
                                        "--daemon", SECOND, "--prometheus", PROMETHEUS, "--alertmanager", ALERTMANAGER, "--dir", self.folder / "observed",
                                        "--interval", "1s", "--receivers", receivers, "--node", NODE, "--write", f"http://{STORE}/api/v1/write",
                                        "--write-user", "nodes", "--write-password", self.folder / "store.password")
        wait_for(lambda: len(self.series('up{job="changtong"} == 1')) == 2, 30, "Prometheus has scraped the demo and the second monitor")
        self.second.cut()
        threading.Thread(target=self.watch, daemon=True).start()

    def spawn(self, log, *command):
        with open(self.folder / log, "wb") as out:
            return subprocess.Popen([str(c) for c in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out)

    def log(self, name):
        return (self.folder / name).read_text(errors="replace")

    def begin_messages(self):
        stand = self

        class Receiver(Quiet):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                (stand.own if self.path == "/own" else stand.messages).append(json.loads(body))
                self.send_response(200)
                self.end_headers()

        self.receiver = http.server.ThreadingHTTPServer(("127.0.0.1", MESSAGES), Receiver)
        threading.Thread(target=self.receiver.serve_forever, daemon=True).start()

    def begin_secure_site(self):
        key, certificate = self.folder / "site.key", self.folder / "site.crt"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "20",
                        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out",
                        str(certificate)], check=True, capture_output=True)

        class Page(Quiet):
            def do_GET(self):
                body = "<html>你好</html>".encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        self.site = http.server.ThreadingHTTPServer(("127.0.0.1", SECURE), Page)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.site.socket = context.wrap_socket(self.site.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.site.serve_forever, daemon=True).start()

    def tell_history(self):
        """Three days in which the contracts' sums were zero, for they were: the ledger did not exist yet. Without them no
        window of hours has a beginning."""
        now = int(time.time())
        lines = []
        for metric in ("changtong_contract_down_seconds", "changtong_contract_up_seconds", "changtong_contract_target_ratio"):
            lines.append(f"# TYPE {metric} gauge")
            for contract, carrier, target in (("ct", "中国电信", 0.999), ("cm", "中国移动", 0.9995)):
                value = target if metric.endswith("ratio") else 0
                labels = f'contract="{contract}",carrier="{carrier}",instance="{DAEMON}",job="changtong"'
                lines += [f"{metric}{{{labels}}} {value} {t}" for t in range(now - 73 * 3600, now - 30, 240)]
                lines.append(f"{metric}{{{labels}}} {value} {now - 30}")
        told = self.folder / "history.om"
        told.write_text("\n".join(lines) + "\n# EOF\n")
        blocks = self.folder / "observed/prometheus"
        blocks.mkdir(parents=True, exist_ok=True)
        subprocess.run(["promtool", "tsdb", "create-blocks-from", "openmetrics", str(told), str(blocks)], check=True, capture_output=True)

    def stop(self):
        self.watching = False
        for process, sign in ((self.demo, signal.SIGINT), (self.observability, signal.SIGTERM), (self.store, signal.SIGTERM)):
            if process is None or process.poll() is not None:
                continue
            process.send_signal(sign)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self.second.stop()
        for server in (self.receiver, self.site):
            server.shutdown()
            server.server_close()

    # -- what can be asked -------------------------------------------------------------------------------------------
    def ask(self, path, **parameters):
        answer = json.loads(get(f"http://{PROMETHEUS}/api/v1/{path}?" + urllib.parse.urlencode(parameters)))
        if answer["status"] != "success":
            raise AssertionError(f"{path} {parameters}: {answer}")
        return answer["data"]

    def series(self, query):
        try:
            return self.ask("query", query=query)["result"]
        except OSError:
            return []

    def stored(self, query):
        """What the centre's store has."""
        answer = get(f"http://{STORE}/api/v1/query?" + urllib.parse.urlencode({"query": query}), {"Authorization": f"Basic {STORE_LOGIN}"})
        return json.loads(answer)["data"]["result"]

    def firing(self, name, **labels):
        """The alerts of Prometheus that fire with these labels."""
        alerts = self.ask("alerts")["alerts"]
        return [a for a in alerts if a["state"] == "firing" and a["labels"]["alertname"] == name and
                all(a["labels"].get(k) == v for k, v in labels.items())]

    def watch(self):
        while self.watching:
            try:
                for alert in json.loads(get(f"http://{ALERTMANAGER}/api/v2/alerts")):
                    labels = alert["labels"]
                    key = (labels["alertname"], labels.get("line") or labels.get("site") or "", labels.get("uplink", ""))
                    self.states.setdefault(key, []).append((alert["status"]["state"], bool(alert["status"]["inhibitedBy"])))
            except (OSError, ValueError):
                pass
            time.sleep(0.5)

    def told(self, name, status):
        """(receiver, alert) of every message with an alert of this name and status."""
        return [(m["receiver"], a) for m in list(self.messages) for a in m["alerts"]
                if a["labels"]["alertname"] == name and a["status"] == status]


def environment():
    return os.environ["CHANGTONG_BINARY"], pathlib.Path(os.environ["CHANGTONG_KEEP"]) / "proof"
