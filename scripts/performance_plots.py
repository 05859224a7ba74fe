#!/usr/bin/env python3
"""Draws how cost grows, as SVG, from what `scripts/bench.sh --scales` wrote.

Usage: performance_plots.py [SCALES.json [DIRECTORY]]   (build/bench-scales.json, docs/images)

One picture a curve: DIRECTORY/performance-<name>.svg, ours and the baseline, both axes logarithmic where the sizes are
far apart. Draws with gnuplot (gnuplot-nox), which scripts/install-deps.sh --benchmarks installs.
"""
import json
import pathlib
import re
import shutil
import subprocess
import sys

PROJECT = pathlib.Path(__file__).resolve().parent.parent
UNITS = {"ns": [(1e9, "s"), (1e6, "ms"), (1e3, "µs"), (1, "ns")], "bytes": [(1024, "KB"), (1, "bytes")]}


def scale_of(curve):
    """(divisor, unit) that suits the value in the middle."""
    values = sorted(point["ours"] for point in curve["points"])
    middle = values[len(values) // 2]
    return next((scale for scale in UNITS[curve["unit"]] if middle >= scale[0]), UNITS[curve["unit"]][-1])


def data_block(name, points, side, divisor, is_logarithmic):
    lines = [f"{point['size']} {point[side] / divisor}" for point in points
             if side in point and (point["size"] > 0 or not is_logarithmic)]
    return f"${name} << EOD\n" + "\n".join(lines) + "\nEOD\n"


def script_of(curve, output):
    points = curve["points"]
    divisor, unit = scale_of(curve)
    is_logarithmic = points[-1]["size"] >= 1000
    sides = ["ours"] + (["baseline"] if "baseline" in points[0] else [])
    titles = {"ours": "cowork", "baseline": curve.get("baselineIs", "")}
    colors = {"ours": "#1f5fa8", "baseline": "#888888"}
    script = "".join(data_block(side, points, side, divisor, is_logarithmic) for side in sides)
    script += f"""set terminal svg size 640,400 font 'DejaVu Sans,12' background '#ffffff'
set output '{output}'
set title '{curve["curve"]}' noenhanced
set xlabel '{curve["sizeIs"]}'
set ylabel '{unit}'
set grid lc rgb '#dddddd'
set key left top
set border 3
set tics nomirror
"""
    if is_logarithmic:
        script += "set logscale xy\nset format x '10^{%L}'\nset format y '%g'\n"
    plots = [f"${side} with linespoints lw 2 pt 7 ps 0.6 lc rgb '{colors[side]}' title '{titles[side]}' noenhanced"
             for side in sides]
    return script + "plot " + ", ".join(plots) + "\n"


def main(arguments):
    if len(arguments) > 2 or any(argument.startswith("-") for argument in arguments):
        print(__doc__)
        return 2
    scales = pathlib.Path(arguments[0]) if arguments else PROJECT / "build/bench-scales.json"
    directory = pathlib.Path(arguments[1]) if len(arguments) > 1 else PROJECT / "docs/images"
    if not shutil.which("gnuplot"):
        print("gnuplot is missing: scripts/install-deps.sh --benchmarks", file=sys.stderr)
        return 1
    directory.mkdir(parents=True, exist_ok=True)
    for curve in json.loads(scales.read_text())["curves"]:
        curve["points"] = [point for point in curve["points"] if "ours" in point]
        if not curve["points"]:
            print(f"{curve['curve']}: nothing was measured", file=sys.stderr)
            continue
        name = re.sub(r"[^a-z0-9]+", "-", curve["curve"].lower()).strip("-")
        output = directory / f"performance-{name}.svg"
        subprocess.run(["gnuplot"], input=script_of(curve, output), text=True, check=True)
        print(output)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
