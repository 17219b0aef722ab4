#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Proves and verifies through files: what `zopa solve --prove` writes, `zopa verify` accepts, and nothing forged.

Every scenario of the project and every variant of the textbook ones is proven and verified (those of the flagship in
tests/src/certificate_file_test.cpp). Then certificates are changed, one thing at a time, and `zopa verify` has to
refuse each with the sentence that says why. The program is the environment variable ZOPA.
"""
import copy
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parents[1]
ZOPA = os.environ.get("ZOPA", str(TOP / "zopa"))
FOUND = []  # what is wrong


def run(*arguments, text=None):
    return subprocess.run([ZOPA, *map(str, arguments)], cwd=TOP, capture_output=True, text=True, encoding="utf-8",
                          input=text if text is not None else "", env={**os.environ, "COLUMNS": "1000"})


def expect(condition, message):
    if not condition:
        FOUND.append(message)


def prove(scenario, options, path):
    result = run("solve", scenario, *options, "--prove", path, "--quiet", "--table", "overlap")
    expect(result.returncode == 0, f"solve {scenario} {options}: exit {result.returncode}\n{result.stderr}")
    return json.loads(path.read_text(encoding="utf-8"))


def verify(path, scenario, options=(), form="json"):
    result = run("verify", path, scenario, *options, "--format", form)
    return result, json.loads(result.stdout) if form == "json" and result.returncode in (0, 4, 5) else None


def variants(scenario):
    """The names of the variants of a scenario file, read off its text."""
    names, inside = [], False
    for line in (TOP / scenario).read_text(encoding="utf-8").splitlines():
        if re.match(r"\S", line):
            inside = line.startswith("variants:")
        elif inside and (match := re.match(r"  ([A-Za-z0-9_-]+):", line)):
            names.append(match.group(1))
    return names


def accepts_what_was_proven(folder):
    """Returns how many certificates were verified: every eighth with a share of the random cases."""
    path = folder / "proof.json"
    number = 0
    step = 1 if float(os.environ.get("ZOPA_RANDOM_SHARE", "1")) >= 0.5 else 8
    tried = 0
    for file in sorted((TOP / "scenarios").rglob("*.yaml")):
        scenario = file.relative_to(TOP)
        names = variants(scenario) if "textbook" in scenario.parts else []
        for options in [[]] + [["--variant", name] for name in names]:
            tried += 1
            if "textbook" in scenario.parts and tried % step:
                continue
            name = f"{scenario} {' '.join(options)}"
            proof = prove(scenario, options, path)
            result, answer = verify(path, scenario, options)
            expect(result.returncode == 0 and not result.stderr,
                   f"{name}: verify exits {result.returncode}\n{result.stdout}{result.stderr}")
            if answer is None:
                continue
            number += 1
            rows = answer["verification"]
            expect(all(row["verdict"] in ("proven", "recounted") for row in rows), f"{name}: {rows}")
            depth = [row for row in rows if row["claim"] in ("depth", "no depth")]
            expect(len(depth) == 1 and depth[0]["verdict"] == "proven" and
                   depth[0].get("exact_value") == proof["depth"], f"{name}: {depth}")
            expect(len([row for row in rows if row["claim"] == "best"]) == len(proof["bests"]),
                   f"{name}: not every best is in the table")
            expect(all(row["same"] for row in answer["made_from"]), f"{name}: {answer['made_from']}")
            if proof["depth"] is not None:
                told = {row["issue"]: row["settlement"] for row in answer["proven_package"]}
                for issue, settlement in proof["package"].items():
                    if isinstance(settlement, str):
                        expect(told.get(issue) == settlement, f"{name}: {issue} is {told.get(issue)}")
    return number


# ---- forgeries ------------------------------------------------------------------------------------------------

LINKED = ("scenarios/textbook/linked-demands.yaml", [])
DONBAS = ("scenarios/ukraine-2025/talks.yaml", ["--variant", "donbas-no-lines"])
COUNCIL = ("scenarios/textbook/council-1958.yaml", [])
PRICE = ("scenarios/textbook/price.yaml", [])
COINS = ("scenarios/textbook/ten-coins.yaml", [])


def boxes(proof, wanted):
    return [box for box in proof["boxes"] if wanted in box]


def add(fraction, what):
    from fractions import Fraction
    return str(Fraction(fraction) + Fraction(what))


def depth_of(proof, what):
    proof["depth"] = add(proof["depth"], what)


def first_margin(proof, change):
    for box in boxes(proof, "margins"):
        for leaf in box["margins"]:
            box["margins"][leaf] = change(box["margins"][leaf])
            return


def another_package(proof):
    settlements = proof["breadth"]["split"]["settlements"]
    issue = proof["breadth"]["split"]["issue"]
    now = proof["package"][issue]
    proof["package"][issue] = next(s["settlement"] for s in settlements if s["settlement"] != now)


def circle(proof):
    boxes(proof, "issue")[0]["these"] = 0


def not_covering(proof):
    branch = boxes(proof, "issue")[0]
    branch["settlements"] = []  # the second child then has to hold everything, and does not


def closed_without_reason(proof):
    branch = boxes(proof, "issue")[0]
    branch.clear()
    branch["empty"] = True


def set_best(proof, what):
    best = proof["bests"][0]
    best["best"] = add(best["best"], what)
    best["parts"][0]["best"] = add(best["parts"][0]["best"], what)


def count_off(key, what, parts):
    def apply(proof):
        breadth = proof["breadth"]
        breadth[key] = str(int(breadth[key]) + what)
        if parts:
            settlement = next(s for s in breadth["split"]["settlements"] if int(s[key]) > 0)
            settlement[key] = str(int(settlement[key]) + what)
    return apply


def moved_count(proof):
    settlements = proof["breadth"]["split"]["settlements"]
    settlements[0]["packages"] = str(int(settlements[0]["packages"]) - 1)
    settlements[1]["packages"] = str(int(settlements[1]["packages"]) + 1)


# What it is called, the certificate, what changes it, and what the refusal says.
FORGERIES = [
    ("depth too high", DONBAS, lambda p: depth_of(p, "1/1000000000"), r"The package is worth .*, not "),
    ("depth too low", DONBAS, lambda p: depth_of(p, "-1/1000000000"), r"The package is worth .*, not "),
    ("depth of 1", DONBAS, lambda p: p.update(depth="1"), r"The package is worth .*, not 1"),
    ("depth denied", DONBAS, lambda p: p.update(depth=None, package=None), r"may hold a package|nothing bounds it"),
    ("package forgotten", DONBAS, lambda p: p.update(package=None), r"A depth comes with a package that attains it"),
    ("another package", COINS, another_package, r"The package is worth|The package breaks|The package is refused"),
    ("other kind", LINKED, lambda p: p.update(kind="all" if p["kind"] == "hard" else "hard"),
     r"The package is|may hold|weighs a leaf|is not empty"),
    ("no boxes", DONBAS, lambda p: p.update(boxes=[]), r"The certificate has no boxes"),
    ("negative multiplier", DONBAS, lambda p: first_margin(p, lambda x: "-" + x), r"Box \d+ has a negative multiplier"),
    ("multipliers that do not sum to 1", DONBAS, lambda p: first_margin(p, lambda x: add(x, "1/1000000000")),
     r"multipliers of box \d+ do not sum to 1"),
    ("multipliers halved", DONBAS, lambda p: first_margin(p, lambda x: add(x, "-" + x)), r"do not sum to 1|only show"),
    ("missing child", DONBAS, lambda p: p["boxes"].pop(), r"A branch leads to a box that is not there"),
    ("children in a circle", DONBAS, circle, r"Box 0 is reached twice"),
    ("one child twice", DONBAS, lambda p: boxes(p, "issue")[0].update(these=boxes(p, "issue")[0]["others"]),
     r"Box \d+ is reached twice"),
    ("split that does not cover", DONBAS, not_covering, r"may hold a better package|is not empty"),
    ("box closed without reason", DONBAS, closed_without_reason, r"Box \d+ is not empty, and nothing bounds it"),
    ("best too high", DONBAS, lambda p: set_best(p, "1/1000"), r"gives more than there is|The package is worth"),
    ("best too low", DONBAS, lambda p: set_best(p, "-1/1000"), r"Part 0: The package is worth"),
    ("best of another unit", DONBAS, lambda p: set_best(p, "1/" + "7" * 60), r"no utility of the scenario can be"),
    ("best that is huge", DONBAS, lambda p: set_best(p, "9" * 200), r"no utility of the scenario can be"),
    ("parts that do not add up", DONBAS, lambda p: p["bests"][0].update(best="1/2"), r"The parts add up to "),
    ("part missing", DONBAS, lambda p: p["bests"][0]["parts"].pop(), r"The parts do not hold every issue once"),
    ("part twice", DONBAS, lambda p: p["bests"][0]["parts"].append(p["bests"][0]["parts"][0]),
     r"The parts do not hold every issue once"),
    ("best without proof", DONBAS, lambda p: p["bests"].pop(0), r"There is no proof of it"),
    ("best proven twice", COUNCIL, lambda p: p["bests"].append(p["bests"][0]) or p["bests"].pop(1),
     r"There is more than one proof of it"),
    ("count of X off by one", COINS, count_off("packages", 1, True), r"A second method counts \d+, not \d+"),
    ("count of Z off by one", COINS, count_off("acceptable", -1, True), r"A second method counts \d+, not \d+"),
    ("counts that do not add up", COINS, count_off("packages", 1, False), r"The counts of its parts add up to"),
    ("counts of Z that do not add up", COINS, count_off("acceptable", 1, False), r"The counts of its parts add up to"),
    ("counts moved between parts", COINS, moved_count, r"A second method counts \d+, not \d+"),
    ("no package acceptable", COINS, lambda p: p["breadth"].update(acceptable="0"),
     r"The depth is not below 0, so that some package is acceptable"),
    ("another breadth", PRICE, lambda p: p["breadth"].update(share=add(p["breadth"]["share"], "1/1000000000")),
     r"A second method measures"),
    ("package acceptable below depth 0", DONBAS, lambda p: p["breadth"].update(acceptable="1"),
     r"No package is acceptable: the depth is proven to be below 0"),
]

# A certificate that is no certificate, and what the message says; exit code 3.
HOSTILE = [
    ("nothing", "", "is no JSON"),
    ("no JSON", "{", "is no JSON"),
    ("a list", "[]", "is no certificate"),
    ("deep", "[" * 100000, "nests deeper"),
    ("huge", " " * ((64 << 20) + 1), "is larger than any certificate"),
    ("many values", "[" + "0," * 4_000_001 + "0]", "holds more values"),
    ("many keys", "{" + ",".join(f'"k{k}":0' for k in range(100_000)) + "}", "is no certificate"),
    ("bad UTF-8", '{"zopa_certificate": 1, "\\ud800": 1}', "is no JSON"),
]

WRONG_TYPES = [("kind", 3), ("kind", "soft"), ("depth", 0.5), ("depth", "1e5"), ("depth", "1/0"), ("depth", []),
               ("package", []), ("package", "all"), ("boxes", {}), ("boxes", [3]), ("boxes", [[]]),
               ("boxes", [{"issue": "no such", "settlements": [], "these": 1, "others": 2}]),
               ("boxes", [{"margins": []}]), ("boxes", [{"margins": {"no such": "1"}}]),
               ("boxes", [{"margins": {}, "rules": {"no such": "1"}}]), ("bests", {}), ("bests", [1]),
               ("bests", [{"leaf": "no such"}]), ("breadth", []), ("breadth", {"method": "guess"}),
               ("breadth", {"method": "count", "packages": "-1", "acceptable": "0"}),
               ("breadth", {"method": "count", "packages": "1/2", "acceptable": "0"}),
               ("breadth", {"method": "estimate", "share": "x"}), ("inputs", 3), ("inputs", [3]), ("options", []),
               ("options", {"set": "x"}), ("options", {"date": 3}), ("version", 1), ("zopa_certificate", 99)]


def refuses_what_was_forged(folder):
    proofs = {}
    path = folder / "forged.json"
    for name, source, change, sentence in FORGERIES:
        if id(source) not in proofs:
            proofs[id(source)] = prove(*source, folder / "true.json")
        proof = copy.deepcopy(proofs[id(source)])
        change(proof)
        expect(proof != proofs[id(source)], f"{name}: nothing was changed")
        path.write_text(json.dumps(proof), encoding="utf-8")
        result, answer = verify(path, *source)
        said = " ".join(row.get("reason", "") for row in answer["verification"]) if answer else result.stderr
        expect(result.returncode == 5, f"{name}: exit {result.returncode}: {said}")
        expect(re.search(sentence, said), f"{name}: says {said}")
        expect(answer is None or any(row["verdict"] == "refused" for row in answer["verification"]), f"{name}: no refusal")
        result, _ = verify(path, *source, form="text")
        expect("Refused: the certificate does not prove what it claims." in result.stdout and "Proven:" not in
               result.stdout, f"{name}: the text does not refuse it")


def refuses_another_scenario(folder):
    path = folder / "proof.json"
    prove(*LINKED, path)
    result, _ = verify(path, COINS[0])
    expect(result.returncode == 3 and "package.coin_1: is missing" in result.stderr and
           "Check a certificate against the scenario it was made for." in result.stderr, f"swapped scenario: {result.stderr}")
    # The reservation of a party has changed: the package is worth something else now.
    scenario, sets = LINKED[0], ["--set", "parties.a.reservation.value=0.5"]
    result, answer = verify(path, scenario, sets)
    expect(result.returncode == 5, f"changed reservation: exit {result.returncode}")
    said = " ".join(row.get("reason", "") for row in answer["verification"])
    expect("The package is worth" in said, f"changed reservation: {said}")
    expect({"what": "set", "read": "parties.a.reservation.value=0.5", "same": False}.items() <=
           next(row for row in answer["made_from"] if row["what"] == "set").items(), f"{answer['made_from']}")
    # The same in the file itself: its hash is another one.
    changed = folder / "linked-demands.yaml"
    text = (TOP / scenario).read_text(encoding="utf-8")
    changed.write_text(text.replace("reservation: {value: 0.55,", "reservation: {value: 0.5,"), encoding="utf-8")
    result, answer = verify(path, changed)
    expect(result.returncode == 5, f"changed file: exit {result.returncode}")
    expect(not any(row["same"] for row in answer["made_from"]), f"changed file: {answer['made_from']}")
    # A comment alone changes the hash, and not the proof.
    changed.write_text(text + "# nothing\n", encoding="utf-8")
    result, answer = verify(path, changed)
    expect(result.returncode in (0, 4), f"comment: exit {result.returncode}")
    expect(not any(row["same"] for row in answer["made_from"]), f"comment: {answer['made_from']}")
    # The same file under another name is the same file.
    changed.write_text(text, encoding="utf-8")
    result, answer = verify(path, changed)
    expect([row["same"] for row in answer["made_from"]] == [True], f"other name: {answer['made_from']}")


def refuses_what_is_no_certificate(folder):
    path = folder / "hostile.json"
    for name, text, sentence in HOSTILE:
        path.write_text(text, encoding="utf-8")
        result, _ = verify(path, DONBAS[0])
        expect(result.returncode == 3 and sentence in result.stderr, f"{name}: {result.returncode} {result.stderr[:300]}")
    proof = prove(*DONBAS, folder / "true.json")
    for key, value in WRONG_TYPES:
        path.write_text(json.dumps({**proof, key: value}), encoding="utf-8")
        result, _ = verify(path, *DONBAS)
        expect(result.returncode == 3 and key in result.stderr, f"{key}: {value}: {result.returncode} {result.stderr[:300]}")
    result, _ = verify(folder / "no-such.json", DONBAS[0])
    expect(result.returncode == 3 and "cannot be read" in result.stderr, f"no file: {result.stderr}")
    result, _ = verify(folder, DONBAS[0])
    expect(result.returncode == 3, f"a folder: {result.returncode} {result.stderr}")
    result = run("verify", "-", "-")
    expect(result.returncode == 2, f"twice standard input: {result.returncode}")
    result = run("verify", "-", *[DONBAS[0]], *DONBAS[1], "--table", "verification", "--format", "csv",
                 text=json.dumps(proof))
    expect(result.returncode == 0 and ",proven," in result.stdout, f"from standard input: {result.returncode}")


def every_format_says_it(folder):
    path = folder / "proof.json"
    prove(*COINS, path)
    try:
        import jsonschema
        schema = jsonschema.Draft202012Validator(json.loads(run("schema", "--output").stdout))
    except ImportError:
        print("python3-jsonschema is not installed: JSON is not checked against the schema")
        schema = None
    _, answer = verify(path, *COINS)
    for error in schema.iter_errors(answer) if schema else []:
        expect(False, f"json: {error.json_path}: {error.message}")
    for form, sentence in (("text", "Proven: the depth is"), ("markdown", "Proven: the depth is"),
                           ("csv", "scenario,variant,date,claim,party,leaf,value,exact_value,depth_kind,verdict,boxes,reason")):
        result, _ = verify(path, *COINS, form=form)
        expect(result.returncode == 0 and sentence in result.stdout, f"{form}: {result.stdout[:200]}{result.stderr}")


def stops_when_time_is_up(folder):
    path = folder / "proof.json"
    for source in (COINS, PRICE):
        prove(*source, path)
        limit = [*source[1], "--time-limit", "1e-9"]  # over before it begins
        result, answer = verify(path, source[0], limit)
        expect(result.returncode == 4, f"time limit: exit {result.returncode} {result.stderr}")
        expect(answer is not None and all(row["verdict"] == "not rechecked" and "time was up" in row["reason"]
                                          for row in answer["verification"]), f"time limit: {answer}")
        result, _ = verify(path, source[0], limit, form="text")
        expect("Nothing is refused" in result.stdout and "Proven:" not in result.stdout and
               "Refused:" not in result.stdout, f"time limit: {result.stdout}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        number = accepts_what_was_proven(folder)
        refuses_what_was_forged(folder)
        refuses_another_scenario(folder)
        refuses_what_is_no_certificate(folder)
        every_format_says_it(folder)
        stops_when_time_is_up(folder)
    print("\n".join(FOUND) or f"{number} certificates accepted, {len(FORGERIES)} forgeries and "
          f"{len(HOSTILE) + len(WRONG_TYPES)} hostile files refused")
    return 1 if FOUND else 0


if __name__ == "__main__":
    sys.exit(main())
