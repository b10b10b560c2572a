"""Runs a command as the lines of a systemd unit would confine it, without systemd:

    /usr/bin/python3 confine.py UNIT COMMAND…

What is read of the unit: SystemCallFilter (in its order of allowing and denying lines), SystemCallErrorNumber,
ProtectClock, MemoryDenyWriteExecute, RestrictAddressFamilies, RestrictNamespaces, RestrictRealtime, LockPersonality,
AmbientCapabilities, CapabilityBoundingSet, NoNewPrivileges; and an ordinary user where the unit names one. The sets of
calls are those of `systemd-analyze syscall-filter`, the filters are made by libseccomp (python3-seccomp).
"""

import errno
import os
import pathlib
import subprocess
import sys

import seccomp

NOBODY = "65534"
PROT_EXEC, PROT_WRITE, CLONE_NAMESPACES = 4, 2, 0x7E020080
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10, "AF_NETLINK": 16}


def read_unit(path):
    """[(key, value)] of [Service], in their order."""
    out, section = [], ""
    for line in pathlib.Path(path).read_text().splitlines():
        line = line.strip()
        if line.startswith("["):
            section = line
        elif section == "[Service]" and "=" in line and not line.startswith(("#", ";")):
            out.append(tuple(part.strip() for part in line.split("=", 1)))
    return out


def members(name):
    """The calls of a set (with the sets in it), or the one call."""
    if not name.startswith("@"):
        return {name}
    text = subprocess.run(["systemd-analyze", "--no-pager", "syscall-filter", name], capture_output=True, text=True, check=True).stdout
    words = [line.split()[0] for line in text.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]
    return set().union(*(members(w) for w in words)) if words else set()


def allowed_calls(unit):
    """The first line decides whether the list allows; later lines add to it and, with ~, take away."""
    allowed = members("@default")
    for line in (value for key, value in unit if key == "SystemCallFilter"):
        names = set().union(*(members(n) for n in line.lstrip("~").split()))
        allowed = allowed - names if line.startswith("~") else allowed | names
    return allowed


def refuse(calls, error, *arguments):
    """A filter of its own that refuses these calls; of several filters the strictest word holds."""
    one = seccomp.SyscallFilter(seccomp.ALLOW)
    for call in calls:
        try:
            one.add_rule(seccomp.ERRNO(error), call, *arguments)
        except RuntimeError:
            pass  # not of this machine
    one.load()


def confine(unit):
    said = dict(unit)
    on = lambda key: said.get(key) == "yes"
    filters = []
    if on("ProtectClock"):
        filters.append((members("@clock"), errno.EPERM))
    if on("MemoryDenyWriteExecute"):
        both = PROT_WRITE | PROT_EXEC
        filters.append((["mmap"], errno.EPERM, seccomp.Arg(2, seccomp.MASKED_EQ, both, both)))
        filters.append((["mprotect", "pkey_mprotect"], errno.EPERM, seccomp.Arg(2, seccomp.MASKED_EQ, PROT_EXEC, PROT_EXEC)))
    if "RestrictAddressFamilies" in said:
        known = {FAMILIES[f] for f in said["RestrictAddressFamilies"].split()}
        for family in set(range(64)) - known:
            filters.append((["socket"], errno.EAFNOSUPPORT, seccomp.Arg(0, seccomp.EQ, family)))
    if on("RestrictNamespaces"):
        filters.append((["unshare", "setns"], errno.EPERM))
        for bit in (1 << n for n in range(32) if CLONE_NAMESPACES >> n & 1):
            filters.append((["clone"], errno.EPERM, seccomp.Arg(0, seccomp.MASKED_EQ, bit, bit)))
    if on("RestrictRealtime"):
        for policy in (1, 2, 6):
            filters.append((["sched_setscheduler"], errno.EPERM, seccomp.Arg(1, seccomp.EQ, policy)))
    if on("LockPersonality"):
        filters.append((["personality"], errno.EPERM, seccomp.Arg(0, seccomp.NE, 0)))
    error = getattr(errno, said.get("SystemCallErrorNumber", "EPERM"))
    known, allowed = members("@known"), allowed_calls(unit)
    for f in filters:
        refuse(*f)
    # calls that this systemd does not know are not there at all; the others are refused
    last = seccomp.SyscallFilter(seccomp.ERRNO(errno.ENOSYS))
    for call in sorted(known | allowed):
        try:
            last.add_rule(seccomp.ALLOW if call in allowed else seccomp.ERRNO(error), call)
        except RuntimeError:
            pass
    last.load()


def as_user(unit, command):
    said = dict(unit)
    caps = lambda key: ",".join(["-all", *("+" + c.removeprefix("CAP_").lower() for c in said.get(key, "").split())])
    wrap = ["setpriv", f"--bounding-set={caps('CapabilityBoundingSet')}", f"--inh-caps={caps('AmbientCapabilities')}",
            f"--ambient-caps={caps('AmbientCapabilities')}"]
    if said.get("User", "root") != "root":
        wrap += [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    if said.get("NoNewPrivileges") == "yes":
        wrap.append("--no-new-privs")
    return [*wrap, *command]


def main():
    path, command = sys.argv[1], sys.argv[2:]
    unit = read_unit(path)
    if "CONFINED" not in os.environ:
        os.environ["CONFINED"] = "1"
        command = as_user(unit, ["/usr/bin/python3", __file__, path, *command])
    else:
        del os.environ["CONFINED"]
        # what is put before the program begins with the program
        for variable in [v for v in os.environ if v.startswith("UNIT_")]:
            os.environ[variable.removeprefix("UNIT_")] = os.environ.pop(variable)
        confine(unit)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
