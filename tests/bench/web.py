"""Visits of websites per CPU-second of the whole daemon, beside blackbox_exporter: `tests/bench/run web`, which hands itself over."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

NGINX = """daemon off; worker_processes 1; pid {dir}/nginx.pid; error_log {dir}/nginx.log;
events {{ worker_connections 4096; }}
http {{ access_log off; keepalive_timeout 5; ssl_session_tickets off; ssl_session_cache off;
  server {{ listen 127.0.0.1:8001 backlog=4096; location / {{ return 200 "{page}"; }} }}
  server {{ listen 127.0.0.1:8443 ssl backlog=4096; ssl_certificate {dir}/site.pem; ssl_certificate_key {dir}/site.key;
    ssl_protocols TLSv1.3; location / {{ return 200 "{page}"; }} }} }}
"""


def web_server(bench, directory):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "9",
                    "-subj", "/CN=bench", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", directory / "site.key",
                    "-out", directory / "site.pem"], check=True, capture_output=True)
    (directory / "nginx.conf").write_text(NGINX.format(dir=directory, page="<html>政务公开" + "x" * 2000 + "</html>"))
    p = bench.spawn(["nginx", "-c", directory / "nginx.conf"], directory / "nginx.out")
    time.sleep(0.5)
    return p


def blackbox(bench, directory, url, seconds):
    """Its probes per CPU-second, or nothing where it is not installed."""
    if not shutil.which("prometheus-blackbox-exporter"):
        return None
    (directory / "blackbox.yml").write_text(
        f"modules: {{ page: {{ prober: http, http: {{ tls_config: {{ ca_file: {directory}/site.pem }} }} }} }}\n")
    p = bench.spawn(["prometheus-blackbox-exporter", f"--config.file={directory}/blackbox.yml", "--web.listen-address=127.0.0.1:9115"],
              directory / "blackbox.log")
    time.sleep(1)
    ask = f"http://127.0.0.1:9115/probe?module=page&target={url}"
    if "probe_success 1" not in urllib.request.urlopen(ask).read().decode():
        sys.exit("blackbox_exporter cannot open the page")
    done, c0, until = 0, bench.cpu_of(p.pid), time.monotonic() + seconds
    while time.monotonic() < until:
        urllib.request.urlopen(ask).read()
        done += 1
    rate = done / (bench.cpu_of(p.pid) - c0)
    bench.stop(p)
    return rate


def measure(o, bench):
    directory = pathlib.Path(tempfile.mkdtemp(prefix="changtong-web-"))
    server = web_server(bench, directory)
    for scheme, port, sites in (("http", 8001, 1000), ("https", 8443, 300)):
        extra = "sites:\n" + "".join(
            f'  - {{ id: S{i}, name: S{i}, url: "{scheme}://127.0.0.1:{port}/{i}", interval: 1s, timeout: 1s, contains: 政务公开'
            + (f', ca: "{directory}/site.pem"' if scheme == "https" else "") + " }\n" for i in range(sites))
        for _ in range(o.rounds):
            d = bench.Daemon(o, 1, "tcp:port=9", "1s", extra)
            time.sleep(4)
            s = bench.observe(d, "http", o.seconds)
            d.stop()
            bench.record(o, dict(bench="web", scheme=scheme, sites=sites, visits_per_cpu_s=s["polls"] / s["cpu"],
                           blackbox_per_cpu_s=blackbox(bench, directory, f"{scheme}://127.0.0.1:{port}/", o.seconds), **s))
    bench.stop(server)
    shutil.rmtree(directory, ignore_errors=True)
