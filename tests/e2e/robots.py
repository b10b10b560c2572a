"""Whoever receives alerts, played: the group robots of 企业微信, 钉钉 and 飞书, an SMS or voice gateway, a webhook.

    with robots.Robots() as there:
        ding = there.dingtalk(secret="SEC-example")
        ...                         # a channel of that kind with url ding.url
        ding.wait_for(1, 10)
        assert "龙河镇" in ding.texts[0] and not ding.violations

They hold the limits and check the signatures as chapter 7 of the domain handbook says them, which this file was written from
without a look at the daemon. Each keeps everything that arrived: `arrived` all of it, `taken` what a person would have seen,
`violations` what no sender that knows the rules does (too long, too fast, wrongly signed, no such key, half a character).

`misbehave(way, times=…, seconds=…)` until behave(), or for so many requests or seconds:
    "silent"    reads and never answers             "500"       an error of the server, with a page
    "garbage"   200, and bytes that are no JSON     "drip"      an answer, a byte a second
    "endless"   an answer that does not end         "close"     closes without a word
    "half"      closes in the middle of an answer   "throttle"  the platform's own limit error
    "redirect"  302 to `elsewhere`                  "lost"      takes the message, then closes without a word
    "late"      takes it, and answers after `late` seconds
Python 3 of Debian 12, standard library only."""

import base64
import hashlib
import hmac
import http.server
import json
import os
import re
import socket
import ssl
import threading
import time
import urllib.parse

from stand import Arrival, Refusal, Window, Stand


def signed_by_dingtalk_rule(secret, timestamp_ms):
    """Key: the secret. Message: timestamp, line feed, secret."""
    message = f"{timestamp_ms}\n{secret}".encode()
    return base64.b64encode(hmac.new(secret.encode(), message, hashlib.sha256).digest()).decode()


def signed_by_feishu_rule(secret, timestamp_s):
    """Key: timestamp, line feed, secret. Message: nothing."""
    return base64.b64encode(hmac.new(f"{timestamp_s}\n{secret}".encode(), b"", hashlib.sha256).digest()).decode()


class WeCom(Stand):
    """20 a minute; text 2048 bytes, markdown 4096."""
    path = "/cgi-bin/webhook/send"

    def __init__(self, key="693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa", **settings):
        super().__init__(**settings)
        self.key, self.window = key, Window(20, self.minute)

    @property
    def query(self):
        return "?" + urllib.parse.urlencode({"key": self.key})

    @staticmethod
    def code(number, text):
        return json.dumps({"errcode": number, "errmsg": text})

    def limit_answer(self):
        return Refusal("more than 20 a minute", self.code(45009, "api freq out of limit"))

    def judge(self, arrival, query):
        if query.get("key") != [self.key]:
            raise Refusal("no such key", self.code(93000, f"invalid webhook url, hint: {query.get('key')}"))
        if self.window.full(time.monotonic()):
            raise self.limit_answer()
        body = self.object_of(arrival, lambda what: self.code(40008, f"invalid message type: {what}"))
        kind = body.get("msgtype")
        part = body.get(kind) if kind in ("text", "markdown") else None
        if not isinstance(part, dict) or not isinstance(part.get("content"), str) or not part["content"]:
            raise Refusal(f"no content: {kind}", self.code(40008, "invalid message type"))
        size, most = len(part["content"].encode()), 2048 if kind == "text" else 4096
        if size > most:
            raise Refusal(f"{size} bytes of {kind}, {most} are taken", self.code(40058, "content exceed max length"))
        arrival.text = part["content"]
        for key in ("mentioned_list", "mentioned_mobile_list"):
            named = part.get(key, [])
            if not isinstance(named, list) or not all(isinstance(n, str) and n for n in named):
                raise Refusal(f"{key} is no list of names", self.code(40063, "some parameters are empty"))
            arrival.to += named
        return self.code(0, "ok")


class DingTalk(Stand):
    """20 a minute; above that nothing for ten minutes. About 20 KB. Signed if it has a secret; or a keyword."""
    path = "/robot/send"

    def __init__(self, token="dingtoken", secret="", keyword="", penalty=600.0, **settings):
        super().__init__(**settings)
        self.token, self.secret, self.keyword, self.penalty = token, secret, keyword, penalty
        self.window, self.throttled_until = Window(20, self.minute), 0.0

    @property
    def query(self):
        return "?" + urllib.parse.urlencode({"access_token": self.token})

    code = staticmethod(WeCom.code)

    def limit_answer(self):
        return Refusal("more than 20 a minute, or throttled for it",
                       self.code(130101, "send too fast, exceed 20 times per minute"))

    def judge(self, arrival, query):
        now = time.monotonic()
        if self.window.full(now) and now >= self.throttled_until:
            self.throttled_until = now + self.penalty
        if now < self.throttled_until:
            raise self.limit_answer()
        if query.get("access_token") != [self.token]:
            raise Refusal("no such token", self.code(300001, "token is not exist"))
        if self.secret:
            self.check_signature(query)
        body = self.object_of(arrival, lambda what: self.code(40035, f"不合法的参数 {what}"))
        if len(arrival.body) > 20_000:
            raise Refusal(f"{len(arrival.body)} bytes", self.code(460101, "message too long, exceed 20000 bytes"))
        kind = body.get("msgtype")
        key = {"text": "content", "markdown": "text"}.get(kind)
        part = body.get(kind) if key else None
        if not isinstance(part, dict) or not isinstance(part.get(key), str) or not part[key].strip():
            raise Refusal(f"no text: {kind}", self.code(40035, "缺少参数 content"))
        if kind == "markdown" and not isinstance(part.get("title"), str):
            raise Refusal("markdown without title", self.code(40035, "缺少参数 title"))
        arrival.text = part[key]
        if self.keyword and self.keyword not in arrival.text:
            raise Refusal("without the keyword", self.code(310000, "keywords not in content"))
        at = body.get("at", {})
        arrival.to += at.get("atMobiles", []) + at.get("atUserIds", [])
        return self.code(0, "ok")

    def check_signature(self, query):
        stamp, sign = (query.get(k, [""])[0] for k in ("timestamp", "sign"))
        if not re.fullmatch(r"\d{13}", stamp) or abs(int(stamp) / 1000 - time.time()) > 3600:
            raise Refusal(f"timestamp {stamp!r}", self.code(310000, "sign not match: invalid timestamp"))
        if not hmac.compare_digest(sign, signed_by_dingtalk_rule(self.secret, stamp)):
            raise Refusal(f"sign {sign!r}", self.code(310000, "sign not match"))


class Feishu(Stand):
    """100 a minute and 5 a second; the request's body 20 KB. Signed if it has a secret."""

    def __init__(self, hook="aa1bb2cc-3ddd", secret="", keyword="", **settings):
        super().__init__(**settings)
        self.path, self.query = f"/open-apis/bot/v2/hook/{hook}", ""
        self.secret, self.keyword = secret, keyword
        self.windows = [Window(100, self.minute), Window(5, self.minute / 60)]

    @staticmethod
    def code(number, text):
        return json.dumps({"code": number, "msg": text, "data": {}})

    def limit_answer(self):
        return Refusal("more than 100 a minute or 5 a second", self.code(11232, "frequency limited"))

    def judge(self, arrival, query):
        if any([w.full(time.monotonic()) for w in self.windows]):  # each of them counts
            raise self.limit_answer()
        if len(arrival.body) > 20_000:
            raise Refusal(f"{len(arrival.body)} bytes", self.code(9499, "Bad Request: body too large"))
        body = self.object_of(arrival, lambda what: self.code(9499, f"Bad Request: {what}"))
        if self.secret:
            stamp = body.get("timestamp")
            if not re.fullmatch(r"\d{10}", str(stamp)) or abs(int(stamp) - time.time()) > 3600:
                raise Refusal(f"timestamp {stamp!r}", self.code(19021, "sign match fail or timestamp is not within one hour"))
            if not hmac.compare_digest(str(body.get("sign")), signed_by_feishu_rule(self.secret, stamp)):
                raise Refusal("sign", self.code(19021, "sign match fail or timestamp is not within one hour from current time"))
        if body.get("msg_type") != "text" or not isinstance(body.get("content"), dict) or not body["content"].get("text"):
            raise Refusal("no text", self.code(9499, "Bad Request"))
        said = body["content"]["text"]
        arrival.to += re.findall(r'<at user_id="([^"]*)">', said)
        arrival.text = re.sub(r'<at user_id="[^"]*">[^<]*</at>', "", said)
        if self.keyword and self.keyword not in said:
            raise Refusal("without the keyword", self.code(19024, "Key Words Not Found"))
        return self.code(0, "success")


class Gateway(Stand):
    """SMS or voice by HTTP, JSON or a form with `phone` and `text` at least. `provider` says whose limits a number has:
    "aliyun" 50 in 24 hours, counted on submission; "huawei" 15 a minute, 50 in 24 hours, the same text twice in 59 s and
    five times in 59 min."""
    wanted = "application/json or application/x-www-form-urlencoded"

    def __init__(self, path="/sms", provider="aliyun", **settings):
        super().__init__(**settings)
        self.path, self.query, self.provider = path, "", provider
        self.numbers = {}

    @staticmethod
    def code(word, text):
        return json.dumps({"Code": word, "Message": text}, ensure_ascii=False)

    def limit_answer(self):
        return Refusal("more than a number may get", self.code("isv.BUSINESS_LIMIT_CONTROL", "触发流控"))

    def windows_of(self, phone, text):
        day, minute = 24 * 60 * self.minute, self.minute
        if self.provider == "aliyun":
            return [self.numbers.setdefault(phone, Window(50, day))]
        rules = {"a minute": (15, minute), "a day": (50, day), text: (2, minute * 59 / 60), text + "\0": (5, minute * 59)}
        return [self.numbers.setdefault((phone, name), Window(*rule)) for name, rule in rules.items()]

    def judge(self, arrival, query):
        kind = arrival.headers.get("content-type", "").split(";")[0].strip().lower()
        if kind == "application/x-www-form-urlencoded":
            try:
                found = dict(urllib.parse.parse_qsl(arrival.body.decode("ascii"), keep_blank_values=True,
                                                    strict_parsing=True, errors="strict"))
            except ValueError as error:
                raise Refusal(f"no form: {error}", self.code("isv.INVALID_PARAMETERS", "form")) from error
            arrival.fields = found
        else:
            found = self.object_of(arrival, lambda what: self.code("isv.INVALID_JSON_PARAM", what))
        phone, text = found.get("phone"), found.get("text")
        if not isinstance(phone, str) or not re.fullmatch(r"(\+86)?1\d{10}", phone):
            raise Refusal(f"no number: {phone!r}", self.code("isv.MOBILE_NUMBER_ILLEGAL", "号码"))
        if not isinstance(text, str) or not text or "${" in arrival.body.decode("utf-8", "replace"):
            raise Refusal("no text, or a template that was not filled", self.code("isv.INVALID_PARAMETERS", "text"))
        if any([w.full(time.monotonic()) for w in self.windows_of(phone, text)]):
            raise self.limit_answer()
        arrival.text, arrival.to = text, [phone]
        return self.code("OK", "OK")


class Webhook(Stand):
    """A message as JSON. With a key, signed as README says: `X-Changtong-Timestamp` Unix seconds, at most five minutes off;
    `X-Changtong-Signature` "sha256=" and the hexadecimal HMAC-SHA256 of timestamp, full stop, body."""

    def __init__(self, path="/hook", key="", **settings):
        super().__init__(**settings)
        self.path, self.query, self.key = path, "", key

    def judge(self, arrival, query):
        if self.key:
            stamp, sign = (arrival.headers.get(f"x-changtong-{k}", "") for k in ("timestamp", "signature"))
            if not re.fullmatch(r"\d{10}", stamp) or abs(int(stamp) - time.time()) > 300:
                raise Refusal(f"timestamp {stamp!r}", "timestamp", 401)
            right = hmac.new(self.key.encode(), stamp.encode() + b"." + arrival.body, hashlib.sha256).hexdigest()
            if not hmac.compare_digest(sign, "sha256=" + right):
                raise Refusal("signature", "signature", 401)
        body = self.object_of(arrival, lambda what: f"bad {what}")
        for key, kind in {"id": str, "kind": str, "cause": str, "began": str, "lines": list, "count": int, "title": str,
                          "text": str}.items():
            if not isinstance(body.get(key), kind):
                raise Refusal(f"{key} is missing", f"{key} is missing", 400)
        if body["kind"] not in ("opened", "grown", "resolved", "acknowledged", "own"):
            raise Refusal(f"kind {body['kind']}", "kind", 400)
        arrival.text, arrival.to = body["title"] + "\n" + body["text"], []
        return "{}"


class Robots:
    """One server on loopback with all of them; `tls`: paths of a certificate and its key."""

    def __init__(self, address="127.0.0.1", port=0, tls=None):
        self.stands, self.over = [], threading.Event()
        there = self

        class Door(http.server.BaseHTTPRequestHandler):
            protocol_version, timeout = "HTTP/1.1", 60

            def do_POST(self):
                there.answer(self)

            def do_GET(self):
                self.send_error(405)

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads, request_queue_size = True, 128

            def handle_error(self, *_):
                pass  # who asked has gone

        self.server = Server((address, port), Door)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.base = f"{'https' if tls else 'http'}://{address}:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.over.set()
        self.server.shutdown()
        self.server.server_close()

    def add(self, stand):
        assert all(s.path != stand.path for s in self.stands), "that address is taken: give it another one"
        stand.url = self.base + stand.path + stand.query
        self.stands.append(stand)
        return stand

    def wecom(self, **settings):
        return self.add(WeCom(**settings))

    def dingtalk(self, **settings):
        return self.add(DingTalk(**settings))

    def feishu(self, **settings):
        return self.add(Feishu(**settings))

    def gateway(self, **settings):
        return self.add(Gateway(**settings))

    def webhook(self, **settings):
        return self.add(Webhook(**settings))

    def answer(self, door):
        where = urllib.parse.urlsplit(door.path)
        body = door.rfile.read(int(door.headers.get("Content-Length") or 0))
        stand = next((s for s in self.stands if s.path == where.path), None)
        if stand is None:
            return door.send_error(404)
        arrival = Arrival(time.time(), door.path, {k.lower(): v for k, v in door.headers.items()}, body)
        status, says = stand.receive(arrival, urllib.parse.parse_qs(where.query))
        self.speak(door, stand, arrival.way, status, says.encode())

    def speak(self, door, stand, way, status, says):
        door.close_connection = way != ""
        if way in ("close", "lost"):
            return door.connection.shutdown(socket.SHUT_RDWR)
        if way == "silent":
            return self.over.wait(300)
        if way == "late":
            self.over.wait(stand.late)
        if way == "500":
            status, says = 500, b"<html><body>Internal Server Error</body></html>"
        if way == "garbage":
            says = os.urandom(400)
        if way == "redirect":
            door.send_response(302)
            door.send_header("Location", stand.elsewhere)
            door.send_header("Content-Length", "0")
            return door.end_headers()
        door.send_response(status)
        door.send_header("Content-Type", "application/json; charset=utf-8")
        if way == "endless":
            door.end_headers()
            while not self.over.is_set():
                door.wfile.write(b" " * 65536)
            return None
        says = says or b"{}"
        door.send_header("Content-Length", str(len(says) + (100 if way == "half" else 0)))
        door.end_headers()
        if way == "drip":
            for i in range(len(says)):
                door.wfile.write(says[i:i + 1])
                door.wfile.flush()
                if self.over.wait(1):
                    return None
            return None
        door.wfile.write(says)
        return door.wfile.flush()
