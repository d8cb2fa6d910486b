"""Compares pushforward's optimal transport with POT's and SciPy's.

Every program gets the same clouds in the same run, on one thread, in turns;
times are medians of these turns and hold what a user waits for: POT's and
SciPy's include the matrix of costs that they need, which is also given alone.

    python transport.py SERVER [--quick] [--large]

SERVER is the program built from ./transport. The result is a table in Markdown.
"""

import argparse
import os
import statistics
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
import ot  # noqa: E402
import scipy  # noqa: E402
from scipy.optimize import linear_sum_assignment  # noqa: E402

from server import Server  # noqa: E402

SCALE = 1e-9  # of agreement between programs that are exact


def double_well(rng, n):
    """Draws from exp(-(x1^2-1)^2/4 - x2^2/2), by rejection."""
    x1 = np.empty(0)
    while len(x1) < n:
        u = rng.uniform(-4, 4, 4 * n)
        x1 = np.concatenate([x1, u[rng.uniform(size=4 * n) < np.exp(-((u * u - 1) ** 2) / 4)]])
    return np.stack([x1[:n], rng.normal(size=n)], 1)


def far(rng, n):
    return rng.normal(size=(n, 2)) + 5


def timed(f):
    begin = time.perf_counter()
    value = f()
    return time.perf_counter() - begin, value


def bare(f):
    """Times what needs no matrix, or has it already."""
    seconds, value = timed(f)
    return seconds, seconds, value


def emd2(x, y):
    """POT's exact solver; the limit of iterations is raised, as its own is too low from 5,000 on."""
    matrix, c = timed(lambda: ot.dist(x, y))
    solve, value = timed(lambda: ot.emd2([], [], c, numItermax=100_000_000))
    return matrix + solve, solve, value


def assignment(x, y):
    matrix, c = timed(lambda: ot.dist(x, y))
    solve, (i, j) = timed(lambda: linear_sum_assignment(c))
    return matrix + solve, solve, c[i, j].mean()


class Table:
    def __init__(self, server):
        self.server = server
        print(f"POT {ot.__version__}, SciPy {scipy.__version__}, NumPy {np.__version__}, one thread each; times in ms\n")
        print("| problem | pushforward | peer | peer's time | without its matrix | ratio | gap |")
        print("| --- | --- | --- | --- | --- | --- | --- |")

    def row(self, name, turns, request, peers, gap=True, compare=True):
        """peers: name -> function that returns (seconds, seconds without the matrix, value)."""
        ours, theirs = [], {peer: [] for peer in peers}
        self.server.ask(**request)  # once to warm up
        answer = None
        for _ in range(turns):
            answer = self.server.ask(**request)
            ours.append(answer["seconds"])
            for peer, run in peers.items():
                theirs[peer].append(run())
        t = statistics.median(ours)
        label = f"{name} ({answer['method']})" if answer.get("method") else name
        certificate = f"{max(answer['gap'], 0):.1e}" if gap else ""
        if not peers:
            print(f"| {label} | {1e3 * t:.4g} | | | | | {certificate} |", flush=True)
        for peer, runs in theirs.items():
            whole = statistics.median(r[0] for r in runs)
            part = statistics.median(r[1] for r in runs)
            value = runs[-1][2]
            if compare and abs(value - answer["value"]) > SCALE * abs(value):
                label += f" **{peer} says {value:.12g}, pushforward {answer['value']:.12g}**"
            print(f"| {label} | {1e3 * t:.4g} | {peer} | {1e3 * whole:.4g} | {1e3 * part:.4g} | {whole / t:.1f} | {certificate} |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("server")
    parser.add_argument("--quick", action="store_true", help="only what takes seconds")
    parser.add_argument("--large", action="store_true", help="also 10,000 points with POT (4 GB, half a minute), and 100,000 without")
    options = parser.parse_args()
    server = Server(options.server)
    table = Table(server)
    rng = np.random.default_rng(1)

    def clouds(law, n, m):
        x = double_well(rng, n) if law == "dw" else rng.normal(size=(n, 2))
        y = double_well(rng, m) if law == "dw" else far(rng, m)
        return x, y

    def exact(name, turns, x, y, peers):
        request = {"do": "solve", "x": server.save(x), "y": server.save(y), "method": "automatic", "threads": 1}
        functions = {"POT": lambda: emd2(x, y), "SciPy": lambda: assignment(x, y)}
        table.row(name, turns, request, {p: functions[p] for p in peers})

    for law in ("dw", "far"):
        title = {"dw": "double well", "far": "shifted Gaussians"}[law]
        both = ["POT", "SciPy"]
        exact(f"{title}, 100", 101, *clouds(law, 100, 100), both)
        exact(f"{title}, 1,000", 15, *clouds(law, 1000, 1000), both)
        exact(f"{title}, 600 × 10,000", 5, *clouds(law, 600, 10000), ["POT"])
        if not options.quick:
            exact(f"{title}, 5,000", 3, *clouds(law, 5000, 5000), ["POT"])
        if options.large:
            exact(f"{title}, 10,000", 1, *clouds(law, 10000, 10000), ["POT"])
        if not options.quick:
            exact(f"{title}, 20,000", 3, *clouds(law, 20000, 20000), [])
    if options.large:
        exact("double well, 100,000", 1, *clouds("dw", 100000, 100000), [])

    x, y = rng.normal(size=(1000, 66)), rng.normal(size=(1000, 66)) + 0.1
    exact("d = 66, 1,000", 9, x, y, ["POT", "SciPy"])
    c = ot.dist(x, y)
    table.row("matrix of costs, 1,000 (d = 66)", 9,
              {"do": "matrix", "costs": server.save(c), "method": "automatic", "threads": 1},
              {"POT": lambda: bare(lambda: ot.emd2([], [], c, numItermax=100_000_000)),
               "SciPy": lambda: bare(lambda: c[linear_sum_assignment(c)].mean())})

    n = 100_000 if options.quick else 1_000_000
    x, y = rng.normal(size=n), rng.normal(size=n) + 0.1
    table.row(f"line, {n:,}", 5, {"do": "line", "x": server.save(x), "y": server.save(y)},
              {"POT": lambda: bare(lambda: ot.emd2_1d(x, y))}, gap=False)

    for n, d, count in ((1000, 2, 500), (10_000, 2, 100), (1000, 66, 200)):
        x, y = rng.normal(size=(n, d)), rng.normal(size=(n, d)) + 0.1
        lines = rng.normal(size=(count, d))
        lines /= np.linalg.norm(lines, axis=1, keepdims=True)
        request = {"do": "sliced", "x": server.save(x), "y": server.save(y), "directions": server.save(lines)}
        table.row(f"sliced, {n:,}, d = {d}, {count} lines", 9, request,
                  {"POT": lambda: bare(lambda: ot.sliced_wasserstein_distance(x, y, projections=lines.T) ** 2)}, gap=False)

    x, y = rng.normal(size=(1000, 2)), rng.normal(size=(1000, 2)) + 1
    c, rounds, w = ot.dist(x, y), 50, np.full(1000, 1e-3)

    def log_sinkhorn():
        seconds, plan = timed(lambda: ot.bregman.sinkhorn_log(w, w, c, 0.1, numItermax=rounds, stopThr=0))
        return seconds / rounds, seconds / rounds, (plan * c).sum()

    table.row("an iteration of Sinkhorn's in the log domain, 1,000", 5,
              {"do": "sinkhorn", "x": server.save(x), "y": server.save(y), "epsilon": 0.1, "iterations": rounds, "threads": 1},
              {"POT": log_sinkhorn}, gap=False, compare=False)


if __name__ == "__main__":
    main()
