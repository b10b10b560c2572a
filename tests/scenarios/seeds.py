"""What a test over many seeds has around it: its options, a folder a seed, and the count at the end."""

import argparse
import pathlib
import shutil
import tempfile


def parser(description, worlds):
    made = argparse.ArgumentParser(description=description)
    made.add_argument("--binary", type=pathlib.Path)
    made.add_argument("--worlds", type=int, default=worlds)
    made.add_argument("--first-seed", type=int, default=0)
    made.add_argument("--keep", type=pathlib.Path, help="where the folders of wrong worlds stay")
    return made


def judge_each(options, is_wrong, word):
    """is_wrong(seed, folder) of each seed; a folder stays only if it is. The exit code."""
    keep = options.keep or pathlib.Path(tempfile.mkdtemp(prefix="changtong-worlds-"))
    wrong = 0
    for seed in range(options.first_seed, options.first_seed + options.worlds):
        folder = keep / str(seed)
        shutil.rmtree(folder, ignore_errors=True)
        if is_wrong(seed, folder):
            wrong += 1
        else:
            shutil.rmtree(folder)
    if not wrong and not options.keep:
        keep.rmdir()
    print(f"{options.worlds} worlds, {wrong} {word}")
    return 1 if wrong else 0
