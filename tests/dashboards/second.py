"""A second monitor in the same Prometheus, as far as the rules need one: thirty-one lines of two carriers in sixteen towns, of
which one carrier's can be cut. Its page is written here, so that a cut of exactly so many lines is told of."""

import http.server
import threading
import time

CARRIER, CUT, TOWNS = "中国移动", 26, 15


class Second:
    def __init__(self, address):
        self.host, port = address.split(":")
        self.lines = [(f"m-{n:02}", CARRIER, f"第{n % TOWNS + 1}镇") for n in range(CUT)]
        self.lines += [(f"d-{n}", "中国电信", f"第{n + 12}镇") for n in range(5)]
        self.down = {}  # line -> when it began
        self.server = http.server.ThreadingHTTPServer((self.host, int(port)), self.answer())
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def cut(self):
        """The carrier's lines go, each confirmed a little later than the one before, over three seconds."""
        began = time.time()
        self.down["m-00"] = began

        def others():
            for n in range(1, CUT):
                time.sleep(3 / CUT)
                self.down[f"m-{n:02}"] = began + n / 50

        threading.Thread(target=others, daemon=True).start()

    def mend(self):
        self.down = {}

    def page(self):
        out = ['changtong_build_info{version="0"} 1']
        down = dict(self.down)
        for line, carrier, town in self.lines:
            labels = f'line="{line}",category="village",carrier="{carrier}",town="{town}"'
            out.append(f'changtong_line_info{{{labels},name="{town}{line}",unit="村委会",parent=""}} 1')
            out.append(f"changtong_line_state{{{labels}}} {2 if line in down else 1}")
            out.append(f"changtong_line_outage_open{{{labels}}} {int(line in down)}")
            if line in down:
                out.append(f"changtong_line_outage_began_timestamp_seconds{{{labels}}} {down[line]:.3f}")
                out.append(f'changtong_line_down_info{{{labels},cause="timeout",reason="超时无应答",since="2026-03-14 15:04:05"}} 1')
        return "\n".join(sorted(out)) + "\n"

    def answer(self):
        second = self

        class Page(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def do_GET(self):
                body = second.page().encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        return Page

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
