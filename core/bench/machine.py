"""Which cores the benchmark uses, and how noisy the machine was meanwhile. The bench command calls it."""

import hashlib
import os
import statistics
import time
from contextlib import contextmanager

# Before the benchmark pins anything.
EVERYWHERE = os.sched_getaffinity(0) if hasattr(os, "sched_setaffinity") else None


def cores():
    """(cores for the server under test, cores for the load and everything else); None where pinning cannot be done."""
    if EVERYWHERE is None or len(EVERYWHERE) < 2:
        return None, None
    usable = sorted(EVERYWHERE)
    return {usable[0]}, set(usable[1:])


@contextmanager
def on(cores_):
    """Run this thread, and the processes it starts meanwhile, on `cores_`; then where it ran before."""
    if cores_ is None:
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, cores_)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


class Noise:
    """Takes the time of one fixed piece of work again and again: on a quiet machine it is always the same."""

    def __init__(self):
        self.wall, self.cpu, self.loads = [], [], []

    def sample(self):
        wall, cpu = time.perf_counter(), time.process_time()
        content = b"x" * 65536
        for _ in range(200):
            content = hashlib.sha256(content).digest() * 2048
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - cpu)
        if hasattr(os, "getloadavg"):
            self.loads.append(os.getloadavg()[0])

    def words(self):
        """One sentence for the report."""
        waited = statistics.median(wall / max(cpu, 1e-9) for wall, cpu in zip(self.wall, self.cpu, strict=True))
        load = f"; load average {min(self.loads):.1f} to {max(self.loads):.1f}" if self.loads else ""
        return (
            f"A fixed loop's time was spread over {spread(self.wall):.0%} of the middle one, its CPU time over "
            f"{spread(self.cpu):.0%}, and it took {waited:.2f} times its CPU time{load}. {judgement(spread(self.cpu), waited)}"
        )


def spread(values):
    """How far apart the values are, as a part of the middle one."""
    return (max(values) - min(values)) / statistics.median(values)


def judgement(cpu_spread, waited):
    if cpu_spread > 0.3 or waited > 1.3:
        return "That is a busy machine: trust the rows of CPU and bytes, and take those of time with care."
    return "That is quiet enough for every row."
