"""TLS as old and badly kept servers speak it: each kind on a port of its own, under a name of its own."""

import os
import pathlib
import shutil
import socket
import ssl
import struct
import subprocess
import time

import odd_sites
from odd_sites import CASES, RST, SECURE, TEXT, U8, case, declare, head, ok, open_end

FAKETIME = next(pathlib.Path("/usr/lib").glob("*/faketime/libfaketime.so.1"), None)
GNUTLS = shutil.which("gnutls-serv")
FLIP, flipped = SECURE + 400, []
PORTS = {}  # name of a kind: its port


def kind(name, expected="good", why="", host=None, scheme="https", trust="ROOT", **settings):
    PORTS[name] = SECURE + len(PORTS)
    # the page tells that the right server was met
    case(f"tls_{name}", PLAY.get(name, ok()), expected, why,
         f"{scheme}://{host or name.replace('_', '-') + '.odd.test'}:{PORTS[name]}/tls_{name}",
         **({"ca": trust} if trust else {}), **({} if name.startswith("legacy") else {"contains": TEXT}), **settings)


PLAY = {
    "no_close_notify_length": ok(), "no_close_notify": open_end(), "reset_at_end": [ok(), .1, RST],
    "no_close_notify_chunks": head(
        b"Content-Type: text/html; charset=utf-8", b"Transfer-Encoding: chunked") + b"%x\r\n" % len(U8) + U8 + b"\r\n0\r\n\r\n",
        "no_close_notify_short": head(b"Content-Length: 900") + U8,
}


class Cabinet:
    """Certificates by openssl, in a folder."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        for ca, by in (("root", None), ("middle", "root"), ("stranger", None)):
            self.key(f"{ca}", "EC")
            self.sign(ca, by, f"/CN=odd {ca}",
                      "basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n")
        self.key("leaf", "EC")

    def path(self, name):
        return self.folder / name

    def run(self, *words, env=None):
        subprocess.run(["openssl", *[str(w) for w in words]], check=True, capture_output=True,
                       env={**os.environ, **(env or {})})

    def key(self, name, algorithm, *options):
        if algorithm == "EC" and not options:
            options = ("ec_paramgen_curve:prime256v1",)
        self.run("genpkey", "-algorithm", algorithm, *[x for o in options for x in ("-pkeyopt", o)], "-out",
                 self.path(f"{name}.key"))

    def sign(self, name, by, subject, extensions, key=None, days=30, at=None, digest="sha256"):
        key = self.path(f"{key or name}.key")
        settings = self.path(f"{name}.cnf")
        settings.write_text(f"[req]\ndistinguished_name=dn\nx509_extensions=ext\n[dn]\n[ext]\n{extensions}")
        env = {"LD_PRELOAD": str(FAKETIME), "FAKETIME": at} if at else None
        issuer = () if by is None else ("-CA", self.path(f"{by}.pem"), "-CAkey", self.path(f"{by}.key"))
        self.run("req", "-x509", "-new", "-config", settings, "-key", key, "-subj", subject, "-days", days, f"-{digest}", *issuer,
                 "-out", self.path(f"{name}.pem"), env=env)

    def leaf(self, name, host, by="middle", key="leaf", chain=("middle",), san=None, more="", **how):
        """The file of a chain for `host`."""
        san = f"subjectAltName={san or 'DNS:' + host}\n" if san != "" else ""
        self.sign(name, by, f"/CN={host}", f"basicConstraints=CA:FALSE\n{san}{more}", key=key, **how)
        out = self.path(f"{name}.chain")
        out.write_text("".join(self.path(f"{n}.pem").read_text() for n in (name, *chain)))
        return out, self.path(f"{key}.key")


def tls():
    kind("ok", host="portal.test")
    assert PORTS["ok"] == SECURE
    kind("tls12")
    kind("tls13")
    kind("tls10", "bad")
    kind("tls11", "bad")
    kind("tls10_allowed", "good", "by its setting", tls={"min": "1.0"})
    kind("tls11_allowed", "good", "by its setting", tls={"min": "1.1"})
    kind("expired", "bad")
    kind("not_yet", "bad", "where our own clock is right")
    kind("wrong_name", "bad")
    kind("self_signed", "bad")
    kind("self_signed_unverified", "good", "by its setting", tls={"verify": "no"})
    kind("expired_unverified", "good", "by its setting", tls={"verify": "no"})
    kind("stranger", "bad")
    kind("no_middle", "bad")
    kind("middle_expired", "bad")
    kind("root_sent_too")
    kind("order_wrong")
    kind("extra_certificate")
    kind("many_certificates")
    kind("not_trusted_by_system", "bad", "the browser was told to trust it", trust=None)
    kind("wildcard", host="www.wild.odd.test")
    kind("wildcard_too_deep", "bad", host="a.b.wild.odd.test")
    kind("name_in_subject_alone", "bad")
    kind("for_clients_alone", "bad")
    kind("ip", host=odd_sites.WEB)
    kind("ip6", host=f"[{odd_sites.WEB6}]")
    kind("ip_not_named", "bad", host=odd_sites.WEB)
    kind("chinese_name", host="政务.odd.test")
    kind("ten_years")
    kind("sha1", "bad")
    kind("sha1_middle", "bad")
    kind("rsa_1024", "either", "a key that can be broken; browsers of private roots let it pass")
    kind("rsa_2048")
    kind("rsa_4096")
    kind("rsa_8192", "either", "keys have a bound")
    kind("rsa_exchange")
    kind("cbc")
    kind("p384")
    kind("p521", "either", "not every browser knows it")
    kind("ed25519", "either", "not every browser knows it")
    kind("dh_1024", "bad")
    kind("dh_2048", "either", "browsers gave DHE up")
    kind("dh_8192", "either", "browsers gave DHE up, and it takes a second of a processor")
    kind("legacy_renegotiation", "either", "browsers open it; there is a setting for it")
    kind("legacy_renegotiation_allowed", "good", "by its setting", tls={"legacy_renegotiation": "yes"})
    kind("client_certificate_asked")
    kind("client_certificate_needed", "bad")
    kind("name_needed")
    kind("name_not_for_ip", host=odd_sites.WEB)
    kind("h2_alone", "bad", "browsers open it; we speak no HTTP/2, whose frames can keep libcurl in one call for ever")
    kind("h1_alone")
    kind("alpn_foreign")
    kind("no_close_notify_length")
    kind("no_close_notify_chunks")
    kind("no_close_notify")
    kind("no_close_notify_short", "bad", "a body that breaks off is an error")
    kind("reset_at_end")
    kind("hangs", "bad")
    kind("hangs_after_hello", "bad")
    kind("drips_handshake", "bad")
    kind("alert_at_once", "bad")
    kind("reset_in_handshake", "bad")
    kind("closed_in_handshake", "bad")
    kind("is_plain", "bad")
    kind("asked_plain", "bad", scheme="http")
    kind("slow_handshake")
    PORTS["flip"] = FLIP  # no case of its own: it opens three times, and then never again


def contexts(box):
    """{kind: a server's context}"""
    def context(files, low=None, high=None, ciphers=None):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.set_ciphers(ciphers or "DEFAULT:@SECLEVEL=0")
        made.minimum_version, made.maximum_version = low or ssl.TLSVersion.TLSv1_2, high or ssl.TLSVersion.TLSv1_3
        made.load_cert_chain(*files)
        return made

    v = ssl.TLSVersion
    out = {}
    every = box.leaf("every", "portal.test", san="DNS:portal.test,DNS:*.odd.test")
    good = dict.fromkeys((
        "ok", "tls12", "tls13", "tls10", "tls11", "tls10_allowed", "tls11_allowed", "client_certificate_asked",
        "client_certificate_needed", "name_needed", "h2_alone", "h1_alone", "alpn_foreign", "no_close_notify_length",
        "no_close_notify_chunks", "no_close_notify", "no_close_notify_short", "reset_at_end", "asked_plain", "slow_handshake",
        "hangs_after_hello", "drips_handshake", "not_trusted_by_system", "flip"), every)
    for name, files in good.items():
        out[name] = context(files)
    for name, low, high in (("tls12", v.TLSv1_2, v.TLSv1_2), ("tls13", v.TLSv1_3, v.TLSv1_3), *((n + a, w, w) for n, w in (
            ("tls10", v.TLSv1), ("tls11", v.TLSv1_1)) for a in ("", "_allowed"))):
        out[name] = context(good[name], low, high, "ALL:@SECLEVEL=0")
    past, future = "-60d", "+10d"
    box.sign("middle_old", "root", "/CN=odd middle_old", "basicConstraints=critical,CA:TRUE\n", key="middle", at=past)
    shutil.copy(box.path("middle.key"), box.path("middle_old.key"))
    box.sign("middle_sha1", "root", "/CN=odd middle_sha1", "basicConstraints=critical,CA:TRUE\n", key="middle", digest="sha1")
    shutil.copy(box.path("middle.key"), box.path("middle_sha1.key"))
    for name, algorithm, options in (("rsa_1024", "RSA", ("rsa_keygen_bits:1024",)),
                                     ("rsa_2048", "RSA", ("rsa_keygen_bits:2048",)),
                                     ("rsa_4096", "RSA", ("rsa_keygen_bits:4096", "rsa_keygen_primes:4")),
                                     ("rsa_8192", "RSA", ("rsa_keygen_bits:8192", "rsa_keygen_primes:5")),
                                     ("p384", "EC", ("ec_paramgen_curve:secp384r1",)),
                                     ("p521", "EC", ("ec_paramgen_curve:secp521r1",)), ("ed25519", "ED25519", ())):
        box.key(name, algorithm, *options)
        out[name] = context(box.leaf(name, name.replace("_", "-") + ".odd.test", key=name))
    for name, how in (
            ("expired", {"at": past}), ("expired_unverified", {"at": past}), ("not_yet", {"at": future}),
            ("wrong_name", {"host": "another.odd.test"}),
            ("stranger", {"by": "stranger", "chain": ()}), ("no_middle", {"chain": ()}),
            ("middle_expired", {"by": "middle_old", "chain": ("middle_old",)}),
            ("root_sent_too", {"chain": ("middle", "root")}), ("order_wrong", {"chain": ("root", "middle")}),
            ("many_certificates", {"chain": ("middle", *("stranger",) * 40)}),
            ("extra_certificate", {"chain": ("stranger", "middle", "stranger")}),
            ("wildcard", {"host": "*.wild.odd.test"}), ("wildcard_too_deep", {"host": "*.wild.odd.test"}),
            ("name_in_subject_alone", {"san": ""}),
            ("for_clients_alone", {"more": "extendedKeyUsage=clientAuth\n"}), ("ip", {"san": f"IP:{odd_sites.WEB}"}),
            ("ip6", {"san": f"IP:{odd_sites.WEB6}"}),
            ("ip_not_named", {"host": "portal.test"}), ("chinese_name", {"host": "xn--zfr164b.odd.test"}),
            ("ten_years", {"days": 3650}), ("sha1", {"digest": "sha1"}),
            ("sha1_middle", {"by": "middle_sha1", "chain": ("middle_sha1",)}),
            ("name_not_for_ip", {"san": f"IP:{odd_sites.WEB}"})):
        out[name] = context(box.leaf(name, **{"host": name.replace("_", "-") + ".odd.test", **how}))
    for name in ("self_signed", "self_signed_unverified"):
        box.sign(name, None, f"/CN={name}", f"subjectAltName=DNS:{name.replace('_', '-')}.odd.test\n", key="leaf")
        out[name] = context((box.path(f"{name}.pem"), box.path("leaf.key")))
    out["rsa_exchange"] = context(box.leaf("rsa_exchange", "rsa-exchange.odd.test", key="rsa_2048"), high=v.TLSv1_2,
                                  ciphers="AES128-GCM-SHA256:AES256-SHA:@SECLEVEL=0")
    out["cbc"] = context(box.leaf("cbc", "cbc.odd.test", key="rsa_2048"), high=v.TLSv1_2,
                         ciphers="ECDHE-RSA-AES128-SHA:@SECLEVEL=0")
    for name, group in (("dh_1024", "dh_1024_160"), ("dh_2048", "ffdhe2048"), ("dh_8192", "ffdhe8192")):
        box.run("genpkey", "-genparam", "-algorithm", "DHX" if group == "dh_1024_160" else "DH", "-pkeyopt", f"group:{group}",
                "-out", box.path(f"{name}.dh"))
        out[name] = context(box.leaf(name, name.replace("_", "-") + ".odd.test", key="rsa_2048"), high=v.TLSv1_2,
                            ciphers="DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0")
        out[name].load_dh_params(box.path(f"{name}.dh"))
    for name, mode in (("client_certificate_asked", ssl.CERT_OPTIONAL), ("client_certificate_needed", ssl.CERT_REQUIRED)):
        out[name].load_verify_locations(box.path("root.pem"))
        out[name].verify_mode = mode
    unknown = ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
    out["name_needed"].sni_callback = lambda s, name, c: None if name == "name-needed.odd.test" else unknown
    out["name_not_for_ip"].sni_callback = lambda s, name, c: unknown if name else None
    out["h2_alone"].set_alpn_protocols(["h2"])
    out["h1_alone"].set_alpn_protocols(["http/1.1"])
    out["alpn_foreign"].set_alpn_protocols(["spdy/3", "http/1.0"])
    return out


def frame(kind_, flags, stream, body):
    return struct.pack(">I", len(body))[1:] + bytes([kind_, flags]) + struct.pack(">I", stream) + body


def http2(peer):
    """As little of HTTP/2 as a page needs: settings, one header block, the page."""
    if peer.selected_alpn_protocol() != "h2":
        return peer.close()
    heard = b""
    while b"\x01" not in heard[24:28:9] and len(heard) < 60:  # the preface, its settings, a request
        heard += peer.recv(65536)
    peer.sendall(frame(4, 0, 0, b"") + frame(4, 1, 0, b"") + frame(1, 4, 1,
        b"\x88\x0f\x10" + bytes([24]) + b"text/html; charset=utf-8") + frame(0, 1, 1, U8))
    time.sleep(1)
    return peer.close()


def through(inner, context, feed):
    """A handshake whose bytes to the client go through `feed`."""
    arriving, leaving = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(arriving, leaving, server_side=True)
    arriving.write(inner.recv(65536))
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        pass
    feed(leaving.read())


def drip(peer):
    def feed(data):
        for byte in data:
            peer.sendall(bytes([byte]))
            time.sleep(.3)
    return feed


def half(peer):
    def feed(data):
        peer.sendall(data[:150])
        time.sleep(30)
    return feed


def reset(peer):
    peer.recv(100)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


WITHOUT_TLS = {
    "hangs": lambda p: time.sleep(30), "alert_at_once": lambda p: (p.recv(9000), p.sendall(b"\x15\x03\x01\x00\x02\x02\x28"),
        p.close()), "reset_in_handshake": reset,
    "closed_in_handshake": lambda p: (p.recv(9000), p.close()), "is_plain": odd_sites.converse,
}


def one(name, context, peer):
    try:
        peer.settimeout(30)
        if name in WITHOUT_TLS:
            with peer:
                return WITHOUT_TLS[name](peer)
        if name in ("hangs_after_hello", "drips_handshake"):
            with peer:
                return through(peer, context, (half if name == "hangs_after_hello" else drip)(peer))
        if name == "flip":
            flipped.append(peer)
            if len(flipped) > 3:
                return peer.close()
        if name == "slow_handshake":
            time.sleep(1.2)
        tls = context.wrap_socket(peer, server_side=True)
        if name == "h2_alone":
            return http2(tls)
        if not name.startswith("no_close_notify"):
            return odd_sites.converse(Orderly(tls))
        odd_sites.play(tls, (tls.recv(65536), CASES[f"tls_{name}"].answer)[1])
        peer = socket.socket(fileno=tls.detach())
        return peer.close()
    except (OSError, ValueError):
        return peer.close()


class Orderly:
    """A TLS connection that ends with close_notify."""

    def __init__(self, tls):
        self.tls = tls

    def __getattr__(self, name):
        return getattr(self.tls, name)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.tls.close()

    def shutdown(self, how):
        self.tls.unwrap().shutdown(how)


def serve(folder, *addresses):
    """Every kind on its port; ROOT is `folder`/root.pem."""
    box = Cabinet(folder)
    made = contexts(box)
    for name, port in PORTS.items():
        if name.startswith("legacy_renegotiation"):
            legacy(box, name, port)
            continue
        for address in addresses:
            odd_sites.listen(address, port, lambda peer, n=name: one(n, made.get(n), peer))


def legacy(box, name, port):
    """A server that never heard of RFC 5746; OpenSSL cannot play one."""
    if GNUTLS is None:
        return
    chain, key = box.leaf(name, name.replace("_", "-") + ".odd.test", key="rsa_2048")
    (box.folder / "www").mkdir(exist_ok=True)
    subprocess.Popen([GNUTLS, "--quiet", "--port", str(port), "--http", "--priority",
                      "NORMAL:-VERS-ALL:+VERS-TLS1.2:%DISABLE_SAFE_RENEGOTIATION",
                      "--x509certfile", chain, "--x509keyfile", key], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                     stderr=subprocess.DEVNULL, cwd=box.folder / "www")


declare(tls)
if GNUTLS is None:
    for absent in [n for n in CASES if n.startswith("tls_legacy")]:
        del CASES[absent]
