# CPython's own tracemalloc on work like that of bench/programs: json, ast (acorn), trees. Prints mean milliseconds per
# iteration as JSON:   python3 cpython.py NFRAME SECONDS   (NFRAME 0: off)
import ast, gc, json, sys, time, tracemalloc

nframe, seconds = int(sys.argv[1]), float(sys.argv[2])

ROWS = json.dumps([
    {"id": i, "name": f"row {i}", "tags": ["a", "b", f"tag {i % 17}"], "nested": {"x": i / 3, "y": [i, i + 1, i + 2], "flag": i % 2 == 0}}
    for i in range(1000)
])
SOURCE = open(ast.__file__).read()


def make(depth):
    return {"left": None, "right": None} if depth == 0 else {"left": make(depth - 1), "right": make(depth - 1)}


def check(tree):
    return 1 if tree["left"] is None else 1 + check(tree["left"]) + check(tree["right"])


def trees():
    return check(make(12))


def parse_json():
    return len(json.dumps([{**row, "seen": True} for row in json.loads(ROWS)]))


def parse_ast():
    return ast.parse(SOURCE)


def mean(run):
    for _ in range(3):
        run()
    count, begin = 0, time.perf_counter()
    while True:
        kept = run()
        count += 1
        if time.perf_counter() - begin > seconds:
            return 1000 * (time.perf_counter() - begin) / count


if nframe:
    tracemalloc.start(nframe)
print(json.dumps({"json": mean(parse_json), "ast": mean(parse_ast), "trees": mean(trees)}))
