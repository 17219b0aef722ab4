#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the examples of the documents: every `console` block of the files named on the command line.

In a block, a line that starts with `$ ` is a command; it must exit with 0, or, where its last words are
`# exits N`, with N. The lines up to the next command are its output, and must match; a line `…` stands
for any lines. A command without lines below it may print anything. Commands run in an empty directory
that holds `scenarios/` as a link; `./zopa` and `zopa` are the program in the environment variable ZOPA.
"""
import difflib
import os
import pathlib
import re
import subprocess
import sys
import tempfile


def blocks(text):
    """The console blocks of a Markdown text, each with the line it starts on."""
    for match in re.finditer(r"^```console\n(.*?)^```$", text, flags=re.M | re.S):
        yield text.count("\n", 0, match.start()) + 2, match.group(1).splitlines()


def examples(text):
    """(line, command, expected output lines) of every command of the text."""
    for start, lines in blocks(text):
        current = None
        for number, line in enumerate(lines, start):
            if line.startswith("$ "):
                if current:
                    yield current
                current = (number, line[2:], [])
            elif current:
                current[2].append(line)
            else:
                raise SystemExit(f"line {number}: a console block starts with a command, `$ …`")
        if current:
            yield current


def matches(expected, actual):
    """Whether the lines agree, `…` standing for any number of them."""
    parts, part = [], []
    for line in expected:
        if line.strip() == "…":
            parts.append(part)
            part = []
        else:
            part.append(line)
    parts.append(part)
    pattern = r"(?:.*\n)*?".join("".join(re.escape(line) + r"\n" for line in part) for part in parts)
    return re.fullmatch(pattern, "".join(line + "\n" for line in actual)) is not None


def run(program, folder, command):
    command = re.sub(r"(^|[|;&]\s*)(\./)?zopa(?=\s|$)", lambda match: match.group(1) + program, command)
    return subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, text=True, encoding="utf-8",
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def problems(top, program, path, folder):
    for line, command, expected in examples((top / path).read_text(encoding="utf-8")):
        status = re.search(r"\s+# exits (\d+)$", command)
        result = run(program, folder, command)
        actual = [text.rstrip() for text in result.stdout.splitlines()]
        expected = [text.rstrip() for text in expected]
        if result.returncode != (int(status.group(1)) if status else 0):
            yield f"{path}:{line}: `{command}` exits with {result.returncode}:\n{result.stdout}"
        elif expected and not matches(expected, actual):
            difference = "\n".join(difflib.unified_diff(expected, actual, "documented", "printed", lineterm=""))
            yield f"{path}:{line}: `{command}` prints something else:\n{difference}"
        else:
            print(f"{path}:{line}: {command}")


def main():
    top = pathlib.Path(__file__).resolve().parents[1]
    program = os.environ.get("ZOPA", str(top / "zopa"))
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(top / "scenarios", pathlib.Path(folder, "scenarios"))
        found = [problem for path in sys.argv[1:] for problem in problems(top, program, path, folder)]
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
