#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Where the expected numbers of tests/reference come from, and a check that they still hold.

    reference.py SCENARIO [--variant NAME] [--date DAY]   print what can be computed
    reference.py --check CSV...                           recompute every row that can be computed

A second, slow and obvious implementation of the definitions, written from the mathematics and not
from the program: it shares no code with it. Scenarios without continuous issues are enumerated
package by package in exact fractions. With continuous issues the depth of a tree of `all` is found
by one linear program for each way of choosing options and stretches on which every worth is a
straight line (scipy, floating point, compared with a tolerance of 1e-9); other answers there are
closed forms, given with their source in the CSV and not recomputed here. The depth of scenarios too
large to list is one mixed-integer program (scipy, HiGHS).

Not covered: anything the reference scenarios do not use.
"""
import csv
import functools
import itertools
import os
import sys
from fractions import Fraction as F

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
SCENARIOS = os.path.join(HERE, "..", "..", "scenarios")
TAU = F(1, 50)
RELATIONS = ("<=", ">=", "!=", "<", ">", "=")


# ---------------------------------------------------------------------------------------- reading


def read(path, variant=None, date=None):
    """The effective document: plain texts, lists and mappings."""
    with open(path, encoding="utf-8") as text:
        document = yaml.load(text, Loader=yaml.BaseLoader)
    day = date or document.get("date", "")
    edits = [e.get("set", {}) for e in document.get("timeline", []) if e["date"] <= day]
    if variant:
        edits.append(document["variants"][variant]["set"])
    for edit in edits:
        for place, value in edit.items():
            put(document, place.split("."), value)
    return document


def put(node, keys, value):
    *way, last = keys
    for key in way:
        node = node[int(key)] if isinstance(node, list) else node.setdefault(key, {})
    if value == "null":
        node.pop(int(last) if isinstance(node, list) else last)
    elif isinstance(node, list):
        node[int(last)] = value
    else:
        node[last] = value


class Issue:
    def __init__(self, name, text):
        self.name = name
        self.options = None
        self.step = None
        self.ordered = text.get("ordered", "true") == "true"
        if "options" in text:
            self.options = list(text["options"])
            self.low, self.high = F(0), F(len(self.options) - 1)
            self.settlements = [F(k) for k in range(len(self.options))]
        else:
            self.low, self.high = (F(x) for x in text["range"])
            self.step = F(text["step"]) if "step" in text else None
            self.settlements = None
            if self.step:
                count = (self.high - self.low) / self.step
                self.settlements = [self.low + k * self.step for k in range(int(count) + 1)]

    def place(self, text):
        return F(self.options.index(text)) if self.options else F(text)

    def text(self, place):
        return self.options[int(place)] if self.options else str(place)


def likely(value):
    """The plain value of a number that may be written as a mapping."""
    return value.get("likely", value.get("value")) if isinstance(value, dict) else value


class Test:
    """A set of places on one issue."""

    def __init__(self, issue, text):
        self.issue = issue
        if isinstance(text, list):
            self.relation, self.places = "in", {issue.place(x) for x in text}
            return
        if isinstance(text, dict):
            text = text["test"] + " " + text.get("likely", text.get("value"))
        for relation in RELATIONS:
            if text.startswith(relation):
                self.relation = relation
                self.bound = issue.place(text[len(relation):].strip())
                return
        raise ValueError(text)

    def holds(self, x):
        if self.relation == "in":
            return x in self.places
        return {
            "<=": x <= self.bound, "<": x < self.bound, ">=": x >= self.bound,
            ">": x > self.bound, "=": x == self.bound, "!=": x != self.bound,
        }[self.relation]

    def triggers(self, x):
        """As part of a `when`: on a continuous issue the boundary does not trigger."""
        if self.issue.settlements is None and x == self.bound:
            return False
        return self.holds(x)

    def turns(self):
        return [] if self.relation == "in" else [self.bound]


class Position:
    def __init__(self, issue, text):
        self.issue = issue
        self.salience = F(likely(text.get("salience", "0")))
        self.value = text.get("value")
        self.ideal = None
        if "ideal" in text:
            ideal = likely(text["ideal"])
            ideal = ideal if isinstance(ideal, list) else [ideal]
            self.ideal = [issue.place(likely(x)) for x in ideal]
        self.limits = []  # tests, all must hold
        if "limit" in text:
            limit = text["limit"]
            if isinstance(limit, list) and (issue.options is None or issue.ordered):
                low, high = limit
                self.limits = [Test(issue, ">= " + low), Test(issue, "<= " + high)]
            else:
                self.limits = [Test(issue, limit)]
        self.accepts = [issue.place(x) for x in text["accepts"]] if "accepts" in text else None

    def worth(self, x):
        issue = self.issue
        if isinstance(self.value, dict):
            return F(likely(self.value[issue.text(x)]))
        if self.value is not None:
            points = [(F(a), F(likely(b))) for a, b in self.value]
            if x <= points[0][0]:
                return points[0][1]
            for (a, u), (b, v) in zip(points, points[1:]):
                if x <= b:
                    return u + (v - u) * (x - a) / (b - a)
            return points[-1][1]
        if not issue.ordered:
            return F(x in self.ideal)
        low, high = min(self.ideal), max(self.ideal)
        if x < low:
            return (x - issue.low) / (low - issue.low)
        if x > high:
            return (issue.high - x) / (issue.high - high)
        return F(1)

    def turns(self):
        if isinstance(self.value, list):
            return [F(a) for a, _ in self.value]
        return [] if self.ideal is None else [min(self.ideal), max(self.ideal)]

    def allows(self, x):
        return all(test.holds(x) for test in self.limits)

    def stated(self, x):
        if self.limits:
            return self.allows(x)
        if self.accepts is not None:
            return min(self.accepts) <= x <= max(self.accepts)
        return True


class Leaf:
    def __init__(self, world, party, scope, when):
        self.party, self.scope, self.when = party, scope, when
        text = world.document["parties"][party]
        inside = [p for p in world.positions[party] if scope is None or p.issue.name in scope]
        self.positions = inside
        total = sum(p.salience for p in inside)
        self.terms = [(world.names.index(p.issue.name), p.salience / total, p)
                      for p in inside if p.salience > 0] if total else []
        self.has_utility = total > 0
        self.limits = [(world.names.index(p.issue.name), p) for p in inside if p.limits]
        self.clauses = [
            (world.condition(d.get("when", {})), world.condition(d["require"]))
            for d in text.get("demands", {}).values()
            if scope is None or set(d["require"]) <= set(scope)
        ]
        reservation = text.get("reservation", "0")
        if isinstance(reservation, dict) and "package" in reservation:
            package = reservation["package"]
            self.reservation = sum(
                (w * p.worth(p.issue.place(likely(package[p.issue.name]))) for _, w, p in self.terms),
                F(0))
        else:
            self.reservation = F(likely(reservation))
        self.best = None
        self.known = {}

    def utility(self, x):
        if x not in self.known:
            self.known[x] = sum((w * p.worth(x[j]) for j, w, p in self.terms), F(0))
        return self.known[x]

    def asked(self, x):
        return all(test.triggers(x[j]) for j, test in self.when)

    def within(self, x):
        if not all(p.allows(x[j]) for j, p in self.limits):
            return False
        return all(holds(require, x) or not triggers(when, x) for when, require in self.clauses)

    def margin(self, x):
        """None: minus infinity."""
        u, r, b = self.utility(x), self.reservation, self.best
        if b <= r:
            return F(0) if b == r == u else None
        return (u - r) / (b - r)

    def value(self, x, kind):
        if kind == "hard":
            if not self.within(x):
                return None
            return self.margin(x) if self.has_utility else F(1)
        worst = self.margin(x) if self.has_utility else F(1)
        if worst is None:
            return None
        for j, p in self.limits:
            if not p.issue.ordered:
                if not p.allows(x[j]):
                    return None
                continue
            for test in p.limits:
                beyond = x[j] - test.bound if test.relation in ("<=", "<") else test.bound - x[j]
                if not test.holds(x[j]):
                    worst = min(worst, -beyond / (p.issue.high - p.issue.low))
        if not all(holds(req, x) or not triggers(when, x) for when, req in self.clauses):
            return None
        return worst

    def accepts(self, x):
        return self.within(x) and (not self.has_utility or self.utility(x) >= self.reservation)


def holds(condition, x):
    return all(test.holds(x[j]) for j, test in condition)


def triggers(condition, x):
    return all(test.triggers(x[j]) for j, test in condition)


class World:
    def __init__(self, document):
        self.document = document
        self.names = list(document["issues"])
        self.issues = [Issue(name, text) for name, text in document["issues"].items()]
        self.parties = list(document["parties"])
        by_name = dict(zip(self.names, self.issues))
        self.positions = {
            party: [Position(by_name[i], text.get("positions", {})[i])
                    for i in self.names if i in text.get("positions", {})]
            for party, text in document["parties"].items()
        }
        self.rules = list(document.get("rules", {}).values())
        self.leaves = []
        self.tree = self.node(document.get("consent", {"all": self.parties}))
        self.discrete = all(issue.settlements is not None for issue in self.issues)

    def condition(self, text):
        return [(self.names.index(i), Test(self.issues[self.names.index(i)], t))
                for i, t in text.items()]

    def node(self, text):
        if isinstance(text, str):
            text = {"party": text}
        if "party" in text:
            scope = text.get("issues")
            key = (text["party"], tuple(scope) if scope else None, repr(text.get("when")))
            for k, (other, _) in enumerate(self.leaves):
                if other == key:
                    return ("leaf", k)
            leaf = Leaf(self, text["party"], scope, self.condition(text.get("when", {})))
            self.leaves.append((key, leaf))
            return ("leaf", len(self.leaves) - 1)
        for kind in ("all", "any"):
            if kind in text:
                return (kind, [self.node(t) for t in text[kind]])
        if "at_least" in text:
            inner = text["at_least"]
            return ("at_least", [self.node(t) for t in inner["of"]], int(inner["count"]))
        inner = text["quota"]
        members = inner.get("of", list(inner["weights"]))
        weights = [F(inner["weights"][m]) for m in members]
        return ("quota", [self.node(t) for t in members], weights, F(inner["need"]))

    def draft(self, name):
        """The places a draft names, by issue."""
        text = self.document["drafts"][name]["package"]
        return {self.names.index(i): self.issues[self.names.index(i)].place(v)
                for i, v in text.items()}

    def possible(self, x):
        for rule in self.rules:
            if "sum" in rule:
                total = sum(F(c) * x[self.names.index(i)] for i, c in rule["sum"].items())
                if "at_least" in rule and total < F(rule["at_least"]):
                    return False
                if "at_most" in rule and total > F(rule["at_most"]):
                    return False
                if "equals" in rule and total != F(rule["equals"]):
                    return False
            elif triggers(self.condition(rule.get("when", {})), x) and not holds(
                    self.condition(rule["require"]), x):
                return False
        return True


NOT_ASKED = "not asked"


def tree_value(tree, values):
    """values: one a leaf; None is minus infinity, NOT_ASKED left out of its node."""
    kind = tree[0]
    if kind == "leaf":
        return values[tree[1]]
    members = [tree_value(t, values) for t in tree[1]]
    asked = [k for k, v in enumerate(members) if v is not NOT_ASKED]
    if not asked:
        return NOT_ASKED
    down = sorted((members[k] for k in asked), key=order, reverse=True)
    if kind == "all":
        return down[-1]
    if kind == "any":
        return down[0]
    if kind == "at_least":
        return down[tree[2] - 1] if len(down) >= tree[2] else None
    for t in down:
        weight = sum(tree[2][k] for k in asked if order(members[k]) >= order(t))
        if weight >= tree[3]:
            return t
    return None


def order(value):
    return (0, 0) if value is None else (1, value)


# -------------------------------------------------------------------------------- discrete worlds


class Answers:
    """Every quantity of a scenario without continuous issues, by enumeration."""

    def __init__(self, document):
        self.world = world = World(document)
        assert world.discrete
        self.leaves = [leaf for _, leaf in world.leaves]
        grid = itertools.product(*(issue.settlements for issue in world.issues))
        self.packages = [x for x in grid if world.possible(x)]
        for leaf in self.leaves:
            if leaf.has_utility:
                leaf.best = max(leaf.utility(x) for x in self.packages)
        self.known = {}
        self.kind = "hard"
        self.depth = self.deepest_value("hard")
        if self.depth is None:
            self.kind, self.depth = "all", self.deepest_value("all")
        self.zone = [x for x in self.packages if self.accepted(x)]

    def values(self, x, kind, without=None):
        out = []
        for leaf in self.leaves:
            if without == leaf.party:
                out.append(F(1))
            elif not leaf.asked(x):
                out.append(NOT_ASKED)
            else:
                out.append(leaf.value(x, kind))
        return out

    def tree(self, x, kind, without=None):
        if (x, kind, without) not in self.known:
            self.known[(x, kind, without)] = self.tree_anew(x, kind, without)
        return self.known[(x, kind, without)]

    def tree_anew(self, x, kind, without):
        value = tree_value(self.world.tree, self.values(x, kind, without=without))
        return F(1) if value is NOT_ASKED else value

    def deepest_value(self, kind, without=None):
        found = [self.tree(x, kind, without) for x in self.packages]
        return max((v for v in found if v is not None), default=None)

    def accepted(self, x):
        votes = [NOT_ASKED if not leaf.asked(x) else (F(1) if leaf.accepts(x) else None)
                 for leaf in self.leaves]
        return tree_value(self.world.tree, votes) is not None

    def deepest(self):
        ties = [x for x in self.packages if self.tree(x, self.kind) == self.depth]
        def rank(x):
            return sorted((order(F(1) if v is NOT_ASKED else v)
                           for v in self.values(x, self.kind)))
        best = max(rank(x) for x in ties)
        return next(x for x in ties if rank(x) == best)

    def status(self):
        own = [any(leaf.accepts(x) for x in self.packages) for leaf in self.leaves]
        def possible(x):
            votes = [NOT_ASKED if not leaf.asked(x) else (F(1) if some else None)
                     for leaf, some in zip(self.leaves, own)]
            return tree_value(self.world.tree, votes) is not None
        if not any(possible(x) for x in self.packages):
            return "impossible"
        if self.depth is None:
            return "closed"
        if self.depth > TAU:
            return "open"
        if abs(self.depth) <= TAU:
            return "knife-edge"
        return "near miss" if self.depth > F(-1, 10) else "closed"

    def pair_depth(self, a, b):
        """Both parties' leaves, nobody else, in the kind both this and the others have."""
        return self.pairs()[(a, b)]

    def pairs(self):
        asked = [p for p in self.world.parties if any(leaf.party == p for leaf in self.leaves)]
        for kind in ("hard", "all"):
            found = {}
            for a, b in itertools.combinations(asked, 2):
                values = []
                for x in self.packages:
                    mine = [leaf.value(x, kind) for leaf in self.leaves
                            if leaf.party in (a, b) and leaf.asked(x)]
                    values.append(min(mine, key=order) if mine else F(1))
                found[(a, b)] = max(values, key=order)
            if all(v is not None for v in found.values()) and self.kind == "hard":
                return found
        return found

    def criticality(self, party):
        without = self.deepest_value(self.kind, without=party)
        return without - self.depth

    # rules of agreement, over the zone of a tree of `all`

    @functools.cache
    def surplus(self, x):
        return [leaf.utility(x) - leaf.reservation if leaf.asked(x)
                else leaf.best - leaf.reservation for leaf in self.deciding()]

    @functools.cache
    def margins(self, x):
        out = []
        for leaf in self.deciding():
            value = leaf.margin(x) if leaf.asked(x) else F(1)
            out.append(value)
        return out

    def deciding(self):
        return [leaf for leaf in self.leaves if leaf.has_utility]

    @functools.cache
    def optima(self, rule):
        zone = self.zone
        def keep(key, among):
            best = max(key(x) for x in among)
            return [x for x in among if key(x) == best]
        def leximin(x):
            return sorted(self.margins(x))
        if not zone:
            return []
        if rule == "nash":
            def product(x):
                out = F(1)
                for s in self.surplus(x):
                    out *= s
                return out
            found = keep(product, zone)
            if product(found[0]) > 0:
                return found
            def gaining(x):
                return sum(s > 0 for s in self.surplus(x))
            def among(x):
                out = F(1)
                for s, m in zip(self.surplus(x), self.margins(x)):
                    out *= m if s > 0 else 1
                return out
            return keep(leximin, keep(among, keep(gaining, zone)))
        if rule == "kalai_smorodinsky":
            best = [max(self.surplus(x)[i] for x in zone) for i in range(len(self.deciding()))]
            def ratios(x):
                return sorted(s / b if b > 0 else F(1) for s, b in zip(self.surplus(x), best))
            return keep(leximin, keep(ratios, zone))
        if rule == "egalitarian":
            return keep(lambda x: sorted(self.surplus(x)), zone)
        if rule == "leximin":
            return keep(leximin, zone)
        if rule == "utilitarian":
            return keep(lambda x: sum(self.surplus(x)), zone)
        if rule == "fallback":
            utilities = {x: [leaf.utility(x) for leaf in self.deciding()] for x in zone}
            above = []
            for i in range(len(self.deciding())):
                column = sorted((utilities[x][i] for x in zone), reverse=True)
                above.append({u: column.index(u) for u in column})
            def falls(x):
                ranks = [above[i][u] for i, u in enumerate(utilities[x])]
                return sorted(-k for k in ranks)
            return keep(leximin, keep(falls, zone))
        raise ValueError(rule)

    # overlap per issue

    def union(self, j):
        issue = self.world.issues[j]
        allowed = []
        for leaf in self.leaves:
            if leaf.scope is not None and issue.name not in leaf.scope:
                continue
            position = next((p for p in leaf.positions if p.issue is issue), None)
            allowed.append({x for x in issue.settlements if position is None or position.stated(x)})
        return allowed

    def stated(self, j):
        """None: nothing in common."""
        allowed = self.union(j)
        common, either = set.intersection(*allowed), set.union(*allowed)
        return F(len(common), len(either)) if common else None

    def effective(self, j):
        if self.zone:
            base, near = len(set.union(*self.union(j))), self.zone
        else:
            base = len(self.world.issues[j].settlements)
            near = [x for x in self.packages
                    if order(self.tree(x, self.kind)) >= order(self.depth - F(1, 20))]
        found = {x[j] for x in near}
        return F(len(found), base) if found else None

    def draft(self, name):
        """The depth of a draft, its open issues chosen best; None: no completion has a value."""
        fixed = self.world.draft(name)
        fits = [x for x in self.packages if all(x[j] == v for j, v in fixed.items())]
        for kind in ("hard", "all"):
            found = max((self.tree(x, kind) for x in fits), key=order, default=None)
            if found is not None:
                return found
        return None

    def relaxed(self):
        """Packages mixed: a linear program over the packages that every leaf's demands allow."""
        from scipy.optimize import linprog
        rows = [[leaf.value(x, self.kind) for leaf in self.leaves] for x in self.packages]
        rows = [r for r in rows if None not in r]
        n = len(rows)
        upper = [[-float(r[i]) for r in rows] + [1.0] for i in range(len(self.leaves))]
        found = linprog([0.0] * n + [-1.0], A_ub=upper, b_ub=[0.0] * len(upper),
                        A_eq=[[1.0] * n + [0.0]], b_eq=[1.0],
                        bounds=[(0, None)] * n + [(None, None)], method="highs")
        return -found.fun


# ------------------------------------------------------------------------------ continuous worlds


def continuous_depth(document):
    """D_hard of a tree of `all`, as the best of one linear program a cell; None: does not exist."""
    from scipy.optimize import linprog
    world = World(document)
    leaves = [leaf for _, leaf in world.leaves]
    stretches = []
    for j, issue in enumerate(world.issues):
        if issue.settlements is not None:
            stretches.append([(x, x) for x in issue.settlements])
            continue
        cuts = {issue.low, issue.high}
        for leaf in leaves:
            for p in leaf.positions:
                if p.issue is issue:
                    cuts.update(p.turns())
                    for test in p.limits:
                        cuts.update(test.turns())
            for when, require in leaf.clauses:
                for k, test in when + require:
                    if k == j:
                        cuts.update(test.turns())
        cuts = sorted(c for c in cuts if issue.low <= c <= issue.high)
        stretches.append([(c, c) for c in cuts] + list(zip(cuts, cuts[1:])))

    def rows(x):
        """Of the linear rules, as (coefficients, relation, bound)."""
        for rule in world.rules:
            line = [float(F(rule["sum"].get(i, "0"))) for i in world.names]
            for relation in ("at_least", "at_most", "equals"):
                if relation in rule:
                    yield line, relation, float(F(rule[relation]))

    def solve(cell, objective_leaves):
        ends = [(float(a), float(b)) for a, b in cell]
        m = len(cell)
        upper, right, equal, equal_right = [], [], [], []
        for line, relation, bound in rows(cell):
            if relation == "at_most":
                upper.append(line + [0.0]); right.append(bound)
            elif relation == "at_least":
                upper.append([-c for c in line] + [0.0]); right.append(-bound)
            else:
                equal.append(line + [0.0]); equal_right.append(bound)
        for leaf in objective_leaves:
            line, constant = [0.0] * m, -float(leaf.reservation)
            for j, w, p in leaf.terms:
                a, b = cell[j]
                slope = (p.worth(b) - p.worth(a)) / (b - a) if b > a else F(0)
                line[j] += float(w * slope)
                constant += float(w * (p.worth(a) - slope * a))
            scale = float(leaf.best - leaf.reservation) if leaf.best is not None else 1.0
            upper.append([-c / scale for c in line] + [1.0]); right.append(constant / scale)
        found = linprog([0.0] * m + [-1.0], A_ub=upper or None, b_ub=right or None,
                        A_eq=equal or None, b_eq=equal_right or None,
                        bounds=ends + [(None, None)], method="highs")
        return -found.fun if found.status == 0 else None

    cells = list(itertools.product(*stretches))
    for leaf in leaves:
        if leaf.has_utility:
            reservation, leaf.reservation = leaf.reservation, F(0)
            found = [solve(cell, [leaf]) for cell in cells]
            leaf.best = F(max(v for v in found if v is not None)).limit_denominator(10**9)
            leaf.reservation = reservation
    depth = None
    for cell in cells:
        middle = tuple((a + b) / 2 for a, b in cell)
        asked = [leaf for leaf in leaves if leaf.asked(middle)]
        if all(leaf.within(middle) for leaf in asked):
            value = solve(cell, [leaf for leaf in asked if leaf.has_utility])
            if value is not None and (depth is None or value > depth):
                depth = value
    return depth


# --------------------------------------------------------------- discrete worlds too large to list


def large_depth(world, kind, fixed=None):
    """D of a tree of `all` without rules, as a mixed-integer program; None: does not exist.

    One binary unknown a settlement, and t, the least value, at most 0 in kind `all`: an end of a
    red line that is kept asks nothing. `fixed`: the places of a draft, by issue.
    """
    import numpy
    from scipy.optimize import Bounds, LinearConstraint, milp
    assert not world.rules
    leaves = [leaf for _, leaf in world.leaves]
    start = numpy.cumsum([0] + [len(issue.settlements) for issue in world.issues])
    size = int(start[-1]) + 1
    lines, low, high = [], [], []

    def line(terms, at_least, at_most):
        row = numpy.zeros(size)
        for k, c in terms:
            row[k] += c
        lines.append(row)
        low.append(at_least)
        high.append(at_most)

    def unknowns(j, allowed):
        return [int(start[j]) + k for k, x in enumerate(world.issues[j].settlements) if allowed(x)]

    for j in range(len(world.issues)):
        line([(k, 1) for k in unknowns(j, lambda x: True)], 1, 1)
    for j, place in (fixed or {}).items():
        line([(k, 1) for k in unknowns(j, lambda x: x == place)], 1, 1)
    for leaf in leaves:
        # Asked only under a condition: its demands hold where every test of the condition does.
        free = [(k, -1) for j, test in leaf.when for k in unknowns(j, test.holds)]
        count = len(leaf.when)
        if leaf.has_utility:
            assert not leaf.when
            best = sum(w * max(p.worth(x) for x in p.issue.settlements) for _, w, p in leaf.terms)
            leaf.best = best
            span = float(best - leaf.reservation)
            terms = [(int(start[j]) + k, float(w * p.worth(x)) / span)
                     for j, w, p in leaf.terms for k, x in enumerate(p.issue.settlements)]
            line(terms + [(size - 1, -1)], float(leaf.reservation) / span, numpy.inf)
        for j, p in leaf.limits:
            for test in p.limits:
                if kind == "hard" or not p.issue.ordered:
                    line([(k, 1) for k in unknowns(j, test.holds)] + free, 1 - count, numpy.inf)
                    continue
                scale = float(p.issue.high - p.issue.low)
                terms = [(int(start[j]) + k, -abs(float(x - test.bound)) / scale)
                         for k, x in enumerate(p.issue.settlements) if not test.holds(x)]
                line(terms + [(size - 1, -1)] + [(k, 1000 * c) for k, c in free], -1000 * count,
                     numpy.inf)
        for when, require in leaf.clauses:
            assert not leaf.when
            triggered = [(k, -1) for j, test in when for k in unknowns(j, test.holds)]
            for j, test in require:
                line([(k, 1) for k in unknowns(j, test.holds)] + triggered, 1 - len(when),
                     numpy.inf)
    goal = numpy.zeros(size)
    goal[-1] = -1
    most = numpy.ones(size)
    least = numpy.zeros(size)
    most[-1], least[-1] = (0 if kind == "all" else 1), -1000
    whole = numpy.ones(size)
    whole[-1] = 0
    found = milp(goal, constraints=LinearConstraint(numpy.array(lines), low, high),
                 bounds=Bounds(least, most), integrality=whole,
                 options={"mip_rel_gap": 0, "time_limit": 120})
    return -found.fun if found.status == 0 else None


class LargeAnswers:
    """What can be said of a scenario without continuous issues that nobody can enumerate."""

    # Every scenario of this size in the tables has an empty zone; checked where it is made.
    zone = ()

    def __init__(self, document):
        self.world = World(document)
        self.leaves = [leaf for _, leaf in self.world.leaves]
        self.kind = "hard"
        self.depth = large_depth(self.world, "hard")
        if self.depth is None:
            self.kind, self.depth = "all", large_depth(self.world, "all")
        assert self.depth < 0

    union = Answers.union
    stated = Answers.stated

    def draft(self, name):
        fixed = self.world.draft(name)
        for kind in ("hard", "all"):
            found = large_depth(self.world, kind, fixed)
            if found is not None:
                return found
        return None

    @property
    def packages(self):
        total = 1
        for issue in self.world.issues:
            total *= len(issue.settlements)
        return range(total)


# ----------------------------------------------------------------------------- quantities by name

RULES = ("nash", "kalai_smorodinsky", "egalitarian", "leximin", "utilitarian", "fallback")


def compute(answers, quantity, key):
    """The expected value as a text or number; raises KeyError for what is not computed here."""
    world = answers.world
    if quantity == "depth":
        return answers.depth
    if quantity == "depth_kind":
        return answers.kind
    if quantity == "relaxed_depth":
        return answers.relaxed()
    if quantity == "packages":
        return F(len(answers.packages))
    if quantity == "acceptable":
        return F(len(answers.zone))
    if quantity == "breadth":
        return F(len(answers.zone) if answers.zone else 0, len(answers.packages))
    if quantity == "zone":
        return "open" if answers.zone else "empty"
    if quantity == "status":
        return answers.status()
    if quantity == "pair_depth":
        return answers.pair_depth(*key.split("|"))
    if quantity == "criticality":
        return answers.criticality(key)
    if quantity == "stated":
        return answers.stated(world.names.index(key))
    if quantity == "effective":
        return answers.effective(world.names.index(key))
    if quantity == "draft_depth":
        return answers.draft(key)
    if quantity == "deepest.place":
        j = world.names.index(key)
        return world.issues[j].text(answers.deepest()[j])
    if quantity in ("margin", "best", "reservation"):
        leaf = next(leaf for leaf in answers.leaves if leaf.party == key)
        if quantity == "margin":
            return leaf.margin(answers.deepest())
        return leaf.best if quantity == "best" else leaf.reservation
    rule, _, what = quantity.partition(".")
    if rule not in RULES:
        raise KeyError(quantity)
    optima = answers.optima(rule)
    if what == "optima":
        return F(len(optima))
    first = min(optima)
    if what == "place":
        j = world.names.index(key)
        return world.issues[j].text(first[j])
    if what == "utility":
        return next(leaf for leaf in answers.leaves if leaf.party == key).utility(first)
    raise KeyError(quantity)


def same(expected, computed, tolerance):
    if computed is None:
        return expected == ""
    try:
        wanted = F(expected)
    except ValueError:
        return expected == computed
    return abs(float(wanted) - float(computed)) <= max(tolerance, 0 if isinstance(
        computed, F) else 1e-9)


def answers_of(document):
    """The answers of a discrete scenario, or the document of a continuous one."""
    world = World(document)
    if not world.discrete:
        return document
    count = 1
    for issue in world.issues:
        count *= len(issue.settlements)
    return Answers(document) if count <= 10**5 else LargeAnswers(document)


def check(files):
    wrong = computed = skipped = 0
    cache = {}
    for name in files:
        with open(name, encoding="utf-8") as text:
            for row in csv.DictReader(text):
                world = (row["scenario"], row["variant"])
                if world not in cache:
                    document = read(os.path.join(SCENARIOS, row["scenario"]), row["variant"])
                    cache[world] = answers_of(document)
                known = cache[world]
                tolerance = float(F(row["tolerance"]))
                if not isinstance(known, dict):
                    try:
                        value = compute(known, row["quantity"], row["key"])
                    except (KeyError, AttributeError):
                        skipped += 1
                        continue
                elif row["quantity"] == "depth":
                    value = continuous_depth(known)
                    tolerance += 1e-9
                else:
                    skipped += 1
                    continue
                computed += 1
                if not same(row["expected"], value, tolerance):
                    wrong += 1
                    print(f"{name}: {row['scenario']} {row['variant']} {row['quantity']} "
                          f"{row['key']}: expected {row['expected']}, computed {value}")
    print(f"{computed} rows recomputed, {skipped} closed forms left alone, {wrong} wrong")
    return wrong == 0


def show(path, variant):
    document = read(path, variant)
    world = World(document)
    if not world.discrete:
        print("depth", continuous_depth(document))
        return
    answers = answers_of(document)
    if isinstance(answers, LargeAnswers):
        print("depth", answers.kind, answers.depth, "packages", len(answers.packages))
        for j, issue in enumerate(world.issues):
            print("stated", issue.name, answers.stated(j), sep=",")
        for draft in document.get("drafts", {}):
            print("draft_depth", draft, answers.draft(draft), sep=",")
        return
    parties = [leaf.party for leaf in answers.deciding()]
    wanted = [(q, "") for q in ("depth", "depth_kind", "status", "packages", "acceptable")]
    wanted += [("pair_depth", f"{a}|{b}") for a, b in answers.pairs()]
    wanted += [(q, p) for p in parties for q in ("reservation", "best", "margin")]
    wanted += [("criticality", leaf.party) for leaf in answers.leaves]
    wanted += [(q, i) for i in world.names for q in ("deepest.place", "stated", "effective")]
    wanted += [("draft_depth", d) for d in document.get("drafts", {})]
    if answers.zone:
        for rule in RULES:
            wanted += [(rule + ".optima", "")]
            wanted += [(rule + ".utility", p) for p in parties]
            wanted += [(rule + ".place", i) for i in world.names]
    for quantity, key in wanted:
        print(quantity, key, compute(answers, quantity, key), sep=",")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments[:1] == ["--check"]:
        sys.exit(0 if check(arguments[1:]) else 1)
    chosen = arguments[arguments.index("--variant") + 1] if "--variant" in arguments else None
    show(arguments[0], chosen)
