"""Answers bench/rows/impact.js with python-igraph: one command a line in, one JSON line out, times in milliseconds."""
import array
import json
import sys
import time

try:
    import igraph
except ImportError:
    sys.exit(3)


def rss():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmRSS"))


def read(path, nodes):
    numbers = array.array("i")
    with open(path, "rb") as file:
        numbers.frombytes(file.read())
    half = len(numbers) // 2
    return nodes, list(zip(numbers[:half], numbers[half:]))


def build(nodes, pairs):
    return igraph.Graph(n=nodes, edges=pairs, directed=True)


def reached(graph, node):
    # Dependents of a node are what reaches it.
    return len(graph.subcomponent(node, mode="in"))


def main():
    nodes, pairs = read(sys.argv[1], int(sys.argv[2]))
    before = rss()
    graph = build(nodes, pairs)
    memory = rss() - before
    for line in sys.stdin:
        verb, *numbers = line.split()
        begun = time.perf_counter()
        value = None
        if verb == "build":
            build(nodes, pairs)
        elif verb == "reach":
            value = reached(graph, int(numbers[0]))
        elif verb == "many":
            value = [reached(graph, int(number)) for number in numbers]
        took = (time.perf_counter() - begun) * 1000
        print(json.dumps({"took": took, "value": value, "memory": memory}), flush=True)


main()
