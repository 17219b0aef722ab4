#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares what the program prints with what was recorded: one file a scenario and format.

    run.py             compare, with one thread and with two; JSON is checked against the output schema
    run.py --update    record anew (then read the difference)

The program is the environment variable ZOPA. Skipped (77) only in part: without python3-jsonschema the
schema is not looked at, and a word says so.
"""
import difflib
import json
import os
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
HERE = pathlib.Path(__file__).resolve().parent
FORMATS = {"text": "txt", "csv": "csv", "json": "json", "markdown": "md"}

# Name of the recorded files, command and arguments. Short answers: a change must be readable.
CASES = {
    "ukraine-2025": ["solve", "scenarios/ukraine-2025/talks.yaml"],
    "linked-demands": ["solve", "scenarios/textbook/linked-demands.yaml"],
    "council-1958": ["solve", "scenarios/textbook/council-1958.yaml"],
    "nash-1950-barter": ["solve", "scenarios/textbook/nash-1950-barter.yaml"],
    "committee-three-of-four": ["solve", "scenarios/textbook/committee.yaml", "--variant", "three-of-four"],
    "frontier-logrolling": ["frontier", "scenarios/textbook/logrolling.yaml", "--hull"],
    "frontier-leximin-ties": ["frontier", "scenarios/textbook/leximin-ties.yaml"],
    "explain-ukraine-2025": ["explain", "scenarios/ukraine-2025/talks.yaml"],
    "explain-geneva-text": ["explain", "scenarios/ukraine-2025/talks.yaml", "--draft", "geneva-19-points"],
    "explain-linked-demands": ["explain", "scenarios/textbook/linked-demands.yaml"],
    "explain-demanding-b": ["explain", "scenarios/textbook/linked-demands.yaml", "--variant", "demanding-b"],
    "explain-logrolling": ["explain", "scenarios/textbook/logrolling.yaml"],
    "explain-levers": ["explain", "scenarios/textbook/levers.yaml", "--levers", "--budget", "6"],
    "brief-ukraine-2025": ["brief", "scenarios/ukraine-2025/talks.yaml"],
    "brief-linked-demands": ["brief", "scenarios/textbook/linked-demands.yaml"],
    "brief-logrolling": ["brief", "scenarios/textbook/logrolling.yaml"],
}

# Take seconds: with a share of the random cases (under sanitizers) they are left out.
LONG = {"explain-ukraine-2025", "brief-ukraine-2025"}

# What is recorded of those whose tables are too long to be read, or are recorded elsewhere; the others are
# made all the same. One thread and two are compared on JSON, which is checked against the schema.
RECORDED = {
    "explain-ukraine-2025": ["text"],
    "explain-geneva-text": ["text"],
    "explain-demanding-b": ["text", "csv"],
    "brief-ukraine-2025": ["text", "markdown"],
    "brief-linked-demands": ["text", "markdown"],
    "brief-logrolling": ["text", "markdown"],
}


def run(program, *arguments):
    result = subprocess.run([program, *arguments], cwd=TOP, capture_output=True, text=True, encoding="utf-8",
                            stdin=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "100"})
    if result.returncode not in (0, 4) or result.stderr:  # 4: answered in part, up to a limit that is no clock
        raise SystemExit(f"zopa {' '.join(arguments)}: exit {result.returncode}\n{result.stderr}")
    return result.stdout


def validator(program):
    try:
        import jsonschema
    except ImportError:
        print("python3-jsonschema is not installed: JSON is not checked against the schema")
        return None
    return jsonschema.Draft202012Validator(json.loads(run(program, "schema", "--output")))


def main():
    program = os.environ.get("ZOPA", str(TOP / "zopa"))
    update = "--update" in sys.argv[1:]
    schema = validator(program)
    found = []
    number = 0
    whole = float(os.environ.get("ZOPA_RANDOM_SHARE", "1")) >= 0.5
    for name, arguments in CASES.items():
        if name in LONG and not whole:
            continue
        for form, ending in FORMATS.items():
            if name == "brief-ukraine-2025" and form == "json":  # its tables are those of explain
                continue
            if (name in LONG or not whole) and form != "json" and form not in RECORDED.get(name, FORMATS):
                continue
            path = HERE / f"{name}.{ending}"
            command = [*arguments, "--format", form]
            printed = run(program, *command, "--jobs", "2")
            if form == "json" and printed != run(program, *command, "--jobs", "1"):
                found.append(f"{path.name}: one thread and two print different bytes")
            if form == "json" and schema:
                for error in schema.iter_errors(json.loads(printed)):
                    found.append(f"{path.name}: {error.json_path}: {error.message}")
            if form not in RECORDED.get(name, FORMATS):
                continue
            number += 1
            if update:
                path.write_text(printed, encoding="utf-8")
            recorded = path.read_text(encoding="utf-8")
            if printed != recorded:
                lines = difflib.unified_diff(recorded.splitlines(), printed.splitlines(), "recorded", "printed",
                                             lineterm="")
                found.append(f"{path.name}: zopa {' '.join(command)} prints something else:\n" + "\n".join(lines))
    print("\n".join(found) or f"{number} outputs as recorded")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
