#!/usr/bin/env python3
"""独立核验畅通的审计证据包：清单、哈希链、封存签名。只用 Python 自带的库，不用畅通的任何代码。
Checks an auditor's pack without any code of Changtong: manifest, hash chain, signatures of seals. It does not recompute
figures; `changtong evidence verify` does.

    python3 verify_pack.py PACK.zip [FINGERPRINT]

Exit code 0: consistent (and of this fingerprint, if one is given); 1: not; the last line says what was found.
"""

import base64
import hashlib
import json
import struct
import sys
import zipfile
import zlib

# -- Ed25519 (RFC 8032, 5.1): points in extended homogeneous coordinates

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n > 0:
        if n & 1:
            q = add(q, p)
        p = add(p, p)
        n >>= 1
    return q


def x_of(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if y >= P or (square == 0 and sign):
        return None
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P != 0:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P != 0:
        return None
    return P - x if x & 1 != sign else x


def point(text):
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x = x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)


def ed25519_verifies(key, text, signature):
    if len(key) != 32 or len(signature) != 64:
        return False
    a, r = point(key), point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % ORDER
    left, right = times(s, BASE), add(r, times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# -- the pack


class Wrong(Exception):
    pass


def need(condition, text):
    if not condition:
        raise Wrong(text)


def keys_in(pem):
    """Fingerprint -> raw key of every Ed25519 key (SubjectPublicKeyInfo: the raw key is the last 32 bytes)."""
    keys = {}
    for block in pem.split("-----BEGIN PUBLIC KEY-----")[1:]:
        der = base64.b64decode("".join(block.split("-----END")[0].split()))
        if der[:12] == bytes.fromhex("302a300506032b6570032100") and len(der) == 44:
            keys[hashlib.sha256(der[12:]).hexdigest()] = der[12:]
    return keys


def check_signature(where, algorithm, key, text, signature, keys):
    need(algorithm == "Ed25519", f"{where}: {algorithm} cannot be checked by this script")
    need(key in keys, f"{where}: its key {key} is not in key.pub")
    need(ed25519_verifies(keys[key], text, bytes.fromhex(signature)), f"{where}: the signature does not match")


def check_manifest(pack, keys):
    """Every file is listed, with its size and digest; returns the fingerprint that signed the list, if any did."""
    names = pack.namelist()
    need(len(names) == len(set(names)), "a name is in the pack twice")
    need("manifest.json" in names, "manifest.json is missing")
    text = pack.read("manifest.json")
    listed = {f["name"]: f for f in json.loads(text)["files"]}
    for name in sorted(set(names) ^ (set(listed) | {"manifest.json"}) - {"manifest.sig"}):
        need(name == "manifest.sig", f"{name}: in the pack or in the manifest, not in both")
    for name, stated in listed.items():
        digest, size = hashlib.sha256(), 0
        with pack.open(name) as file:
            while chunk := file.read(1 << 20):
                digest.update(chunk)
                size += len(chunk)
        need(digest.hexdigest() == stated["sha256"] and size == stated["size"], f"{name}: it was changed")
    if "manifest.sig" not in names:
        return None
    s = json.loads(pack.read("manifest.sig"))
    check_signature("manifest.sig", s["algorithm"], s["key"], text, s["signature"], keys)
    return s["key"]


def check_chain(pack, wanted):
    """Walks the journal; returns the number of entries and the hashes of those that seals speak of."""
    prev, seq, hashes = bytes(32), 0, {}
    with pack.open("journal.jsonl") as lines:
        for line in lines:
            e = json.loads(line)
            seq += 1
            need(e["seq"] == seq, f"journal.jsonl: entry {seq} is missing")
            text = prev + struct.pack(">qq", seq, e["at"]) + e["kind"].encode() + b"\0" + e["body"].encode()
            prev = hashlib.sha256(text).digest()
            need(prev.hex() == e["hash"], f"journal.jsonl: entry {seq} was changed")
            if seq in wanted:
                hashes[seq] = e["hash"]
    head = json.loads(pack.read("head.json"))
    need((head["entries"], head["hash"]) == (seq, prev.hex()), f"journal.jsonl: it does not end with entry {head['entries']}")
    return seq, hashes


def check_seals(lines, hashes, keys):
    """Number, link, day after day, signature, and the hash of the entry that each one covers."""
    previous, end = "0" * 64, None
    for number, line in enumerate(lines, 1):
        s, where = json.loads(line), f"seals.jsonl line {number}"
        need(s["seal"] == number and s["previous"] == previous, f"{where}: it does not follow from the line before")
        need(end is None or s["from"] == end, f"{where}: days are missing before it")
        text = line[:line.index(b',"signature"')]
        check_signature(where, s["algorithm"], s["key"], text, s["signature"], keys)
        need(hashes.get(s["seq"]) == s["hash"], f"{where}: the entries up to {s['seq']} were rewritten after {s['day']}")
        previous, end = hashlib.sha256(line).hexdigest(), s["to"]
    return {json.loads(line)["key"] for line in lines}


def verify(path, fingerprint=None):
    with zipfile.ZipFile(path) as pack:
        keys = keys_in(pack.read("key.pub").decode())
        signers = {check_manifest(pack, keys)} - {None}
        lines = pack.read("seals.jsonl").split(b"\n")[:-1]
        entries, hashes = check_chain(pack, {json.loads(line)["seq"] for line in lines})
        signers |= check_seals(lines, hashes, keys)
    sealed = json.loads(lines[-1])["seq"] if lines else 0
    found = f"{entries} entries, sealed up to {sealed}, {len(lines)} days; keys: {', '.join(sorted(signers)) or 'none'}"
    if fingerprint is None:
        return f"一致，来源未证实 / consistent, origin not proven: {found}"
    wanted = "".join(fingerprint.split()).replace(":", "").lower()
    need(len(wanted) >= 32 and signers, "the fingerprint is too short, or nothing is signed")
    need(all(key.startswith(wanted) for key in signers), f"signed with another key: {found}")
    return f"一致，来源已证实 / consistent, origin proven: {found}"


if __name__ == "__main__":
    try:
        print(verify(*sys.argv[1:3]))
    except (Wrong, KeyError, ValueError, TypeError, OSError, RuntimeError, zipfile.BadZipFile, zlib.error) as wrong:
        print(f"未通过 / not verified: {wrong}")
        sys.exit(1)
