"""A disk of the test's own: ext4 on a loop device, to be filled, and to lose its power."""

import contextlib
import fcntl
import os
import pathlib
import shutil
import stat
import struct
import subprocess
import tempfile

import peers

SHUTDOWN, NO_FLUSH = 0x8004587D, 2  # EXT4_IOC_SHUTDOWN and EXT4_GOING_FLAGS_NOLOGFLUSH of the kernel


def call(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(str(c) for c in command)}: {done.stderr.strip()}")
    return done.stdout.strip()


def cannot():
    """Why there are no such disks here; empty if there are."""
    try:
        disk = Disk(8)
    except (OSError, RuntimeError) as error:
        return f"no loop devices here: {error}"
    try:
        disk.cut_power()
        disk.again()
        return ""
    except (OSError, RuntimeError) as error:
        return f"no ext4 here that can be shut down: {error}"
    finally:
        disk.remove()


class Disk:
    """`folder` is what is on it. What was synced stays over a power cut, and so may what the kernel wrote by itself; what was only in
    memory is lost. (What a drive confirms and loses nobody can play here.)"""

    def __init__(self, megabytes, owner=0):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="changtong-disk-", dir="/tmp"))
        self.home.chmod(0o755)  # a database is not root
        self.image, self.folder = self.home / "image", self.home / "disk"
        self.folder.mkdir()
        self.ballast, self.witness = self.folder / "ballast", self.folder / "witness"
        try:
            with open(self.image, "wb") as image:
                image.truncate(megabytes << 20)
            call("mkfs.ext4", "-q", "-F", "-m", "0", "-O", "^resize_inode", self.image)
            self.mount()
        except (OSError, RuntimeError):
            shutil.rmtree(self.home)
            raise
        os.chown(self.folder, owner, owner)

    def mount(self):
        free = pathlib.Path(call("losetup", "-f"))
        if not free.exists():  # of a container's own /dev
            os.mknod(free, 0o660 | stat.S_IFBLK, os.makedev(7, int(free.name.removeprefix("loop"))))
        call("mount", "-o", "loop", self.image, self.folder)

    def fill(self):
        """To the last byte: for whoever writes now there is no room."""
        with open(self.ballast, "wb", buffering=0) as ballast:
            room = os.statvfs(self.folder)
            os.posix_fallocate(ballast.fileno(), 0, max(1, room.f_bavail * room.f_frsize - (1 << 20)))
            ballast.seek(0, os.SEEK_END)
            with contextlib.suppress(OSError):
                while ballast.write(b"\0" * 1024) > 0:
                    pass

    def free(self):
        self.ballast.unlink()

    def cut_power(self):
        """From here on nothing reaches the disk. Whoever writes there has to stand still before, as they do where the power is gone: a sync
        that is under way may still say that all is well. Then they are to be killed."""
        self.witness.write_text("written a moment ago")  # its name may come to the disk with what somebody else syncs
        here = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(here, SHUTDOWN, struct.pack("I", NO_FLUSH))
        finally:
            os.close(here)

    def again(self):
        """The power is back: what the machine finds when it begins."""
        peers.wait_for(self.unmounted, 20, "nobody is there any more")  # the kernel closes the files of who was killed a moment later
        checked = subprocess.run(["e2fsck", "-p", "-f", str(self.image)], capture_output=True, text=True)
        if checked.returncode > 1:  # 1: mended, which is what its journal is for
            raise RuntimeError(f"e2fsck: {checked.stdout}{checked.stderr}")
        self.mount()
        if self.witness.exists() and self.witness.read_text():
            raise AssertionError("that was no power cut: what nobody had synced is there")
        self.witness.unlink(missing_ok=True)

    def unmounted(self):
        return subprocess.run(["umount", str(self.folder)], capture_output=True).returncode == 0

    def remove(self):
        self.unmounted()
        shutil.rmtree(self.home, ignore_errors=True)
