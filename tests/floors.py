#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reads the includes of model/ and src/ and fails when a file leaves its floor.

A file may include files of its own floor and of floors below, never above (CONTRIBUTING.md, Floors).
Foreign libraries have one home each, and model/ neither prints nor opens files nor reads clocks.
"""
import pathlib
import re
import sys

FLOORS = [  # the first pattern that matches a path gives its floor
    (0, r"model/tools/"),
    (2, r"model/engine/"),
    (3, r"model/answers/"),
    (4, r"model/studies/"),
    (1, r"model/[^/]+$"),
    (7, r"src/main\.cpp$"),
    (6, r"src/commands/"),
    (6, r"src/command\.[hc]pp$"),
    (5, r"src/"),
]

# Foreign headers: what an include looks like, and the files that may have it.
HOMES = [
    (r"yaml-cpp/", r"src/document\.cpp$"),
    (r"CLI/", r"src/options\.cpp$"),
    (r"(spdlog|fmt)/", r"src/log\.[hc]pp$"),
    (r"nlohmann/json_fwd\.hpp", r"src/"),
    (r"nlohmann/", r"src/.*\.cpp$"),
    (r"(tbb|oneapi)/", r"model/tools/|model/engine/"),
    (r"Eigen/", r"model/"),
    (r"boost/", r"model/"),
]

# Checkers that share nothing with what they check: their whole neighbourhood, but for floors 0 and 1.
INDEPENDENT = {
    r"model/engine/check\.[hc]pp$": r"model/engine/(check|certificate)\.hpp$",
    r"model/engine/recount\.[hc]pp$": r"model/engine/recount\.hpp$",
    r"model/engine/facet_volume\.[hc]pp$": r"model/engine/facet_volume\.hpp$",
    r"model/engine/remeasure\.[hc]pp$": r"model/engine/(remeasure|recount|facet_volume)\.hpp$",
    r"model/engine/certificate\.hpp$": r"$",
}

# What model/ must not know of: terminals, files, clocks, the environment.
OUTSIDE_MODEL = r"iostream|fstream|cstdio|stdio\.h|print|syncstream|filesystem|chrono|ctime|time\.h|unistd\.h|sys/.*|source_location"
CALLS_OUTSIDE_MODEL = r"\b(getenv|secure_getenv|setenv|printf|fprintf|puts|abort|exit|system)\s*\("

STANDARD = r"[a-z_0-9]+(\.h)?$|sys/[a-z]+\.h$"


def floor(path):
    for number, pattern in FLOORS:
        if re.match(pattern, path):
            return number
    return None


def without_comments(text):
    return re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.S)


def problems(top, path):
    text = without_comments((top / path).read_text(encoding="utf-8"))
    own = floor(path)
    for quoted, name in re.findall(r'^[ \t]*#[ \t]*include[ \t]*(["<])([^">]+)[">]', text, flags=re.M):
        if quoted == '"':
            if not (top / name).is_file():
                yield f'includes "{name}", which is no file of the project (write paths from the top)'
            elif floor(name) is None:
                yield f'includes "{name}", which is on no floor'
            elif floor(name) > own:
                yield f'is on floor {own} and includes "{name}" of floor {floor(name)}'
            for file, allowed in INDEPENDENT.items():
                if re.match(file, path) and floor(name) and floor(name) > 1 and not re.match(allowed, name):
                    yield f'checks the engine and includes "{name}" of it'
            continue
        if path.startswith("model/") and re.fullmatch(OUTSIDE_MODEL, name):
            yield f"includes <{name}>: model/ prints nothing, opens no file and reads no clock"
        for library, home in HOMES:
            if re.match(library, name):
                if not re.match(home, path):
                    yield f"includes <{name}>, whose home is {home}"
                break
        else:
            if not re.fullmatch(STANDARD, name):
                yield f"includes <{name}>, a library that has no home yet (tests/floors.py, HOMES)"
    if path.startswith("model/"):
        for call in re.findall(CALLS_OUTSIDE_MODEL, text):
            yield f"calls {call}: model/ prints nothing and reads no environment"


def main():
    top = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[1])
    files = sorted(str(file.relative_to(top)) for folder in ("model", "src")
                   for suffix in ("*.hpp", "*.cpp") for file in (top / folder).rglob(suffix))
    found = [f"{path}: {problem}" for path in files for problem in problems(top, path)]
    print("\n".join(found) if found else f"{len(files)} files, each on its floor")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
