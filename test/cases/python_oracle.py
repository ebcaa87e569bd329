"""Writes python_oracle.json: what CPython's own tracemalloc, fnmatch and linecache answer.

Run `python3 test/cases/python_oracle.py` (CPython 3.9 or later; the file in the repository is from 3.11).
"""
import fnmatch
import json
import linecache
import os
import random
import tempfile
import tracemalloc
from collections import Counter
from pathlib import Path

KEYS = [("lineno", False), ("filename", False), ("traceback", False), ("lineno", True), ("filename", True)]
FILES = ["a.py", "b.py", "a/b.py", "lib/a.py", "A.py", "c.pyc", "c.py", "<unknown>", "it's.py", 'q"\'.py',
         "\U0001f600.py", "\uff5e.py", "\ud55c.py", "tab\t.py", "", "a.p", "node_modules/x/y.js"]
PATTERNS = ["*.py", "a.py", "*/b.py", "[ab].py", "[!ab].py", "*", "", "c.pyc", "?.py", "<unknown>", "*x*", "lib/*",
            "[", "*.[jp]*", "no"]
random.seed(3411)


def random_size():
    kind = random.random()
    if kind < 0.5:
        return random.choice([0, 1, 2, 3, 5, 16, 24, 32])
    if kind < 0.8:
        return random.randrange(20000)
    return random.randrange(2 ** random.randrange(14, 46))


def random_frames():
    files = random.sample(FILES, random.choice([1, 2, 3]))
    return tuple((random.choice(files), random.randrange(5)) for _ in range(random.choice([1, 1, 2, 3, 6])))


def random_traces(pool):
    traces = []
    for _ in range(random.choice([0, 1, 3, 8, 14])):
        frames = random.choice(pool)
        traces.append((random.choice([0, 0, 0, 1, 2, 16]), random_size(), frames,
                       random.choice([len(frames), len(frames) + 3])))
    return traces


def random_filter():
    if random.random() < 0.2:
        return {"inclusive": random.random() < 0.5, "domain": random.choice([0, 1, 16])}
    return {
        "inclusive": random.random() < 0.5,
        "pattern": random.choice(PATTERNS),
        "lineno": random.choice([None, None, 0, 1, 2]),
        "allFrames": random.random() < 0.5,
        "domain": random.choice([None, None, None, 0, 1]),
    }


def make_filter(spec):
    if "pattern" not in spec:
        return tracemalloc.DomainFilter(spec["inclusive"], spec["domain"])
    return tracemalloc.Filter(spec["inclusive"], spec["pattern"], spec["lineno"], spec["allFrames"], spec["domain"])


def filtered(traces, specs):
    kept = tracemalloc.Snapshot(list(traces), 9).filter_traces([make_filter(spec) for spec in specs])
    remaining = Counter(trace._trace for trace in kept.traces)
    return [traces.index(trace) for trace, count in remaining.items() for _ in range(count)]


def case(old, new):
    before, after = tracemalloc.Snapshot(old, 9), tracemalloc.Snapshot(new, 9)
    show = lambda key: repr if key == "traceback" else str
    filter_sets = [[random_filter() for _ in range(random.choice([0, 1, 2, 3]))] for _ in range(3)]
    return {
        "old": old,
        "new": new,
        "traces": sorted(str(trace) + " " + repr(trace.traceback) for trace in after.traces),
        "statistics": [[key, cumulative, [show(key)(stat) for stat in after.statistics(key, cumulative)]]
                       for key, cumulative in KEYS],
        "differences": [[key, cumulative, [show(key)(stat) for stat in after.compare_to(before, key, cumulative)]]
                        for key, cumulative in KEYS],
        "filters": [[specs, filtered(new, specs)] for specs in filter_sets],
        "equal": Counter(old) == Counter(new),
    }


def random_case():
    pool = [random_frames() for _ in range(random.choice([1, 3, 6]))]
    old = random_traces(pool)
    if random.random() < 0.1:
        return case(old, random.sample(old, len(old)))
    kept = [trace for trace in old if random.random() < 0.5]
    return case(old, kept + random_traces(pool))


def edges():
    line = (("a.py", 1),)
    blocks = lambda size, count, frames=line: [(0, size, frames, len(frames))] * count
    yield [], []
    yield [], blocks(0, 3)
    yield blocks(5, 2), []
    yield blocks(7, 1), blocks(7, 1)
    # The average of 2.5 is 2 B, of 3.5 is 4 B; 10496 B are 10.2 KiB.
    yield [], blocks(2, 1) + blocks(3, 1)
    yield blocks(3, 1) + blocks(4, 1), blocks(10496, 1)
    yield blocks(10496, 1), blocks(3, 1) + blocks(4, 1)
    yield blocks(2 ** 53 - 1, 1), blocks(2 ** 52, 1)
    # Everything ties but the traceback.
    yield [], [trace for name in FILES for lineno in (1, 10, 2) for trace in blocks(8, 1, ((name, lineno),))]
    yield [], [trace for depth in range(1, 5) for trace in blocks(8, 1, (("b.py", 1), ("a.py", 2)) * depth)]
    # Sizes tie, counts do not.
    yield [], blocks(4, 1, (("x.py", 1),)) + blocks(2, 2, (("w.py", 1),)) + blocks(1, 4, (("z.py", 1),))
    yield blocks(4, 1, (("x.py", 1),)), blocks(2, 2, (("w.py", 1),)) + blocks(0, 4, (("x.py", 1),))
    # Recursion counts a line as often as it stands there.
    yield [], blocks(10, 2, (("r.py", 3), ("r.py", 3), ("r.py", 4), ("m.py", 1)))


def sizes():
    values = [0, 1, 99, 100, 1023, 1024, 10239, 10240, 10241, 10496, 10752, 102399, 102400, 10 * 1024 ** 2,
              100 * 1024 ** 2 - 1, 5 * 1024 ** 3, 2 ** 43, 2 ** 53, 2 ** 53 * 1024, 10 ** 24, 10 ** 36,
              0.5, 1.5, 2.5, 2.4999, 3.5, 0.05, 1 / 3, 10239.5, 10240.5]
    values += [1024 * quarters / 4 for quarters in range(40, 60)]
    values += [random.uniform(0, 2 ** random.randrange(60)) for _ in range(100)]
    values += [-value for value in values if value]
    return [[value, sign, tracemalloc._format_size(value, sign)] for value in values for sign in (False, True)]


def matches():
    rows = [[pattern, name] for pattern in PATTERNS for name in FILES]
    names = ["".join(random.choice("ab-!]^[c/.\\") for _ in range(random.randrange(5))) for _ in range(80)]
    patterns = ["".join(random.choice("ab-!]^[[[c*?\\]]") for _ in range(random.randrange(1, 9))) for _ in range(400)]
    patterns += ["[x-a!-c]", "[c-!a]", "[x-a!b]", "[a-]", "[-a]", "[!-a]", "[]-a]", "[!]]", "[a-c-]", "[b-a]", "[!b-a]", "[!--a]", "[--a]",
                 "*a*b*c", "a**b", "[\\]", "[^a]", "[&&~~||]", "\U0001f600?", "[\U0001f600-\U0001f602]"]
    names += ["\U0001f600a", "\U0001f601", "\n", "a\nb", "&", "x"]
    rows += [[pattern, name] for pattern in ("[!--a]", "[--a]") for name in "!-Aab,"]
    rows += [[pattern, name] for pattern in patterns for name in random.sample(names, 12)]
    return [[pattern, name, fnmatch.fnmatchcase(name, pattern)] for pattern, name in rows]


def formats():
    text = "first\n\tsecond  \r\nthird\rfourth\n\n  \ud55c\uae00 \U0001f600 = {}\nlast"
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "source.py")
        Path(path).write_bytes(text.encode())
        linecache.clearcache()
        frames = [(path, 1), (path, 2), ("<string>", 3), (path, 4), (path, 5), (path, 6), ("gone.py", 7), (path, 7),
                  (path, 8), (path, 0)]
        traceback = tracemalloc.Traceback(frames)
        results = [[limit, recent, [line.replace(path, "PATH") for line in traceback.format(limit, recent)]]
                   for limit in (None, 0, 1, 3, 10, 11, 99, -1, -3, -10, -11) for recent in (False, True)]
    return {"text": text, "frames": [[name.replace(path, "PATH"), line] for name, line in frames], "results": results}


def error_of(action):
    try:
        action()
    except (ValueError, TypeError) as error:
        return str(error)
    raise AssertionError("no error")


def main():
    snapshot = tracemalloc.Snapshot([], 1)
    oracle = {
        "cases": [case(old, new) for old, new in edges()] + [random_case() for _ in range(230)],
        "sizes": sizes(),
        "matches": matches(),
        "format": formats(),
        "errors": {
            "unknown": error_of(lambda: snapshot.statistics("line's\n")),
            "traceback": error_of(lambda: snapshot.statistics("traceback", True)),
        },
    }
    path = Path(__file__).with_suffix(".json")
    path.write_text(json.dumps(oracle, separators=(",", ":")) + "\n")


main()
