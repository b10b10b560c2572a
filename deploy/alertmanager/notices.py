#!/usr/bin/env python3
"""A page of the notifications that Alertmanager sent, and a message that tries the way to it. Python's library alone.

    notices.py serve [--listen 127.0.0.1:9095] [--daemon 127.0.0.1:8080]
    notices.py test --alertmanager ADDRESS [--page ADDRESS]
    notices.py answers URL…          prints the first that answers 200
    notices.py free ADDRESS…         fails, and says which, where something listens already

`serve` takes Alertmanager's webhooks at POST / and shows them at GET /, newest first; /notices.json has them for programs. It
keeps nothing on disk and the last 200 alone, of each at most 100 alerts, takes 8 MiB at once, and listens on loopback only.
"""

import argparse
import collections
import html
import http.server
import ipaddress
import json
import re
import socket
import sys
import threading
import time
import urllib.error
import urllib.request

MOST_NOTICES, MOST_ALERTS, MOST_TEXT, MOST_BODY, MOST_CLIENTS = 200, 100, 600, 8 << 20, 16
TEST = "ChangtongTest"


def place(text):
    """(host, port) of 127.0.0.1:9095 or [::1]:9095."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError(f"不是 地址:端口 not ADDRESS:PORT: {text}")
    return host.strip("[]"), int(port)


def ask(url, body=None, timeout=5):
    headers = {"Content-Type": "application/json"} if body is not None else {}
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(url, data=data, headers=headers), timeout=timeout) as answer:
        return answer.read().decode()


class Zone:
    """Civil time of the daemon's zone, as the daemon says it; of this machine while it says nothing."""

    def __init__(self, daemon):
        self.daemon, self.asked, self.offset = daemon, None, None

    def text(self, at):
        if self.daemon and (self.asked is None or time.monotonic() - self.asked > 600):
            self.asked = time.monotonic()
            try:
                now = json.loads(ask(f"http://{self.daemon}/api/v1/summary", timeout=1))["now"]
                sign, hours, minutes = re.search(r"([+-])(\d\d):(\d\d)$", now).groups()
                self.offset = (-1 if sign == "-" else 1) * (int(hours) * 60 + int(minutes)) * 60
            except (OSError, ValueError, KeyError, AttributeError):
                self.asked -= 590  # again in ten seconds
        moment = time.localtime(at) if self.offset is None else time.gmtime(at + self.offset)
        return time.strftime("%Y-%m-%d %H:%M:%S", moment)


def cut(text):
    text = str(text)
    return text if len(text) <= MOST_TEXT else text[:MOST_TEXT] + "…"


def mapping(value):
    return value if isinstance(value, dict) else {}


def notice(body, at):
    """What is kept of a webhook of Alertmanager; ValueError where it is none."""
    if not isinstance(body, dict) or not isinstance(body.get("alerts"), list):
        raise ValueError("no webhook of Alertmanager")
    alerts = [a for a in body["alerts"] if isinstance(a, dict)]
    more = body.get("truncatedAlerts")
    kept = []
    kinds = collections.Counter()
    for a in alerts:
        labels, texts = mapping(a.get("labels")), mapping(a.get("annotations"))
        summary = cut(texts.get("summary") or labels.get("alertname", ""))
        over = a.get("status") == "resolved"
        kinds[(over, summary.split("：")[0])] += 1
        if len(kept) < MOST_ALERTS:
            kept.append({"over": over, "severity": cut(labels.get("severity", "")), "name": cut(labels.get("alertname", "")),
                         "id": cut(labels.get("id", "")), "summary": summary, "description": cut(texts.get("description", ""))})
    together = cut(mapping(body.get("commonLabels")).get("together", "")).strip()
    unit = lambda kind: "条" if kind[:2] in ("专线", "上联") else "项"
    what = "，".join(f"{kind} {count} {unit(kind)}{'已恢复' if over else ''}" for (over, kind), count in kinds.most_common(5))
    title = kept[0]["summary"] + ("（已恢复）" if kept[0]["over"] else "") if len(alerts) == 1 else f"{together}：{what}" if together else what
    return {"at": at, "title": title, "receiver": cut(body.get("receiver", "")), "over": body.get("status") == "resolved",
            "count": len(alerts) + (more if isinstance(more, int) else 0), "alerts": kept}


STYLE = """body{font:15px/1.6 sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#222;background:#fff}
h1{font-size:1.4em}.n{border-left:5px solid #c62828;padding:.3em 1em;margin:1em 0;background:#faf3f3}.over{border-color:#2e7d32;background:#f2f8f2}
.n p{margin:.2em 0}.t{color:#666;font-size:.9em}details{margin:.3em 0}li{margin:.3em 0}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}.n{background:#2a2020}.over{background:#1f2a1f}.t{color:#999}}"""


def shown(n):
    text = html.escape
    row = lambda a: f"<li><b>{text(a['summary'])}</b>{'（已恢复）' if a['over'] else ''}<br>{text(a['description'])}</li>"
    listed = "".join(row(a) for a in n["alerts"])
    left = n["count"] - len(n["alerts"])
    if left > 0:
        listed += f"<li>另有 {left} 条，未列出</li>"
    opened = " open" if n["count"] <= 3 else ""
    return (f"<div class='n{' over' if n['over'] else ''}'><p class=t>{text(n['when'])} · 发给「{text(n['receiver'])}」</p>"
            f"<p><b>{text(n['title'])}</b></p><details{opened}><summary>{n['count']} 条告警</summary><ul>{listed}</ul></details></div>")


def page(notices, total):
    body = "".join(shown(n) for n in notices) or "<p>还没有收到通知。</p>"
    older = f"，只留最近 {MOST_NOTICES} 条" if total > MOST_NOTICES else ""
    return (f"<!DOCTYPE html><html lang=zh-CN><head><meta charset=utf-8><meta name=viewport content='width=device-width'>"
            f"<meta http-equiv=refresh content=10><title>畅通 · 收到的通知</title><style>{STYLE}</style></head><body>"
            f"<h1>畅通 · 收到的通知</h1><p class=t>Alertmanager 发来的通知，新的在前，共 {total} 条{older}；每十秒刷新，重启即清空。"
            f"要发给人，请在 Alertmanager 的 receivers 里填写邮件或网关。</p>{body}</body></html>")


class Notices(http.server.ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, listen, daemon):
        self.address_family = socket.AF_INET6 if ":" in listen[0] else socket.AF_INET
        super().__init__(listen, Answer)
        self.zone = Zone(daemon)
        self.kept = collections.deque(maxlen=MOST_NOTICES)
        self.total = 0
        self.lock = threading.Lock()
        self.places = threading.BoundedSemaphore(MOST_CLIENTS)

    def process_request(self, request, client_address):
        if not self.places.acquire(blocking=False):
            return self.shutdown_request(request)
        super().process_request(request, client_address)

    def process_request_thread(self, request, client_address):
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()

    def handle_error(self, request, client_address):
        pass  # a client that went away

    def take(self, raw):
        with self.lock:  # one at a time: a large body costs its memory once
            n = notice(json.loads(raw), time.time())
            n["when"] = self.zone.text(n["at"])
            self.kept.appendleft(n)
            self.total += 1

    def look(self):
        with self.lock:
            return list(self.kept), self.total


class Answer(http.server.BaseHTTPRequestHandler):
    timeout = 10
    server_version, sys_version = "changtong-notices", ""

    def log_message(self, *_):
        pass

    def give(self, code, body=b"", kind="text/plain; charset=utf-8"):
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)
        self.close_connection = True

    def do_GET(self):
        notices, total = self.server.look()
        if self.path == "/":
            self.give(200, page(notices, total).encode(), "text/html; charset=utf-8")
        elif self.path == "/notices.json":
            self.give(200, json.dumps({"total": total, "notices": notices}, ensure_ascii=False).encode(), "application/json")
        else:
            self.give(404, "没有这一页\n".encode())

    def do_POST(self):
        length = self.headers.get("Content-Length", "")
        # A page of the web cannot send this kind to us without asking first, which we do not answer.
        if not self.headers.get("Content-Type", "").startswith("application/json"):
            return self.give(415)
        if not length.isdigit():
            return self.give(411)
        if int(length) > MOST_BODY:
            return self.give(413)
        raw = self.rfile.read(int(length))
        try:
            self.server.take(raw)
        except (ValueError, RecursionError):
            return self.give(400, "不是 Alertmanager 的 webhook\n".encode())
        self.give(200)


def serve(options):
    if not ipaddress.ip_address(options.listen[0]).is_loopback:
        print(f"只监听本机回环地址 loopback only: {options.listen[0]}", file=sys.stderr)
        return 2
    with Notices(options.listen, options.daemon) as server:
        server.serve_forever()
    return 0


def counted(alertmanager):
    """(sent, failed) of all integrations, as Alertmanager counts."""
    rows = re.findall(r"^alertmanager_notifications(_failed)?_total\{[^}]*\} (\S+)$", ask(f"{alertmanager}/metrics"), re.MULTILINE)
    return tuple(sum(float(value) for failed, value in rows if bool(failed) == which) for which in (False, True))


def try_it(options):
    """Sends a test alert and waits until it has arrived: on the page, or else until Alertmanager has handed it over."""
    base = f"http://{options.alertmanager}"
    name = f"{time.time():.3f}"
    before = counted(base)
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 120))
    ask(f"{base}/api/v2/alerts", [{"labels": {"alertname": TEST, "severity": "info", "id": name}, "endsAt": stamp, "annotations": {
        "summary": "测试消息", "description": "通知的路是通的。两分钟后还会有一条“已恢复”。"}}])
    deadline = time.monotonic() + options.seconds
    while time.monotonic() < deadline:
        time.sleep(0.3)
        if options.page:
            told = json.loads(ask(f"http://{options.page}/notices.json"))["notices"]
            if any(a["id"] == name for n in told for a in n["alerts"]):
                print(f"测试消息已经到达 a test message has arrived: http://{options.page}/")
                return 0
            continue
        sent, failed = (now - then for now, then in zip(counted(base), before))
        if failed:
            print("Alertmanager 没有送出测试消息，原因在它的日志里。 Alertmanager could not deliver the test message; its log says why.", file=sys.stderr)
            return 1
        if sent:
            print("测试消息已由 Alertmanager 送出，请看接收人是否收到。 Alertmanager has handed over a test message: has the receiver got it?")
            return 0
    print(f"{options.seconds:.0f} 秒内没有收到测试消息。 No test message within {options.seconds:.0f} s.", file=sys.stderr)
    return 1


def answers(options):
    for url in options.urls:
        try:
            ask(url)
            print(url)
            return 0
        except (OSError, ValueError):
            continue
    return 1


def free(options):
    taken = []
    for host, port in options.places:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind((host, port))
            except OSError as e:
                taken.append(f"{host}:{port} {e.strerror}")
    if taken:
        print("\n".join(taken), file=sys.stderr)
    return 1 if taken else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    one = commands.add_parser("serve")
    one.add_argument("--listen", type=place, default=("127.0.0.1", 9095))
    one.add_argument("--daemon", default="")
    one.set_defaults(run=serve)
    one = commands.add_parser("test")
    one.add_argument("--alertmanager", required=True)
    one.add_argument("--page", default="")
    one.add_argument("--seconds", type=float, default=60)
    one.set_defaults(run=try_it)
    one = commands.add_parser("answers")
    one.add_argument("urls", nargs="+")
    one.set_defaults(run=answers)
    one = commands.add_parser("free")
    one.add_argument("places", nargs="+", type=place)
    one.set_defaults(run=free)
    options = parser.parse_args()
    try:
        return options.run(options)
    except (OSError, ValueError) as e:
        print(e, file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
