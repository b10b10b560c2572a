"""SNMP agents that answer, but not as the standards have it: one loopback address a fault, written from the RFCs and
from the public bug reports of other monitors, apart from the code under test.

A `Mode` says how its answers differ from a right one, and what a monitor that only wants to know whether the line
carries has to make of them.
"""

import dataclasses
import socket
import threading
import time

PORT = 1161
UP_TIME, STATUS = (1, 3, 6, 1, 2, 1, 1, 3, 0), (1, 3, 6, 1, 2, 1, 2, 2, 1, 8)
IN64, OUT64 = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6), (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 10)
IN32, OUT32 = (1, 3, 6, 1, 2, 1, 2, 2, 1, 10), (1, 3, 6, 1, 2, 1, 2, 2, 1, 16)
IN_ERRORS, OUT_ERRORS = (1, 3, 6, 1, 2, 1, 2, 2, 1, 14), (1, 3, 6, 1, 2, 1, 2, 2, 1, 20)
HC = (IN64, OUT64)
NO_OBJECT, NO_INSTANCE, END_OF_VIEW, NULL = b"\x80\0", b"\x81\0", b"\x82\0", b"\5\0"
OCTETS = 123456789012345


def length(n, form=0):
    if form == 0 and n < 128:
        return bytes([n])
    size = max(form, (n.bit_length() + 7) // 8)
    return bytes([0x80 | size]) + n.to_bytes(size, "big")


def tlv(tag, value, form=0):
    return bytes([tag]) + length(len(value), form) + value


def endless(tag, value):
    """A constructed value of indefinite length, with its end of contents."""
    return bytes([tag, 0x80]) + value + b"\0\0"


def integer(n, tag=2):
    return tlv(tag, n.to_bytes(n.bit_length() // 8 + 1, "big", signed=True))


def oid(path):
    out = bytes([path[0] * 40 + path[1]])
    for arc in path[2:]:
        groups = [arc & 127]
        while arc := arc >> 7:
            groups.append(128 | arc & 127)
        out += bytes(reversed(groups))
    return out


def element(data, at):
    """(tag, value, end)"""
    tag, size, at = data[at], data[at + 1], at + 2
    if size & 128:
        width = size & 127
        size, at = int.from_bytes(data[at:at + width], "big"), at + width
    return tag, data[at:at + size], at + size


def elements(data):
    at, out = 0, []
    while at < len(data):
        tag, value, at = element(data, at)
        out.append((tag, value))
    return out


def path_of(name):
    arcs, value = [name[0] // 40, name[0] % 40], 0
    for byte in name[1:]:
        value = value << 7 | byte & 127
        if not byte & 128:
            arcs.append(value)
            value = 0
    return tuple(arcs)


@dataclasses.dataclass
class Mode:
    name: str
    says: str = "good"           # good, or the cause of a bad sample
    odd: bool = True             # the detail says something
    state: str = ""              # of the line; else up or down by what it says
    facts: dict = dataclasses.field(default_factory=dict)   # what must be told; None: must not be told
    interfaces: tuple = (2,)
    settings: str = ""
    snmpget: bool = True         # False: it is not compared, and why is in collectors/README.md
    # How its answers differ:
    version: bytes = integer(1)
    community: bytes = None
    tag: int = 0xa2
    id: object = None            # bytes of the request-id -> a whole element
    status: object = 0           # a number or a whole element
    index: object = 0
    bindings: object = None      # [(name, value)] -> [(name, value)]
    values: dict = dataclasses.field(default_factory=dict)  # by object or column: a whole element
    form: int = 0                # bytes of every constructed length
    wrap: object = None          # how a constructed value is written
    inside: bytes = b""          # after the bindings, inside the PDU
    message: object = None       # the whole message -> the whole message
    send: object = None          # (sockets, message, peer, mode) -> None
    most: int = 0                # bindings that fit; more are tooBig
    deaf_to_v2: bool = False
    before: bytes = None         # its last answer


def by_prefix(path, mode):
    for key, value in mode.values.items():
        if path == key or path[:-1] == key:
            return value(path) if callable(value) else value
    if path == UP_TIME:
        return integer(int(time.monotonic() * 100) % 2**31, 0x43)
    column = path[:-1]
    if column in HC:
        return integer(OCTETS, 0x46)
    if column in (IN32, OUT32):
        return integer(0xfffffff0, 0x41)
    return integer(1) if column == STATUS else integer(7, 0x41)


def answer(request, mode):
    whole = elements(element(request, 0)[1])
    community = whole[1][1]
    (_, number), _, _, (_, listed) = elements(whole[2][1])
    asked = [element(v, 0)[1] for _, v in elements(listed)]
    write = mode.wrap or (lambda tag, value: tlv(tag, value, mode.form))
    status, bindings = mode.status, [(n, by_prefix(path_of(n), mode)) for n in asked]
    if mode.most and len(asked) > mode.most:
        status, bindings = 1, []
    if mode.bindings:
        bindings = mode.bindings(bindings)
    rows = b"".join(b if isinstance(b, bytes) else write(0x30, tlv(6, b[0]) + b[1]) for b in bindings)
    as_element = lambda v: v if isinstance(v, bytes) else integer(v)
    pdu = (mode.id(number) if mode.id else tlv(2, number)) + as_element(status) + as_element(mode.index) + \
        write(0x30, rows) + mode.inside
    out = write(0x30, mode.version + tlv(4, community if mode.community is None else mode.community) +
                write(mode.tag, pdu))
    return mode.message(out) if mode.message else out


def emptied(bindings):
    return [(n, NULL) for n, _ in bindings]


def slow(seconds):
    def send(sockets, message, peer, mode):
        time.sleep(seconds)
        sockets[0].sendto(message, peer)
    return send


def late_twin(sockets, message, peer, mode):
    if mode.before:
        sockets[0].sendto(mode.before, peer)
    mode.before = message
    sockets[0].sendto(message, peer)


def opaque(tag, value):
    inner = b"\x9f" + tlv(tag, value)
    return tlv(0x44, inner)


GONE = {"interface_in_octets[2]": None, "interface_out_octets[2]": None}


def octets(value):
    return {"interface_in_octets[2]": value, "interface_out_octets[2]": value}


def hc(element_, told, odd=True, name=None, **more):
    return Mode(name, odd=odd, values={IN64: element_, OUT64: element_}, facts=octets(told), **more)


NO_TIME = {"up_time_centiseconds": None, "interface_oper_status[2]": 1}
NOTHING = {"up_time_centiseconds": None, "interface_oper_status[2]": None, **GONE}

MODES = [
    Mode("right", odd=False, facts={"interface_oper_status[2]": 1, **octets(OCTETS), "interface_in_errors[2]": 7}),
    # -- the envelope
    *[Mode(f"length{n}", odd=False, form=n, facts=octets(OCTETS)) for n in (1, 2, 3, 4, 7, 8)],
    Mode("length12", form=12, odd=False, facts=octets(OCTETS)),
    Mode("endless", wrap=endless, facts=octets(OCTETS)),
    Mode("version_2bytes", version=b"\2\2\0\1", facts=octets(OCTETS)),
    Mode("version_4bytes", version=b"\2\4\0\0\0\1"),
    Mode("version_1", version=integer(0), facts=octets(OCTETS)),
    Mode("version_77", version=integer(77)),
    Mode("trailing1", message=lambda m: m + b"\0"),
    Mode("trailing8", message=lambda m: m + b"\0" * 8, facts=octets(OCTETS)),
    Mode("trailing_text", message=lambda m: m + b"\r\n"),
    Mode("trailing_inside", inside=b"\5\0", facts=octets(OCTETS)),
    Mode("trailing_zeros_inside", inside=b"\0\0\0"),
    Mode("other_community", community=b"private", facts=octets(OCTETS)),
    Mode("empty_community", community=b""),
    Mode("long_community", community=b"c" * 300),
    Mode("id_5bytes", id=lambda n: tlv(2, b"\0" + n), facts=octets(OCTETS)),
    Mode("id_8bytes", id=lambda n: tlv(2, b"\0" * 4 + n)),
    Mode("id_12bytes", id=lambda n: tlv(2, b"\0" * 8 + n)),
    Mode("id_long_length", odd=False, id=lambda n: tlv(2, n, 4)),
    Mode("id_zero", says="other_question", id=lambda n: integer(0)),
    Mode("id_next", says="other_question", id=lambda n: integer(int.from_bytes(n, "big") + 1)),
    Mode("id_negative", says="other_question", id=lambda n: integer(-int.from_bytes(n, "big"))),
    Mode("id_empty", says="protocol", id=lambda n: b"\2\0"),
    Mode("report", tag=0xa8),
    Mode("own_request_back", tag=0xa0),
    # -- errors
    *[Mode(f"error{n}", status=n, index=2, bindings=emptied, facts={"interface_oper_status[2]": None})
      for n in (2, 3, 4, 5, 6, 10, 13, 16, 17, 18, 19, 99, 70000)],
    Mode("error_negative", status=-1, bindings=emptied),
    Mode("error_long", status=b"\2\5\0\0\0\0\5", bindings=emptied),
    Mode("error_with_values", status=5, index=1, facts=octets(OCTETS)),
    Mode("status_long_zero", status=b"\2\4\0\0\0\0", facts=octets(OCTETS)),
    Mode("status_empty", status=b"\2\0", facts=octets(OCTETS)),
    Mode("index_outside", index=4711, odd=False),
    Mode("index_negative", index=-1, odd=False),
    Mode("index_text", index=tlv(4, b"x"), facts=octets(OCTETS)),
    Mode("too_big", status=1, bindings=lambda b: [], facts=NOTHING),
    Mode("too_big_echo", status=1, bindings=emptied, facts=NOTHING),
    # -- bindings
    Mode("shuffled", bindings=lambda b: b[::-1], facts=octets(OCTETS)),
    Mode("fewer", bindings=lambda b: b[:2], facts={"interface_oper_status[2]": 1, **GONE}),
    Mode("first_alone", bindings=lambda b: b[:1], facts=GONE),
    Mode("none", bindings=lambda b: [], facts=NOTHING),
    Mode("more", bindings=lambda b: b + b[-1:], facts=octets(OCTETS)),
    Mode("twice", bindings=lambda b: b + b, facts=octets(OCTETS)),
    Mode("many", bindings=lambda b: b + [(oid((1, 3, 6, 1, 2, 1, 1, 5, 0)), tlv(4, b"x"))] * 200, facts=octets(OCTETS)),
    Mode("other_objects", bindings=lambda b: [(oid((1, 3, 6, 1, 4, 1, 9, i)), v) for i, (_, v) in enumerate(b)],
         facts=NOTHING),
    Mode("padded_names", bindings=lambda b: [(n[:4] + b"\x80" + n[4:], v) for n, v in b], facts=octets(OCTETS)),
    Mode("broken_binding", bindings=lambda b: b[:3] + [b"\x30\x05\x06\x7f\0\0\0"], facts={"interface_oper_status[2]": 1}),
    Mode("empty_binding", bindings=lambda b: [b"\x30\0"] + b, facts=octets(OCTETS)),
    Mode("long_texts", bindings=lambda b: b[:1] + [(n, tlv(4, b"x" * 1200)) for n, _ in b[1:]], facts=GONE),
    Mode("endless_texts", bindings=lambda b: b[:1] + [(n, tlv(4, b"x" * 5000)) for n, _ in b[1:]]),
    # -- sysUpTime
    Mode("time_no_object", values={UP_TIME: NO_OBJECT}, facts=NO_TIME),
    Mode("time_no_instance", values={UP_TIME: NO_INSTANCE}, facts=NO_TIME),
    Mode("time_end_of_view", values={UP_TIME: END_OF_VIEW}, facts=NO_TIME),
    Mode("time_null", values={UP_TIME: NULL}, facts=NO_TIME),
    Mode("time_text", values={UP_TIME: tlv(4, b"1234")}, facts=NO_TIME),
    Mode("time_empty", values={UP_TIME: tlv(0x43, b"")}, facts=NO_TIME),
    Mode("time_integer", values={UP_TIME: integer(77)}, facts={"up_time_centiseconds": 77}),
    Mode("time_negative_integer", values={UP_TIME: integer(-5)}, facts=NO_TIME),
    Mode("time_gauge", values={UP_TIME: integer(77, 0x42)}, facts={"up_time_centiseconds": 77}),
    Mode("time_zero", odd=False, values={UP_TIME: integer(0, 0x43)}, facts={"up_time_centiseconds": 0}),
    Mode("time_max", odd=False, values={UP_TIME: integer(2**32 - 1, 0x43)}, facts={"up_time_centiseconds": 2**32 - 1}),
    Mode("time_max_unpadded", values={UP_TIME: tlv(0x43, b"\xff" * 4)}, facts={"up_time_centiseconds": 2**32 - 1}),
    Mode("time_padded", values={UP_TIME: tlv(0x43, b"\0" * 6 + b"\5")}, facts={"up_time_centiseconds": 5}),
    # -- interfaces
    Mode("no_interface", values={c: NO_INSTANCE for c in (STATUS, IN64, OUT64, IN32, OUT32, IN_ERRORS, OUT_ERRORS)},
         facts={"interface_oper_status[2]": None, **GONE}),
    *[Mode(f"status{n}", odd=False, state="degraded", values={STATUS: integer(n)}, facts={"interface_oper_status[2]": n}) for n in (2, 3, 5, 7)],
    *[Mode(f"status{n}", values={STATUS: integer(n)}, facts={"interface_oper_status[2]": None})
      for n in (0, -1, 8, 2147483647)],
    hc(tlv(0x46, b"\0" + b"\xff" * 8), 2**64 - 1, odd=False, name="octets_max"),
    hc(tlv(0x46, b"\xff" * 8), 2**64 - 1, name="octets_max_unpadded"),
    hc(tlv(0x46, b"\0\xff" + b"\xff" * 6 + b"\xfe"), 2**64 - 2, odd=False, name="octets_max_less_1"),
    hc(tlv(0x46, b"\0\x80" + b"\0" * 7), 2**63, odd=False, name="octets_top_bit"),
    hc(integer(2**63 - 1, 0x46), 2**63 - 1, odd=False, name="octets_below_top"),
    hc(integer(2**53 + 1, 0x46), 2**53 + 1, odd=False, name="octets_beyond_a_double"),
    hc(integer(0, 0x46), 0, odd=False, name="octets_zero"),
    hc(tlv(0x46, b""), None, name="octets_empty"),
    hc(tlv(0x46, b"\0" * 4 + b"\1" * 8), 0x0101010101010101, name="octets_padded"),
    hc(tlv(0x46, b"\1" * 12), None, name="octets_too_long"),
    hc(tlv(4, b"123456789012"), None, name="octets_text"),
    hc(tlv(4, b""), None, name="octets_empty_text"),
    hc(integer(77), 77, name="octets_integer"),
    hc(integer(-77), None, name="octets_negative_integer"),
    hc(integer(4294967000, 0x41), 4294967000, name="octets_counter32"),
    hc(integer(2**40, 0x41), 2**40, name="octets_counter32_too_large"),
    hc(integer(77, 0x42), 77, name="octets_gauge"),
    hc(opaque(0x76, b"\0\0\0\7"), 7, name="octets_opaque_counter"),
    hc(opaque(0x78, b"\x3f\x80\0\0"), None, name="octets_opaque_float"),
    hc(tlv(0x44, b"???"), None, name="octets_opaque"),
    hc(tlv(0x40, b"\x7f\0\0\1"), None, name="octets_address"),
    hc(tlv(6, oid(UP_TIME)), None, name="octets_name"),
    hc(NULL, 0xfffffff0, name="octets_null"),
    hc(END_OF_VIEW, 0xfffffff0, name="octets_end_of_view"),
    Mode("errors_unpadded", values={IN_ERRORS: tlv(0x41, b"\xff\xff\xff\xfe")}, facts={"interface_in_errors[2]": 2**32 - 2}),
    # -- the way
    Mode("three_times", odd=False, send=lambda s, m, p, _: [s[0].sendto(m, p) for _ in range(3)], facts=octets(OCTETS)),
    Mode("after_the_last", odd=False, send=late_twin, facts=octets(OCTETS)),
    Mode("slow", odd=False, send=slow(0.6), facts=octets(OCTETS)),
    Mode("too_slow", says="timeout", send=slow(1.6), snmpget=False),
    Mode("silent", says="timeout", send=lambda *_: None),
    Mode("version_1_only", says="timeout", deaf_to_v2=True),
    Mode("other_address_refused", settings=",any_source=no", says="other_source", snmpget=False, send=lambda s, m, p, _: s[1].sendto(m, p)),
    Mode("other_port_refused", settings=",any_source=no", says="other_source", snmpget=False, send=lambda s, m, p, _: s[2].sendto(m, p)),
    Mode("other_address", send=lambda s, m, p, _: s[1].sendto(m, p), facts=octets(OCTETS)),
    Mode("other_port", send=lambda s, m, p, _: s[2].sendto(m, p)),
    Mode("cut1", says="cut_short", message=lambda m: m[:-1]),
    Mode("cut_half", says="cut_short", message=lambda m: m[:len(m) // 2]),
    Mode("cut_at_10", says="cut_short", message=lambda m: m[:10]),
    Mode("empty_datagram", says="protocol", message=lambda m: b""),
    Mode("text", says="protocol", message=lambda m: b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    Mode("zeros", says="protocol", message=lambda m: b"\0" * 60),
    # -- what an agent can do only in part: right from the second question on
    Mode("no_hc", values={IN64: NO_OBJECT, OUT64: NO_OBJECT}, facts=octets(0xfffffff0)),
    Mode("no_hc_as_in_v1", bindings=lambda b: emptied(b) if any(path_of(n)[:-1] in HC for n, _ in b) else b,
         facts={"interface_oper_status[2]": None}),
    Mode("at_most_8", most=8, interfaces=(2, 3)),
    Mode("at_most_1", most=1, interfaces=(2,)),
]
for number, m in enumerate(MODES, 1):
    m.address, m.elsewhere = f"127.2.0.{number}", f"127.3.0.{number}"


def serve(mode):
    """Binds the mode's sockets and answers for ever, on a thread of its own."""
    sockets = []
    for where in ((mode.address, PORT), (mode.elsewhere, PORT), (mode.address, PORT + 1)):
        s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        s.bind(where)
        sockets.append(s)

    def loop():
        while True:
            request, peer = sockets[0].recvfrom(65535)
            if mode.deaf_to_v2 and elements(element(request, 0)[1])[0][1] == b"\1":
                continue
            out = answer(request, mode)
            if mode.name == "no_hc_as_in_v1" and any(path in request for path in map(oid, HC)):
                out = answer(request, dataclasses.replace(mode, status=2, index=3))
            (mode.send or (lambda s, m, p, _: s[0].sendto(m, p)))(sockets, out, peer, mode)

    threading.Thread(target=loop, daemon=True).start()
