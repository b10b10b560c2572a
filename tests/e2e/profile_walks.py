"""Walks made from the tables of config/profiles, in snmpsim's form (`OID|TYPE|VALUE`), and what a monitor must make of
them. Read and worked out from config/profiles/README.md, apart from the code under test.

Each column has a row that means something and, where the table says how one looks, rows that mean nothing: no sensor, an
invalid value, a text where a number should be, storage of another sort."""

import math
import pathlib

import yaml

PROFILES = pathlib.Path(__file__).resolve().parents[2] / "config/profiles"
INTERFACES = {1: ("GE0/0/1", "电路20260001", 1, 100), 7: ("GE0/0/7", "备用", 2, 1000), 8: ("GE0/0/8", "第三条", 1, 10000)}
ENTITIES = {77: 1, 78: 7, 79: 8}  # entPhysicalIndex -> ifIndex
ENTITY_NAME, ENTITY_ALIAS = "1.3.6.1.2.1.47.1.1.1.1.7", "1.3.6.1.2.1.47.1.3.2.1.2"
WELL_MORE = 2  # of fans and power supplies: what no table calls well or invalid


def in_fact_units(unit, raw):
    """Thousandths of a degree or a dBm, millionths of a whole; None where it means nothing."""
    if unit in ("microwatts", "mixed_optics") and raw > 0:
        return round(10_000 * math.log10(raw / 1000))
    if unit == "microwatts":
        return None
    return raw * {"percent": 10_000, "celsius": 1000, "centi_dbm": 10, "mixed_optics": 10, "milli_dbm": 1}[unit]


class Walk:
    """The device of one profile: `rows`, {OID: (type, value)}, and told(options)."""

    def __init__(self, file):
        self.profile = yaml.safe_load(file.read_text())
        self.name, self.rows = self.profile["name"], {}
        self.object = (self.profile["objects"] or ["1.3.6.1.4.1.9999"])[0] + ".2.339"
        self.values = {}  # column -> {index of its row: number that counts}
        self.system_and_interfaces()
        for fact in self.profile["facts"]:
            self.add(fact)

    def put(self, name, kind, value):
        self.rows[tuple(map(int, name.split(".")))] = (kind, str(value))

    def system_and_interfaces(self):
        self.put("1.3.6.1.2.1.1.1.0", "4", self.profile["title"].encode("ascii", "ignore").decode() or "device")
        self.put("1.3.6.1.2.1.1.2.0", "6", self.object)
        self.put("1.3.6.1.2.1.1.3.0", "67:numeric", "rate=100,initial=500000")
        for index, (name, alias, oper, mbps) in INTERFACES.items():
            for column, kind, value in ((2, "4", name.replace("GE", "GigabitEthernet")), (7, "2", 1), (8, "2", oper),
                                        (13, "65", 0), (14, "65", 0), (20, "65", 0)):
                self.put(f"1.3.6.1.2.1.2.2.1.{column}.{index}", kind, value)
            for column, kind, value in ((1, "4", name), (6, "70", 1000), (10, "70", 2000), (15, "66", mbps),
                                        (18, "4x", alias.encode().hex()), (19, "67", 0)):
                self.put(f"1.3.6.1.2.1.31.1.1.1.{column}.{index}", kind, value)

    def add(self, fact):
        column = fact.get("column") or fact["scalar"].removesuffix(".0")
        if column in self.values:
            return  # another reading of the same numbers
        rows = self.device_rows(fact, 11 + 4 * len(self.values)) if "index" not in fact else self.optical_rows(fact)
        self.values[column] = {index: value for index, (_, value) in rows.items() if isinstance(value, int)}
        for index, (kind, value) in rows.items():
            self.put(f"{column}.{index}", kind, value)

    def device_rows(self, fact, value):
        if "scalar" in fact:
            return {0: ("2", value)}
        if fact["unit"] == "count":
            return {1: ("2", fact["well"][0]), 2: ("2", WELL_MORE), **{3 + k: ("2", v) for k, v in enumerate(fact["invalid"])}}
        if fact["unit"] == "share":
            for index, sort in ((1, fact["where"]["is"]), (2, "1.3.6.1.2.1.25.2.1.4")):
                self.put(f"{fact['where']['column']}.{index}", "6", sort)
                self.put(f"{fact['share_of']}.{index}", "2", 1000)
            return {1: ("2", 250), 2: ("2", 999)}
        return {1: ("2", 0), 2: ("2", value), 3: ("2", value - 3)}

    def optical_rows(self, fact):
        places = list(ENTITIES if fact["index"] == "entity" else INTERFACES)
        if fact["index"] == "entity":  # the first is known by its name, the others are by the device's own word
            self.put(f"{ENTITY_NAME}.77", "4", "GigabitEthernet0/0/1")
            for entity in places[1:]:
                self.put(f"{ENTITY_ALIAS}.{entity}.0", "6", f"1.3.6.1.2.1.2.2.1.1.{ENTITIES[entity]}")
        n = len(self.values)
        nothing = ("2", fact["invalid"][0]) if fact.get("invalid") else ("4", "Copper")
        return dict(zip(places, [("2", -523 - n), ("2", 500 + n), nothing]))

    def told(self, options=()):
        """{name or name[ifIndex]: value} of `profile=NAME` with these options."""
        force = {f["fact"]: f for f in self.profile["facts"] if "option" not in f}
        force |= {f["fact"]: f for f in self.profile["facts"] if f.get("option") in options}
        out = {}
        for name, fact in force.items():
            out |= self.optical(name, fact) if "index" in fact else {name: self.device(fact)}
        return out

    def numbers(self, fact):
        numbers = self.values[fact.get("column") or fact["scalar"].removesuffix(".0")]
        return {index: v for index, v in numbers.items() if v not in fact.get("invalid", [])}

    def device(self, fact):
        numbers = self.numbers(fact)
        if fact["unit"] == "count":
            return sum(v not in fact["well"] for v in numbers.values())
        if fact["unit"] == "share":
            return numbers[1] * 1_000_000 // 1000
        return in_fact_units(fact["unit"], max(numbers.values()))

    def optical(self, name, fact):
        read = {index: in_fact_units(fact["unit"], v) for index, v in self.numbers(fact).items()}
        return {f"{name}[{ENTITIES.get(index, index)}]": v for index, v in read.items() if v is not None}

    def options(self):
        return sorted({f["option"] for f in self.profile["facts"] if "option" in f})

    def text(self):
        """As snmpsim wants it: in the order of names."""
        return "".join(f"{'.'.join(map(str, name))}|{kind}|{value}\n" for name, (kind, value) in sorted(self.rows.items()))


def all_walks():
    return [Walk(file) for file in sorted(PROFILES.glob("*.yaml"))]
