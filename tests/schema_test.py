#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The JSON Schemas of the program against the program itself.

The schema of the format and the reader must give the same verdict on every scenario of the project, on every
form that a value may have, and on a scenario broken in one place after another: at least one for each shape
of the format. What a schema cannot tell stands in a table of its own. The program is named by ZOPA. 77: skipped.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

try:
    import jsonschema
    import yaml
except ImportError as error:
    print(f"skipped: {error.name} is not installed (apt-get install python3-jsonschema python3-yaml)")
    sys.exit(77)

TOP = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = os.environ.get("ZOPA", str(TOP / "zopa"))


class Loader(yaml.SafeLoader):
    """YAML 1.2: only true and false are booleans, dates and on/off are text, 1e3 is a number."""

    yaml_implicit_resolvers = {}

    def construct_mapping(self, node, deep=False):
        return {key.value: self.construct_object(value, deep=True) for key, value in node.value}


Loader.add_constructor("tag:yaml.org,2002:map", lambda loader, node: loader.construct_mapping(node))
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(~|null|Null|NULL|)$"), ["~", "n", "N", ""])
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|false)$"), list("tf"))
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"([-+]?[0-9]+|0x[0-9a-fA-F]+|0o[0-7]+)$"), list("-+0123456789"))
Loader.add_implicit_resolver("tag:yaml.org,2002:float", re.compile(
    r"([-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$"), list("-+0123456789."))
Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(node.value, 0 if re.match("0[xo]", node.value) else 10))
Loader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(
    node.value if re.search("[0-9]", node.value) else node.value.replace(".", "")))


def load(text):
    return yaml.load(text, Loader)


GOOD = load("""
zopa: 1
title: Lease
date: 2026-03-01
about: Every shape of the format
sources: {letter-1: {title: Letter, date: 2026-02-01, url: https://example.org/1, note: By post}}
issues:
  rent: {title: Rent, group: money, range: [800, 1200], step: 10, unit: EUR, note: A month}
  fee: {range: [0, 100]}
  term: {title: Term, options: {one: One year, three: Three years, five: Five years}}
  seat: {options: [here, there, yonder], ordered: false}
parties:
  tenant:
    title: Tenant
    power: 2
    firm: false
    sources: [letter-1]
    note: Looks for a workshop
    reservation: {package: {rent: {low: 900, likely: 1000, high: 1100}, fee: 20, term: one, seat: here}, firm: true, basis: assumed}
    positions:
      rent:
        salience: {low: 1, likely: 2, high: 3, basis: inferred, confidence: low, sources: [letter-1], as_of: 2026-02-01, note: N}
        ideal: [800, 850]
        limit: {test: "<=", low: 1000, likely: 1100, high: 1150, basis: stated}
        accepts: [800, 1000]
        firm: true
        basis: stated
        confidence: high
        sources: [letter-1]
        as_of: 2026-02-01
        note: Said so
      fee: {salience: 1, value: [[0, 1], [50, {low: 0.2, likely: 0.5, high: 0.6}], [100, 0]], limit: [0, 60]}
      term: {salience: 1, value: {one: 0, three: {value: 0.5, basis: assumed}, five: 1}, ideal: five, limit: one}
      seat: {salience: 1, ideal: [here, there], limit: [here, there], accepts: here}
    demands:
      cheap-if-short: {title: Cheap, when: {term: "<= one", seat: [here, there]}, require: {rent: "<= 1000"}, firm: true, basis: inferred}
  owner:
    reservation: 0.2
    positions:
      rent: {salience: 1, ideal: {value: 1200, basis: assumed}, limit: {value: ">= 900", basis: assumed}}
      fee: {salience: 0.5, ideal: {low: 90, likely: 95, high: 100}, limit: {value: [0, 100], basis: assumed}}
  guest: {positions: {}}
rules:
  law: {title: Law, when: {term: ">= five"}, require: {rent: ">= 850"}, basis: stated, sources: [letter-1]}
  sum: {sum: {rent: 1, fee: -2.5}, at_least: 0, at_most: 1200}
  exact: {sum: {rent: 0, fee: 0}, equals: 0}
consent:
  title: All
  all:
    - tenant
    - {title: Guest, party: guest, issues: [rent, fee], when: {seat: "!= yonder"}}
    - any: [owner, {at_least: {count: 1, of: [owner, tenant]}}]
    - quota: {need: 2, of: [owner, tenant], weights: {owner: 1, tenant: 1.5}}
    - quota: {need: 1, weights: {owner: 1}}
drafts:
  first: {title: First, date: 2026-02-01, package: {rent: 1100, term: one, seat: here}, sources: [letter-1], note: N}
timeline:
  - {date: 2026-02-10, title: Lower, set: {parties.owner.positions.rent.limit: ">= 880", parties.owner.note: null}, basis: stated, sources: [letter-1]}
variants:
  stuck: {title: Stuck, set: {parties.tenant.power: 3}, note: N}
levers:
  push: {title: Push, by: owner, cost: 2.5, set: {parties.tenant.power: 3, parties.owner.note: null}, basis: assumed, note: N}
""")

# (shape, path, what is written there): neither the reader nor the schema may take it. Every shape stands here.
BROKEN = [
    ("scenario", "", "[1, 2]"),
    ("scenario", "zopa", None),
    ("scenario", "title", None),
    ("scenario", "issues", None),
    ("scenario", "parties", None),
    ("scenario", "date", None),  # with a timeline
    ("scenario", "partys", "{}"),
    ("version", "zopa", "2"),
    ("version", "zopa", '"1"'),
    ("text", "title", "[a]"),
    ("text", "about", "{a: b}"),
    ("text", "title", "~"),
    ("date", "date", "yesterday"),
    ("date", "date", "2026-13-01"),
    ("date", "date", "2026"),
    ("date", "parties.tenant.positions.rent.as_of", "1/2/2026"),
    ("sources", "sources", "[letter]"),
    ("sources", "sources.Letter", "{title: A}"),
    ("source", "sources.letter-1.title", None),
    ("source", "sources.letter-1.link", "here"),
    ("issues", "issues", "{}"),
    ("issues", "issues", "[rent]"),
    ("issues", "issues.Rent", "{range: [0, 1]}"),
    ("issue", "issues.fee", "{title: Fee}"),
    ("issue", "issues.fee.options", "[a, b]"),
    ("issue", "issues.term.step", "1"),
    ("issue", "issues.term.unit", "years"),
    ("issue", "issues.fee.ordered", "false"),
    ("issue", "issues.fee.rnage", "[0, 1]"),
    ("range", "issues.fee.range", "[0]"),
    ("range", "issues.fee.range", "[0, 1, 2]"),
    ("range", "issues.fee.range", "{low: 0, high: 1}"),
    ("decimal", "issues.rent.step", "ten"),
    ("decimal", "issues.fee.range.1", "100 EUR"),
    ("decimal", "issues.fee.range.1", '"100"'),
    ("decimal", "issues.fee.range.1", "1_000"),
    ("decimal", "parties.tenant.power", "1:30"),
    ("decimal", "parties.tenant.power", "true"),
    ("decimal", "parties.tenant.power", "{value: 1}"),
    ("decimal", "rules.sum.at_least", "0,5"),
    ("options", "issues.term.options", "one"),
    ("option_titles", "issues.term.options", "{}"),
    ("option_titles", "issues.term.options.one", "~"),
    ("option_titles", "issues.term.options.One", "Year"),
    ("option_ids", "issues.seat.options", "[]"),
    ("option_ids", "issues.seat.options.1", "here"),
    ("option_ids", "issues.seat.options.1", "[here]"),
    ("id", "issues.seat.options.1", "5"),
    ("id", "issues.seat.options.1", "Over there"),
    ("id", "consent.all.0", "5"),
    ("boolean", "issues.seat.ordered", "no"),
    ("boolean", "parties.tenant.firm", '"true"'),
    ("boolean", "parties.tenant.firm", "True"),
    ("boolean", "parties.tenant.demands.cheap-if-short.firm", "1"),
    ("parties", "parties", "{}"),
    ("parties", "parties.the-owner", "{}"),
    ("party", "parties.guest", "~"),
    ("party", "parties.guest.position", "{}"),
    ("positions", "parties.tenant.positions", "[rent]"),
    ("position", "parties.tenant.positions.fee", "5"),
    ("position", "parties.tenant.positions.fee.saliense", "5"),
    ("number", "parties.tenant.positions.fee.salience", "much"),
    ("number", "parties.tenant.positions.fee.salience", "[1, 2]"),
    ("number_mapping", "parties.tenant.positions.fee.salience", "{}"),
    ("number_mapping", "parties.tenant.positions.fee.salience", "{basis: assumed}"),
    ("number_mapping", "parties.tenant.positions.rent.salience.high", None),
    ("number_mapping", "parties.tenant.positions.rent.salience.value", "2"),
    ("number_mapping", "parties.tenant.positions.rent.salience.mid", "2"),
    ("ideal", "parties.tenant.positions.fee.ideal", "{low: 1, high: 3}"),
    ("ideal_list", "parties.tenant.positions.rent.ideal", "[]"),
    ("place_number", "parties.tenant.positions.rent.ideal.0", "[800]"),
    ("place", "drafts.first.package.rent", "{value: 900}"),
    ("place", "drafts.first.package.rent", "[900]"),
    ("place_mapping", "parties.owner.positions.rent.ideal", "{value: 1200, likely: 1100}"),
    ("place_mapping", "parties.owner.positions.fee.ideal.likely", None),
    ("value", "parties.tenant.positions.fee.value", "0.5"),
    ("option_worths", "parties.tenant.positions.term.value", "{}"),
    ("option_worths", "parties.tenant.positions.term.value.one", "none"),
    ("breakpoints", "parties.tenant.positions.fee.value", "[]"),
    ("breakpoints", "parties.tenant.positions.fee.value.0", "0"),
    ("breakpoint", "parties.tenant.positions.fee.value.0", "[0]"),
    ("breakpoint", "parties.tenant.positions.fee.value.0", "[0, 1, 1]"),
    ("breakpoint", "parties.tenant.positions.fee.value.0", "[{value: 0}, 1]"),
    ("limit", "parties.tenant.positions.rent.limit", "{low: 1, high: 3}"),
    ("limit_mapping", "parties.tenant.positions.rent.limit.test", '"=="'),
    ("limit_mapping", "parties.tenant.positions.rent.limit", "{test: \"<=\"}"),
    ("limit_mapping", "parties.tenant.positions.rent.limit.value", "5"),
    ("limit_value", "parties.owner.positions.rent.limit.value", "{value: 5}"),
    ("relation", "parties.tenant.positions.rent.limit.test", "at most"),
    ("accepts", "parties.tenant.positions.rent.accepts", "{low: 800, high: 900}"),
    ("places", "parties.tenant.positions.seat.accepts", "[]"),
    ("places", "parties.tenant.positions.seat.accepts", "[[here]]"),
    ("basis", "parties.tenant.positions.rent.basis", "guessed"),
    ("confidence", "parties.tenant.positions.rent.confidence", "0.9"),
    ("source_ids", "parties.tenant.sources", "letter-1"),
    ("source_ids", "parties.tenant.sources", "[{title: A}]"),
    ("name", "parties.tenant.sources", "[A letter]"),
    ("reservation", "parties.owner.reservation", "none"),
    ("reservation", "parties.owner.reservation", "[0.1, 0.2]"),
    ("reservation_mapping", "parties.owner.reservation", "{basis: assumed}"),
    ("reservation_mapping", "parties.tenant.reservation.value", "0.5"),
    ("reservation_mapping", "parties.owner.reservation", "{low: 0, high: 1}"),
    ("reservation_package", "parties.tenant.reservation.package", "{}"),
    ("reservation_package", "parties.tenant.reservation.package.rent", "{low: 900}"),
    ("demands", "parties.tenant.demands.Cheap", "{require: {rent: \"<= 900\"}}"),
    ("demand", "parties.tenant.demands.cheap-if-short.require", None),
    ("demand", "parties.tenant.demands.cheap-if-short.unless", "{term: \"= one\"}"),
    ("condition", "parties.tenant.demands.cheap-if-short.when", "{}"),
    ("condition", "parties.tenant.demands.cheap-if-short.when", "\"term <= one\""),
    ("test", "parties.tenant.demands.cheap-if-short.when.term", "one"),
    ("test", "parties.tenant.demands.cheap-if-short.require.rent", "1000"),
    ("test_text", "parties.tenant.demands.cheap-if-short.require.rent", '"<="'),
    ("test_text", "parties.tenant.demands.cheap-if-short.require.rent", '"=< 1000"'),
    ("rules", "rules", "[law]"),
    ("rules", "rules.The law", "{require: {rent: \">= 850\"}}"),
    ("rule", "rules.law", "{title: Law}"),
    ("rule", "rules.law.sum", "{rent: 1}"),
    ("rule", "rules.law.at_least", "5"),
    ("rule", "rules.sum", "{sum: {rent: 1}}"),
    ("rule", "rules.sum.when", "{term: \"= one\"}"),
    ("rule", "rules.sum.equals", "900"),
    ("sum", "rules.sum.sum", "{}"),
    ("sum", "rules.sum.sum.rent", "\"1\""),
    ("consent", "consent", "[tenant, owner]"),
    ("consent_node", "consent", "{title: Nobody}"),
    ("consent_node", "consent.any", "[owner]"),
    ("consent_node", "consent.when", "{term: \"= one\"}"),
    ("consent_node", "consent.issues", "[rent]"),
    ("consent_members", "consent.all", "[]"),
    ("consent_members", "consent.all", "tenant"),
    ("issue_ids", "consent.all.1.issues", "[]"),
    ("issue_ids", "consent.all.1.issues", "[rent, rent]"),
    ("at_least", "consent.all.2.any.1.at_least", "2"),
    ("at_least", "consent.all.2.any.1.at_least.count", None),
    ("count", "consent.all.2.any.1.at_least.count", "1.5"),
    ("count", "consent.all.2.any.1.at_least.count", "0"),
    ("quota", "consent.all.3.quota.need", None),
    ("quota", "consent.all.3.quota.weights", None),
    ("weights", "consent.all.4.quota.weights", "{}"),
    ("weights", "consent.all.3.quota.weights", "[1, 1]"),
    ("drafts", "drafts.First", "{package: {rent: 900}}"),
    ("draft", "drafts.first.package", None),
    ("package", "drafts.first.package", "[900, one]"),
    ("timeline", "timeline", "{date: 2026-02-10}"),
    ("timeline", "timeline.0", "2026-02-10"),
    ("entry", "timeline.0.date", None),
    ("entry", "timeline.0.when", "2026-02-10"),
    ("set", "timeline.0.set", "[{parties.owner.power: 2}]"),
    ("set", "variants.stuck.set", "parties.owner.power"),
    ("variants", "variants.Stuck", "{set: {}}"),
    ("variant", "variants.stuck.set", None),
    ("variant", "variants.stuck.date", "2026-02-10"),
    ("set", "levers.push.set", "[a]"),
    ("levers", "levers.Push", "{cost: 1, set: {}}"),
    ("levers", "levers", "[push]"),
    ("lever", "levers.push.set", None),
    ("lever", "levers.push.cost", None),
    ("lever", "levers.push.cost", "cheap"),
    ("lever", "levers.push.by", "[owner]"),
    ("lever", "levers.push.price", "3"),
    ("file", "extends", "/etc/base.yaml"),
    ("file", "extends", '""'),
    ("file", "extends", "[base.yaml]"),
]

# (path, what is written there): sound, and described. Every form in which a value may come.
FORMS = [
    ("parties.tenant.power", "1e3"),
    ("parties.tenant.power", "1.5E-3"),
    ("parties.tenant.power", "+1"),
    ("issues.fee.range", "[-1e2, 100.0]"),
    ("title", "12"),
    ("title", "2026-03-01"),
    ("title", "yes"),
    ("title", '""'),
    ("issues.seat.options", "[no, off, here, there, yonder]"),
    ("issues.seat.options", "{here: 1, there: true, yonder: No}"),
    ("issues.fee", "{range: [0, 100], step: 0.5}"),
    ("parties.no", "{title: Norway, positions: {rent: {limit: \"<= 1190\"}}}"),
    ("parties.true", "{positions: {rent: {limit: \"<= 1190\"}}}"),
    ("consent", "tenant"),
    ("consent", "{party: tenant}"),
    ("consent", "{at_least: {count: 2.0, of: [tenant, owner]}}"),
    ("parties.owner.reservation", "{value: 0.2, basis: assumed}"),
    ("parties.owner.reservation", "{low: 0.1, likely: 0.2, high: 0.3, firm: true}"),
    ("parties.owner.reservation", "{package: {rent: {value: 900, basis: stated, sources: [letter-1]}, fee: 50}}"),
    ("parties.owner.positions.rent.salience", "{value: 3, as_of: 2026-01-01}"),
    ("parties.owner.positions.rent.salience", "0"),
    ("parties.owner.positions.rent.ideal", "1200"),
    ("parties.owner.positions.rent.ideal", "[{low: 1000, likely: 1100, high: 1150}, 1200]"),
    ("parties.tenant.positions.term", "{salience: 1, ideal: [three, five], limit: \">= three\"}"),
    ("parties.tenant.positions.term", "{salience: 1, ideal: {low: one, likely: three, high: five}}"),
    ("parties.owner.positions.rent.limit", "900"),
    ("parties.owner.positions.rent.limit", '">900"'),
    ("parties.owner.positions.rent.limit", '" >=  900 "'),
    ("parties.owner.positions.rent.limit", "[900, 1200]"),
    ("parties.owner.positions.rent.limit", "[{low: 850, likely: 900, high: 950}, 1200]"),
    ("parties.owner.positions.rent.limit", "[900, 950, 1000]"),
    ("parties.owner.positions.rent.limit", "{value: 900, note: N}"),
    ("parties.owner.positions.rent.limit", "{low: 850, likely: 900, high: 950}"),
    ("parties.tenant.positions.seat.limit", '"!= yonder"'),
    ("parties.tenant.positions.seat.accepts", "[here]"),
    ("parties.tenant.positions.rent.accepts", "900"),
    ("parties.tenant.demands.cheap-if-short", "{require: {rent: [900, 950]}}"),
    ("parties.tenant.sources", "[]"),
    ("drafts.first.package", "{}"),
    ("timeline", "[]"),
    ("timeline.0", "{date: 2026-02-10, title: A meeting}"),
    ("variants.stuck.set", "{parties.owner.positions.fee: null}"),
    ("levers.push", "{cost: 0, set: {parties.owner.positions.fee: null}}"),
    ("levers", "{}"),
    ("drafts", "{}"),
    ("rules", None),
    ("consent", None),
]

# (path, what is written there): refused by the reader, and beyond what a schema can tell.
BEYOND = [
    # numbers that YAML knows and a scenario does not
    ("parties.tenant.power", "010"),
    ("parties.tenant.power", "0x1F"),
    ("parties.tenant.power", ".5"),
    ("parties.tenant.power", "5."),
    ("parties.tenant.power", ".nan"),
    ("parties.tenant.power", "-.inf"),
    ("parties.tenant.power", "1e400"),
    ("zopa", "1.0"),
    ("drafts.first.package.rent", '"900"'),
    # ids
    ("consent.all.0", "landlord"),
    ("consent.all.1.issues", "[lease]"),
    ("parties.tenant.positions.lease", "{}"),
    ("parties.tenant.positions.term.ideal", "two"),
    ("parties.tenant.positions.term.value.two", "0.5"),
    ("parties.tenant.positions.term.value.one", None),
    ("parties.tenant.sources", "[letter-2]"),
    ("drafts.first.package.lease", "900"),
    ("consent.all.3.quota.weights", "{owner: 1, guest: 1}"),
    ("variants.stuck.set", "{parties.tenant.powr: 3}"),
    ("levers.push.set", "{parties.tenant.powr: 3}"),
    ("levers.push.by", "landlord"),
    # ranges and orders
    ("date", "2026-02-30"),
    ("issues.fee.range", "[100, 0]"),
    ("issues.rent.step", "0"),
    ("issues.rent.step", "7"),
    ("parties.tenant.power", "-1"),
    ("levers.push.cost", "-1"),
    ("parties.owner.reservation", "1.5"),
    ("parties.owner.positions.fee.salience", "-0.5"),
    ("parties.owner.positions.fee.ideal", "{low: 95, likely: 90, high: 100}"),
    ("parties.tenant.positions.fee.value.1", "[0, 0.5]"),
    ("parties.tenant.positions.term.value.one", "1.5"),
    ("parties.tenant.positions.rent.limit", '"<= 2000"'),
    ("drafts.first.package.rent", "905"),
    ("consent.all.2.any.1.at_least.count", "3"),
    ("consent.all.3.quota.need", "3"),
    ("timeline", "[{date: 2026-02-10}, {date: 2026-02-09}]"),
    # one key against another
    ("parties.owner.positions.fee.ideal", None),
    ("parties.owner.positions.fee.limit", "95"),
    ("parties.tenant.positions.fee.limit", '"< 60"'),
    ("parties.tenant.positions.seat.limit", '"<= here"'),
    ("parties.tenant.positions.seat.ideal", "{low: here, likely: here, high: there}"),
    ("parties.tenant.positions.term.ideal", "three"),
    ("parties.tenant.positions.term.value", "[[0, 1]]"),
    ("parties.tenant.positions.rent.limit", '{test: "<=", value: [900, 1000]}'),
    ("parties.tenant.reservation.package.fee", None),
    ("rules.law.require", '{rent: ">= 1300"}'),
    ("rules.sum.at_least", "1300"),
    ("parties.tenant.positions.seat.accepts", "[here, here]"),
]

CHANGES = [  # files that extend GOOD, sound and described
    "extends: good.yaml\n",
    "extends: good.yaml\ntitle: Other\nissues: {rent: {range: [800, 1300]}}\n",
    "extends: good.yaml\nparties: {tenant: {positions: {rent: {salience: {likely: 2.5}}, fee: null}, reservation: {package: {fee: null}}}}\n",
    "extends: good.yaml\ndrafts: {first: {title: Second}, second: {package: {rent: 1000}}}\nvariants: {stuck: {set: {parties.tenant.note: null}}}\nlevers: {push: {cost: 3, set: {parties.tenant.note: null}}}\n",
    "extends: good.yaml\ntimeline: null\nrules: null\n",
]

BROKEN_CHANGES = [
    "extends: good.yaml\ntitel: Other\n",
    "extends: good.yaml\nissues: {rent: {rnage: [0, 1]}}\n",
    "extends: good.yaml\nparties: {tenant: {positions: {rent: {basis: guessed}}}}\n",
    "extends: good.yaml\nissues: {fee: {range: [0]}}\n",
]

HOLE = "<here>"


def steps(path):
    return [int(step) if step.isdigit() else step for step in path.split(".")] if path else []


def written(path, value):
    """GOOD with `value` (YAML) at the path, as text; None takes away what stands there."""
    if not path:
        return value
    scenario = json.loads(json.dumps(GOOD))
    node = scenario
    way = steps(path)
    for step in way[:-1]:
        node = node[step]
    if value is None:
        del node[way[-1]]
    else:
        node[way[-1]] = HOLE
    return json.dumps(scenario, indent=1).replace(json.dumps(HOLE), str(value)) + "\n"


class Failures:
    def __init__(self):
        self.said = []

    def expect(self, right, what):
        if not right:
            self.said.append(what)


def errors_of(texts, folder):
    """What `zopa check` refuses in each of the texts; what a file extends counts as part of it."""
    alone = [text for text in texts if text.startswith("extends:")]
    together = [text for text in texts if text not in alone]
    found = {}
    for number, group in enumerate([together, *([text] for text in alone)]):
        files = {str(folder / f"{number}-{k}.yaml"): text for k, text in enumerate(group)}
        for file, text in files.items():
            pathlib.Path(file).write_text(text, encoding="utf-8")
            found[text] = []
        result = subprocess.run([PROGRAM, "check", "--format", "json", *files], capture_output=True, encoding="utf-8")
        if result.returncode not in (0, 3):
            raise SystemExit(f"zopa check exits with {result.returncode}:\n{result.stderr}")
        for problem in json.loads(result.stdout)["problems"]:
            if problem["severity"] == "error":
                text = group[0] if len(group) == 1 else files[problem["file"]]
                found[text].append(f"{problem.get('path', '')}: {problem['problem']}")
        if (result.returncode == 3) != any(found[text] for text in group):
            raise SystemExit(f"zopa check exits with {result.returncode}, against what it says:\n{result.stdout}")
    return [found[text] for text in texts]


def said_by(validator, instance):
    return [f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in validator.iter_errors(instance)]


def check_verdicts(failures, folder, schema):
    whole = jsonschema.Draft202012Validator(schema)

    good = json.dumps(GOOD, indent=1)
    (folder / "good.yaml").write_text(good, encoding="utf-8")
    cases = [("the good scenario", good, True, True)]  # name, text, taken by the schema, by the reader
    cases += [(f"{path}: {value}", written(path, value), True, True) for path, value in FORMS]
    cases += [(f"{path}: {value}", written(path, value), True, False) for path, value in BEYOND]
    cases += [(f"{path}: {value}", written(path, value), False, False) for _, path, value in BROKEN]
    cases += [(text, text, True, True) for text in CHANGES]
    cases += [(text, text, False, False) for text in BROKEN_CHANGES]
    by_reader = errors_of([text for _, text, _, _ in cases], folder)
    for (name, text, schema_takes, reader_takes), said in zip(cases, by_reader):
        errors = said_by(whole, load(text))
        failures.expect((not errors) == schema_takes, f"{name}: the schema says {errors[:3] or 'nothing'}")
        failures.expect((not said) == reader_takes, f"{name}: the reader says {said[:3] or 'nothing'}")


def check_coverage(failures, schema):
    """Each broken scenario breaks the shape that it is said to, and each shape is broken."""
    definitions = {name for name in schema["$defs"] if not name.startswith("change_of_")}
    failures.expect({shape for shape, _, _ in BROKEN} == definitions,
                    f"not broken: {sorted(definitions - {row[0] for row in BROKEN})}, "
                    f"unknown: {sorted({row[0] for row in BROKEN} - definitions)}")
    for shape, path, value in BROKEN:
        if shape not in definitions:
            continue
        alone = jsonschema.Draft202012Validator(dict(schema["$defs"][shape], **{"$defs": schema["$defs"]}))
        node = load(written(path, value))
        nodes = [node]
        for step in steps(path):
            if isinstance(node, (dict, list)) and (step in node if isinstance(node, dict) else step < len(node)):
                node = node[step]
                nodes.append(node)
        failures.expect(any(said_by(alone, each) for each in nodes[-2:]), f"{path}: {value} does not break {shape}")


def check_scenarios(failures, schema):
    validator = jsonschema.Draft202012Validator(schema)
    files = sorted(TOP.glob("scenarios/**/*.yaml"))
    failures.expect(len(files) > 10, "there are no scenarios")
    for file in files:
        text = file.read_text(encoding="utf-8")
        for error in said_by(validator, load(text)):
            failures.expect(False, f"{file}: {error}")
        named = re.match(r"# yaml-language-server: \$schema=(\S+)\n", text)
        failures.expect(named and (file.parent / named.group(1)).resolve() == TOP / "scenarios/scenario.schema.json",
                        f"{file}: the first line does not name scenarios/scenario.schema.json")
    stored = (TOP / "scenarios/scenario.schema.json").read_text(encoding="utf-8")
    failures.expect(json.loads(stored) == schema, "scenarios/scenario.schema.json is not what `zopa schema` prints")


def check_output(failures, folder, schema):
    validator = jsonschema.Draft202012Validator(schema)
    (folder / "broken.yaml").write_text("zopa: 1\ntitle: T\nissues: {a: {range: [0]}}\nparties: {}\n", encoding="utf-8")
    (folder / "doubtful.yaml").write_text(json.dumps(GOOD, indent=1), encoding="utf-8")
    for arguments in (["check", str(folder / "doubtful.yaml"), str(folder / "broken.yaml"), str(folder / "missing.yaml")],
                      ["check", *map(str, sorted(TOP.glob("scenarios/textbook/*.yaml")))], ["list"]):
        result = subprocess.run([PROGRAM, *arguments, "--format", "json"], capture_output=True, encoding="utf-8")
        answer = json.loads(result.stdout)
        for error in said_by(validator, answer):
            failures.expect(False, f"zopa {' '.join(arguments)} --format json: {error}")
        if "broken.yaml" in " ".join(arguments):
            severities = {problem["severity"] for problem in answer["problems"]}
            failures.expect(severities == {"error", "warning"}, f"errors and warnings were expected: {severities}")
    failures.expect(said_by(validator, {"zopa_output": 1, "command": "check", "version": "1", "problems": [{}]}),
                    "a problem without columns passes")
    failures.expect(said_by(validator, {"zopa_output": 1, "command": "check", "version": "1", "no_table": []}),
                    "an unknown table passes")


def printed(*arguments):
    return json.loads(subprocess.run([PROGRAM, "schema", *arguments], capture_output=True, encoding="utf-8", check=True).stdout)


def main():
    failures = Failures()
    schema, output = printed(), printed("--output")
    for each in (schema, output):
        jsonschema.Draft202012Validator.check_schema(each)
        failures.expect(each.get("$schema") == "https://json-schema.org/draft/2020-12/schema", "the schema names no draft")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        check_verdicts(failures, folder, schema)
        check_output(failures, folder, output)
    check_coverage(failures, schema)
    check_scenarios(failures, schema)
    print("\n".join(failures.said) or f"{len(BROKEN)} broken, {len(FORMS)} sound, {len(BEYOND)} beyond a schema: same verdicts")
    return 1 if failures.said else 0


if __name__ == "__main__":
    sys.exit(main())
