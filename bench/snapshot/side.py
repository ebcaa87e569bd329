# CPython's side of the snapshot measurements: the same program, the same steps, the same figures as side.ts.
#
#     python3 side.py PROGRAM FRAMES BLOCKS PATHS REPETITIONS
import json
import os
import resource
import sys
import tempfile
import time
import tracemalloc

PROGRAM = sys.argv[1]
FRAMES, BLOCKS, PATHS, REPETITIONS = map(int, sys.argv[2:6])
GROWTH = 0.05

with open(PROGRAM) as source:
    names = {}
    exec(compile(source.read(), PROGRAM, "exec"), names)
run = names["run"]
kept = []
calls = 0


def make(count):
    global calls
    for calls in range(calls, calls + count):
        run(calls % PATHS, kept)
    calls += 1


times = {}


def timed(name, work, repetitions=REPETITIONS):
    entry = times.setdefault(name, {"wall": [], "cpu": []})
    for _ in range(repetitions):
        result = None
        cpu = time.process_time()
        wall = time.perf_counter()
        result = work()
        entry["wall"].append(time.perf_counter() - wall)
        entry["cpu"].append(time.process_time() - cpu)
    return result


# How many blocks a call makes, to come out at the same number of them.
tracemalloc.start(1)
make(2000)
per_call = len(tracemalloc.take_snapshot().traces) / 2000
tracemalloc.stop()
kept.clear()
calls = 0

tracemalloc.start(FRAMES)
wall = time.perf_counter()
make(int(BLOCKS / per_call))
set_up = time.perf_counter() - wall
old = tracemalloc.take_snapshot()
make(int(BLOCKS * GROWTH / per_call))
snapshot = timed("take", tracemalloc.take_snapshot)
tracemalloc.stop()
for key in "filename", "lineno", "traceback":
    timed(f"statistics {key}", lambda: len(snapshot.statistics(key)))
for key in "filename", "lineno":
    # Minutes at 25 frames: once must do.
    timed(f"statistics {key}, cumulative", lambda: len(snapshot.statistics(key, True)), 1)
for key in "lineno", "traceback":
    timed(f"compare {key}", lambda: len(snapshot.compare_to(old, key)))
with tempfile.TemporaryDirectory() as folder:
    # A new file each time: file systems wait for the disk when an old one is replaced.
    paths = (os.path.join(folder, str(number)) for number in range(1000))
    timed("dump", lambda: snapshot.dump(next(paths)))
    path = os.path.join(folder, "0")
    size = os.path.getsize(path)
    timed("load", lambda: tracemalloc.Snapshot.load(path))

print(json.dumps({
    "blocks": len(snapshot.traces),
    "tracebacks": len(set(trace[2] for trace in snapshot.traces._traces)),
    "setUp": set_up,
    "bytes": size,
    "peakRss": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    "times": times,
}))
