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
}


def run(program, *arguments):
    result = subprocess.run([program, *arguments], cwd=TOP, capture_output=True, text=True, encoding="utf-8",
                            stdin=subprocess.DEVNULL, env={**os.environ, "COLUMNS": "100"})
    if result.returncode != 0 or result.stderr:
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
    for name, arguments in CASES.items():
        for form, ending in FORMATS.items():
            path = HERE / f"{name}.{ending}"
            command = [*arguments, "--format", form]
            printed = run(program, *command, "--jobs", "2")
            if printed != run(program, *command, "--jobs", "1"):
                found.append(f"{path.name}: one thread and two print different bytes")
            if update:
                path.write_text(printed, encoding="utf-8")
            recorded = path.read_text(encoding="utf-8")
            if printed != recorded:
                lines = difflib.unified_diff(recorded.splitlines(), printed.splitlines(), "recorded", "printed",
                                             lineterm="")
                found.append(f"{path.name}: zopa {' '.join(command)} prints something else:\n" + "\n".join(lines))
            if form == "json" and schema:
                for error in schema.iter_errors(json.loads(printed)):
                    found.append(f"{path.name}: {error.json_path}: {error.message}")
    print("\n".join(found) or f"{len(CASES) * len(FORMATS)} outputs as recorded")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
