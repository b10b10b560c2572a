"""From the true moment of a cut to the message leaving: `tests/bench/run alerts`, which hands itself over.

Single lines, one cut every six seconds (a fourth within 15 s would be told as one with them), at 1 s and at 10 s at the same time (two
daemons, one responder); then 10,000 lines of one carrier at one instant beside 200 of another. A message has left when a webhook on loopback has read it whole."""

import http.server
import json
import pathlib
import shutil
import socket
import struct
import tempfile
import threading
import time
import urllib.request

CUTS, SPACING, LENGTH = 60, 6, 30  # singles: so many, a cut every so many seconds, each so long
STORM, STAY = 10_000, 200
BASE = struct.unpack("!I", socket.inet_aton("127.1.0.0"))[0]


def address(i):
    return socket.inet_ntoa(struct.pack("!I", BASE + i))


class Receiver:
    """Keeps (time, message) of every POST."""

    def __init__(self):
        self.told = []
        there = self

        class Door(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                there.told.append((time.time(), json.loads(body), len(body)))
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"


class District:
    """A daemon of its own port; `rows`: (index of the address, carrier, town)."""

    def __init__(self, o, bench, port, interval, rows):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="changtong-alerts-"))
        self.there, self.bench, self.port = Receiver(), bench, port
        (self.dir / "lines.csv").write_text("id,name,category,town,carrier,address,checks\n" + "".join(
            f"L{i},线路{i},village,{town},{carrier},{address(i)},icmp\n" for i, carrier, town in rows))
        (self.dir / "changtong.yaml").write_text(
            f"zone: Asia/Shanghai\nlisten: 127.0.0.1:{port}\nledger: ledger.db\ninventory: lines.csv\n"
            f"defaults: {{ interval: {interval}, timeout: 1s, fast_interval: 250ms }}\ncategories: {{ village: {{ interval: {interval} }} }}\n"
            f"alerts: {{ channels: {{ hook: {{ kind: webhook, url: \"{self.there.url}\", per_minute: 600 }} }} }}\n")
        self.process = bench.spawn([o.binary, "serve", "--config", self.dir / "changtong.yaml"], self.dir / "log")

    def up(self):
        page = urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=30).read().decode()
        return sum(l.startswith("changtong_line_up{") and l.endswith(" 1") for l in page.splitlines())

    def wait(self, count, seconds=60):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if self.up() == count:
                    return
            except OSError:
                pass
            time.sleep(0.3)
        raise SystemExit(f"{count} lines are not up after {seconds} s: " + (self.dir / "log").read_text()[-1500:])

    def close(self):
        self.bench.stop(self.process)
        self.there.server.shutdown()
        shutil.rmtree(self.dir, ignore_errors=True)


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(q * len(values)))] if values else None


def agents(bench, cuts, epoch):
    """`cuts`: (index, from, to) in seconds after the epoch."""
    pathlib.Path("/proc/sys/net/ipv4/icmp_echo_ignore_all").write_text("1")  # this namespace only; agentsim answers
    schedule = pathlib.Path(tempfile.mkstemp(prefix="changtong-cuts-")[1])
    schedule.write_text("".join(f"{address(i)} {begin:.3f} {end:.3f} drop\n" for i, begin, end in cuts))
    return bench.agents("-I", "-f", schedule, "-e", f"{epoch:.3f}")


def singles(o, bench):
    """Every line has a carrier and a town of its own, so that each is an outage by itself."""
    epoch = time.time() + 25
    first, second = range(CUTS), range(1000, 1000 + CUTS)
    # both daemons' cuts fall between their samples at every phase: the spacing is no multiple of an interval
    cuts = {i: (k * (SPACING + 0.137), k * (SPACING + 0.137) + LENGTH) for group in (first, second) for k, i in enumerate(group)}
    answering = agents(bench, [(i, *when) for i, when in cuts.items()], epoch)
    districts = [("1s", District(o, bench, 18082, "1s", [(i, f"运营商{i}", f"镇{i}") for i in first]), first),
                 ("10s", District(o, bench, 18083, "10s", [(i, f"运营商{i}", f"镇{i}") for i in second]), second)]
    for _, district, mine in districts:
        district.wait(CUTS)
    if time.time() > epoch:
        raise SystemExit("this machine is too busy: the lines were not up in time")
    time.sleep(max(0.0, epoch + max(end for _, end in cuts.values()) + 20 - time.time()))
    for interval, district, mine in districts:
        opened = {}
        for at, message, _ in district.there.told:
            if message["kind"] in ("opened", "grown"):  # grown: the fourth within 15 s is told with the last single one
                for line in message["lines"]:
                    opened.setdefault(line, []).append((at, len(message["lines"])))
        took = [opened[f"L{i}"][0][0] - epoch - cuts[i][0] for i in mine if f"L{i}" in opened]
        bench.record(o, dict(bench="alerts", what="single lines", interval=interval, cuts=CUTS, told=len(took),
                             least_s=min(took, default=None), alone=sum(v[0][1] == 1 for v in opened.values()),
                             messages=len(district.there.told), median_s=quantile(took, 0.5), p99_s=quantile(took, 0.99),
                             worst_s=max(took, default=None), rss_mb=bench.rss_mb(district.process.pid)))
        district.close()
    bench.stop(answering)


def storm(o, bench):
    epoch = time.time() + 60
    cut = range(STORM)
    answering = agents(bench, [(i, 0, 30) for i in cut], epoch)
    rows = [(i, "中国移动", f"镇{i % 300}") for i in cut] + [(STORM + i, "中国电信", f"镇{i % 300}") for i in range(STAY)]
    district = District(o, bench, 18084, "1s", rows)
    district.wait(STORM + STAY)
    before = bench.rss_mb(district.process.pid)
    if time.time() > epoch:
        raise SystemExit("this machine is too busy: the lines were not up in time")
    time.sleep(max(0.0, epoch + 25 - time.time()))
    during, told = bench.rss_mb(district.process.pid, "VmHWM"), list(district.there.told)
    time.sleep(max(0.0, epoch + 60 - time.time()))
    later = district.there.told[len(told):]
    bench.record(o, dict(bench="alerts", what="storm", interval="1s", lines=STORM, stay=STAY, messages=len(told),
                         kinds=[m["kind"] for _, m, _ in told], counts=[m["count"] for _, m, _ in told],
                         after_s=[round(at - epoch, 2) for at, _, _ in told], bytes=max((size for *_, size in told), default=0),
                         title=told[0][1]["title"] if told else "", rss_before_mb=before, hwm_mb=during,
                         recovery=[(m["kind"], m["count"], round(at - epoch - 30, 2)) for at, m, _ in later],
                         rss_after_mb=bench.rss_mb(district.process.pid), hwm_after_mb=bench.rss_mb(district.process.pid, "VmHWM")))
    district.close()
    bench.stop(answering)


def measure(o, bench):
    storm(o, bench)
    singles(o, bench)
