"""An SNMP agent (v2c: GET, GETNEXT, GETBULK) that answers from a record as snmpsim keeps them, `OID|TYPE|VALUE` a line,
one loopback address each; slow, or without GETBULK, where it is told to be. Written apart from the code under test."""

import bisect
import socket
import threading
import time

from lying_agent import END_OF_VIEW, NO_INSTANCE, elements, integer, oid, path_of, tlv

PORT = 1162
TYPES = {"2": 0x02, "65": 0x41, "66": 0x42, "67": 0x43, "70": 0x46}


def value_of(kind, text):
    if kind in TYPES:
        return integer(int(text), TYPES[kind])
    if kind == "4x":
        return tlv(4, bytes.fromhex(text))
    if kind == "6":
        return tlv(6, oid(tuple(map(int, text.split(".")))))
    return tlv(4, text.encode())


def read_record(text):
    """{path: encoded value}"""
    out = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, kind, value = line.split("|", 2)
            out[tuple(map(int, name.split(".")))] = value_of(kind, value)
    return out


class RecordAgent:
    """`delay`: seconds before each answer. `bulk`: whether it knows GETBULK. `gets`: how many GETs it answers, then none.
    `together`: how many questions it waits for before it answers the first. Values that are functions are asked anew."""

    def __init__(self, address, record, delay=0.0, bulk=True, port=PORT, gets=None, together=1):
        self.objects, self.delay, self.bulk, self.asked = dict(record), delay, bulk, 0
        self.gets, self.together, self.kept = gets, together, []
        self.began = time.monotonic()
        self.objects.setdefault((1, 3, 6, 1, 2, 1, 1, 3, 0), lambda: integer(int(self.up_seconds() * 100) % 2**32, 0x43))
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, port))
        threading.Thread(target=self.serve, daemon=True).start()

    def up_seconds(self):
        return 5000 + time.monotonic() - self.began

    def serve(self):
        while True:
            packet, sender = self.socket.recvfrom(65536)
            answer = self.answer(packet)
            if self.delay:
                time.sleep(self.delay)
            if answer:
                self.kept.append((answer, sender))
            if self.asked >= self.together:
                for kept in self.kept:
                    self.socket.sendto(*kept)
                self.kept.clear()

    def value(self, path):
        value = self.objects[path]
        return value() if callable(value) else value

    def after(self, path):
        names = sorted(self.objects)
        at = bisect.bisect_right(names, path)
        return (names[at], self.value(names[at])) if at < len(names) else (path, END_OF_VIEW)

    def answer(self, packet):
        message = elements(elements(packet)[0][1])
        tag, pdu = message[2]
        fields = elements(pdu)
        if tag == 0xa5 and not self.bulk:
            return None
        if tag == 0xa0 and self.gets is not None:
            self.gets -= 1
            if self.gets < 0:
                return None
        self.asked += 1
        asked = [path_of(elements(pair)[0][1]) for _, pair in elements(fields[3][1])]
        if tag == 0xa0:
            rows = [(p, self.value(p) if p in self.objects else NO_INSTANCE) for p in asked]
        else:
            rows = []
            for _ in range(int.from_bytes(fields[2][1], "big") if tag == 0xa5 else 1):
                asked = [row[0] for row in (self.after(p) for p in asked) if not rows.append(row)]
        body = tlv(2, fields[0][1]) + integer(0) + integer(0) + tlv(0x30, b"".join(
            tlv(0x30, tlv(6, oid(path)) + value) for path, value in rows))
        return tlv(0x30, tlv(2, message[0][1]) + tlv(4, message[1][1]) + tlv(0xa2, body))
