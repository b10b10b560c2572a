"""Websites as the world has them: over a hundred raw answers, each with the verdict that its visitors would give.

    python3 tests/e2e/odd_sites.py differential [NAME|KIND…]  what curl and a browser make of each, against what is expected
    python3 tests/e2e/odd_sites.py serve FOLDER ADDRESS…     used by sites_test.py, inside a host of the WAN

An expectation is no opinion of ours: where curl and browser differ, a site is open if citizens can open it. What stands against
the browser has its reason in `why`. The kinds come from public reports about other monitors and clients.

An answer is bytes, or a list of pieces sent one after the other: bytes, seconds to wait, RST, FIN; or a function of the request
that returns one of these. A request for /NAME or /NAME/… is given the answer of NAME.
"""

import dataclasses
import pathlib
import socket
import struct
import sys
import threading
import time

WEB, OTHER, WEB6 = "10.77.1.2", "10.77.1.3", "fd77:1::2"
SECURE, OLD_PORT, NOBODY = 8500, 8081, 8099  # TLS with a good certificate; another port; where nobody but the monitor listens
RST, FIN = "reset", "no more"
TEXT, BROKEN = "政务公开", "数据库连接失败"
PAGE = f"<html><head><title>测试区人民政府</title></head><body>{TEXT} 欢迎</body></html>"
FAILED = f"<html><head><title>测试区</title></head><body>{BROKEN}</body></html>"
U8 = PAGE.encode()
HTML = b"text/html; charset=utf-8"


@dataclasses.dataclass
class Case:
    name: str
    answer: object
    expected: str       # good, bad; wish: open in a browser that runs pages, said but not demanded; either: no hang, no "unknown"
    why: str
    url: str
    settings: dict
    part: str           # the function that declares it


CASES, PART = {}, []


# What a browser shows and libcurl, which visits for us, cannot read. README, *A real district*, says so.
UNREADABLE = {"fold_first", "no_colon", "line_http12", "line_http_1", "line_no_status", "line_words", "line_no_version",
              "line_http09", "line_http09_short", "line_blank_before"}


def case(name, answer=None, expected="good", why="", url=None, **settings):
    assert name not in CASES, name
    if name in UNREADABLE:
        expected, why = "bad", "a browser shows it, libcurl cannot read it"
    CASES[name] = Case(name, answer, expected, why, url or f"http://portal.test/{name}", settings, PART[-1])


def page(name, answer):
    """What is no case of its own, but a step of others."""
    CASES[name] = Case(name, answer, "", "", "", {}, "")


def declare(*parts):
    for part in parts:
        PART.append(part.__name__)
        part()


def head(*lines, start=b"HTTP/1.1 200 OK"):
    return b"\r\n".join([start, *lines, b"", b""])


def ok(body=U8, *lines, ctype=HTML, start=b"HTTP/1.1 200 OK"):
    return head(b"Content-Type: " + ctype, *lines, b"Content-Length: %d" % len(body), start=start) + body


def open_end(body=U8, *lines, ctype=HTML):
    return head(b"Content-Type: " + ctype, *lines) + body


def chunk(body, extra=b"", size=b"%x", end=b"\r\n"):
    return size % len(body) + extra + end + body + end


LAST = b"0\r\n\r\n"
CHUNKED = head(b"Content-Type: " + HTML, b"Transfer-Encoding: chunked")


def moved(to, *lines, status=b"302 Found", body=b""):
    return head(b"Location: " + to, *lines, b"Content-Length: %d" % len(body), start=b"HTTP/1.1 " + status) + body


def status(line, *lines, body=b"<p>no</p>"):
    return head(*lines, b"Content-Type: text/html", b"Content-Length: %d" % len(body), start=b"HTTP/1.1 " + line) + body


class Request:
    def __init__(self, raw):
        first, *lines = raw.decode("latin-1").split("\r\n")
        self.raw = raw
        self.target = (first.split(" ") + ["", ""])[1]
        self.path, _, self.query = self.target.partition("?")
        self.headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
        self.cookies = dict(c.strip().partition("=")[::2] for c in self.headers.get("cookie", "").split(";"))

    def says(self, header, text):
        return text.lower() in self.headers.get(header, "").lower()


def wants(condition, otherwise=None):
    """The page if the request is as the server wants it; a filter's 403 or the like if not."""
    refusal = otherwise if otherwise is not None else status(b"403 Forbidden")
    return lambda r: ok() if condition(r) else refusal


def answer_of(request):
    name = request.path.lstrip("/").split("/")[0]
    # as a servlet container does it: under the percent-encoded bytes alone
    if name.upper() in ("%E9%A6%96%E9%A1%B5", "%CA%D7%D2%B3", "A%20B", "OK", "INDEX.HTML") or request.target == "/":
        return ok()
    answer = CASES["url_query_alone" if request.target == "/?url_query_alone" else name].answer
    return answer(request) if callable(answer) else answer


def play(peer, pieces):
    for piece in [pieces] if isinstance(pieces, bytes) else pieces:
        if isinstance(piece, list):
            play(peer, piece)
        elif isinstance(piece, bytes):
            peer.sendall(piece)
        elif piece == RST:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            peer.close()
        elif piece == FIN:
            peer.shutdown(socket.SHUT_WR)
        else:
            time.sleep(piece)


def converse(peer):
    """One connection, plain or TLS: reads a request, answers, closes in order."""
    with peer:
        try:
            peer.settimeout(20)
            raw = b""
            while b"\r\n\r\n" not in raw:
                more = peer.recv(65536)
                if not more:
                    return
                raw += more
            play(peer, answer_of(Request(raw)))
            peer.shutdown(socket.SHUT_WR)
            peer.settimeout(2)
            while peer.recv(65536):
                pass
        except (OSError, ValueError):  # it went away, or we closed it ourselves
            pass
        except KeyError:
            peer.sendall(status(b"404 Not Found"))


def listen(address, port, serve):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    server = socket.create_server((address, port), family=family, backlog=400)

    def accept():
        while True:
            threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()
    threading.Thread(target=accept, daemon=True).start()


def load():
    """All cases; they live in files by kind."""
    import odd_answers, odd_tls, odd_ways  # noqa: F401,E401 - each adds its own
    return CASES


def main():
    load()
    if sys.argv[1:2] == ["differential"]:
        import odd_visitors
        return odd_visitors.differential(sys.argv[2:])
    if sys.argv[1:2] != ["serve"]:
        print(__doc__)
        return 2
    import odd_tls
    for address in sys.argv[3:]:
        for port in (80, OLD_PORT):
            listen(address, port, converse)
    odd_tls.serve(pathlib.Path(sys.argv[2]), *sys.argv[3:])
    print("listening", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    sys.modules["odd_sites"] = sys.modules["__main__"]
    sys.exit(main())
