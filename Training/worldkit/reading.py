"""Reads an English caption into claims, with a lexicon and a small grammar of its own.

A caption is cut into the longest phrases that the lexicon knows. Adjectives and numbers wait for their noun; what
follows a noun (a coat, an umbrella, a pose, a side) belongs to the last thing named, or, when none was, to the next.
Whatever is left over is a problem: a caption counts as read only when every word of it is.
"""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from .lexicon import LONGEST, PHRASES

PERSON = frozenset({"person"})
_ARTICLES = frozenset({"a", "an", "the", "this", "one", "two", "three", "some", "several"})


@dataclass(frozen=True)
class Group:
    """So many things of such kinds, with what is said of them."""

    kinds: frozenset[str]
    low: int = 1
    high: int | None = 1
    colour: str | None = None
    pose: str | None = None
    carries: bool = False
    carried_colour: str | None = None
    side: str | None = None
    distance: str | None = None


@dataclass(frozen=True)
class Fact:
    """The scene's `what` (place, light, weather, is_lit, is_open, opening, dark, blurry, quiet or empty) is one of
    `values`."""

    what: str
    values: frozenset = frozenset({True})


@dataclass(frozen=True)
class Without:
    """Nothing of these kinds."""

    kinds: frozenset[str]


@dataclass(frozen=True)
class Only:
    """Nothing but these."""

    groups: tuple[Group, ...]


Claim = Group | Fact | Without | Only


@dataclass(frozen=True)
class Reading:
    claims: tuple[Claim, ...]
    problems: tuple[str, ...]


@lru_cache(maxsize=400_000)
def read(text: str) -> Reading:
    """The claims of a caption, and what could not be read."""
    reader = _Reader(_tagged(re.findall(r"[a-z]+|\d+|[,:;.]|[^\sa-z\d,:;._-]", text.lower())))
    return reader.run()


def _tagged(tokens: list[str]) -> list[tuple[str, str, object]]:
    """(words, tag, value) by the longest phrases."""
    found, at = [], 0
    while at < len(tokens):
        for length in range(min(LONGEST, len(tokens) - at), 0, -1):
            phrase = " ".join(tokens[at : at + length])
            if phrase in PHRASES:
                found.append((phrase, *PHRASES[phrase]))
                at += length
                break
        else:
            token = tokens[at]
            found.append((token, "digits" if token.isdigit() else "unknown", token))
            at += 1
    return found


@dataclass
class _Pending:
    """What waits for its noun."""

    article: str | None = None
    low: int | None = None
    high: int | None = None
    pronoun: bool = False  # "one", "the other": may stand without a noun
    colour: str | None = None
    pose: str | None = None
    is_open: bool | None = None
    no: bool = False


@dataclass
class _Reader:
    tagged: list[tuple[str, str, object]]
    groups: list[Group] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    pending: _Pending = field(default_factory=_Pending)
    side: str | None = None
    distance: str | None = None
    early_pose: str | None = None
    carrying: bool = False
    only: bool = False
    opening: str | None = None  # the last door, gate or shutter named
    opening_said: bool = True
    lamp: bool = False
    lamp_said: bool = True
    fronting: bool = False

    def run(self) -> Reading:
        for index, (words, tag, value) in enumerate(self.tagged):
            before = self.tagged[index - 1] if index else ("", "", None)
            after = self.tagged[index + 1] if index + 1 < len(self.tagged) else ("", "", None)
            getattr(self, f"on_{tag}")(words, value, before, after)
        self.flush()
        self.close_opening()
        if not self.lamp_said:
            self.problems.append("a lamp neither on nor off")
        if self.side or self.distance or self.early_pose:
            self.problems.append("a side, distance or pose of nothing")
        if self.only:
            self.claims.append(Only(tuple(self.groups)))
        if (
            not self.groups
            and not self.claims
            and not self.problems
            and not any(tag in ("picture", "digits") for _, tag, _ in self.tagged)
        ):
            self.problems.append("nothing said")
        return Reading(tuple(self.groups) + tuple(dict.fromkeys(self.claims)), tuple(self.problems))

    # ---- Things

    def flush(self) -> None:
        """A noun phrase ends without its noun: "one in blue", "the van is red"."""
        pending, self.pending = self.pending, _Pending()
        if pending.pronoun:
            if not self.groups:
                self.problems.append("one of what?")
                return
            self.groups.append(Group(self.groups[-1].kinds, 1, 1, pending.colour, pending.pose))
        elif pending.article or pending.low is not None or pending.no:
            self.problems.append(f"no noun after '{pending.article or pending.low}'")
        elif pending.colour:
            self.modify(colour=pending.colour)
        if pending.is_open is not None:
            self.problems.append("open or closed what?")

    def modify(self, **said) -> None:
        """Adds to what is said of the last thing."""
        if not self.groups:
            self.problems.append(f"{said} of what?")
            return
        last = self.groups[-1]
        for name, value in said.items():
            old = getattr(last, name)
            if old not in (None, False, value):
                self.problems.append(f"both {old} and {value}")
        self.groups[-1] = replace(last, **said)

    def on_thing(self, words, value, before, after) -> None:
        kinds, plural, places = value
        pending, self.pending = self.pending, _Pending()
        if pending.is_open is not None:
            self.problems.append(f"open or closed {words}?")
        if places:
            self.claims.append(Fact("place", places))
        if pending.no:
            self.claims.append(Without(kinds))
            return
        low, high = pending.low, pending.high
        if low is None:
            low, high = (2, None) if plural else (1, 1)
        elif plural is not None and plural != (low > 1):
            self.problems.append(f"{low} {words}")
        if plural is None:  # fire and smoke are not counted
            low, high = 1, None
        colour = pending.colour
        if kinds == frozenset({"umbrella"}) and self.carrying and self.groups and self.groups[-1].kinds == PERSON:
            self.modify(carries=True, carried_colour=colour)
            self.carrying = False
            return
        pose = pending.pose or self.early_pose
        self.groups.append(Group(kinds, low, high, colour, pose, side=self.side, distance=self.distance))
        self.early_pose = self.side = self.distance = None
        self.carrying = False

    def on_number(self, words, value, before, after) -> None:
        if words == "one" and self.pending.article:  # "a blue one"
            colour, self.pending = self.pending.colour, _Pending()
            if self.groups:
                self.groups.append(Group(self.groups[-1].kinds, 1, 1, colour))
            else:
                self.problems.append("one of what?")
            return
        self.settle()
        self.pending.low, self.pending.high = value
        self.pending.article = words
        if words == "one":
            self.pending.pronoun, self.pending.article = True, None

    def settle(self) -> None:
        """Ends the noun phrase before a new one."""
        pending = self.pending
        if pending.pronoun or pending.colour or pending.article or pending.low is not None:
            if pending.article == "the" and pending.low is None and not pending.colour:
                return
            self.flush()

    def on_the(self, words, value, before, after) -> None:
        self.settle()
        self.pending.article = "the"

    def on_other(self, words, value, before, after) -> None:
        self.settle()
        self.pending = _Pending(pronoun=True, low=1, high=1)

    def on_of_them(self, words, value, before, after) -> None:
        pending = self.pending
        if pending.pronoun:
            return
        self.pending = _Pending()
        if self.groups and pending.low:
            self.groups[-1] = replace(self.groups[-1], low=pending.low, high=pending.high)
        else:
            self.problems.append("how many of them?")

    def on_digits(self, words, value, before, after) -> None:
        if len(value) == 1 and value in "23" and after[1] in ("thing", "colour"):
            self.on_number(words, (int(value), int(value)), before, after)

    def on_colour(self, words, value, before, after) -> None:
        if self.pending.colour:
            self.problems.append(f"{self.pending.colour} {value}")
        self.pending.colour = value

    def on_coat(self, words, value, before, after) -> None:
        pending, self.pending = self.pending, _Pending()
        if not self.groups or self.groups[-1].kinds != PERSON:
            self.problems.append("a coat of nobody's")
            return
        if pending.pronoun or value != (self.groups[-1].low > 1):
            self.problems.append(f"{words} for {self.groups[-1].low}")
        if pending.colour:
            self.modify(colour=pending.colour)
        self.carrying = False

    def on_carry(self, words, value, before, after) -> None:
        self.flush()
        self.carrying = True

    def on_pose(self, words, value, before, after) -> None:
        pending = self.pending
        if pending.article or pending.low is not None or after[1] == "thing":
            if not pending.pronoun:
                pending.pose = value
                return
        self.flush()
        if self.groups:
            self.modify(pose=value)
        else:
            self.early_pose = value

    def on_side(self, words, value, before, after) -> None:
        self.flush()
        if self.groups:
            self.modify(side=value)
        else:
            self.side = value

    def on_distance(self, words, value, before, after) -> None:
        self.flush()
        if self.groups:
            self.modify(distance=value)
        else:
            self.distance = value

    def on_only(self, words, value, before, after) -> None:
        self.only = True

    def on_no(self, words, value, before, after) -> None:
        self.flush()
        self.pending.no = True

    def on_without(self, words, value, before, after) -> None:
        self.flush()
        self.claims.append(Without(value))

    def on_mass(self, words, value, before, after) -> None:
        """A word that is a thing by itself: "something is burning"."""
        self.flush()
        self.groups.append(Group(value, 1, None))

    # ---- The place

    def noun(self, words: str) -> None:
        """A noun that takes no number but one, no colour and no pose."""
        pending, self.pending = self.pending, _Pending()
        if pending.colour or pending.pose or pending.no or pending.is_open is not None or (pending.low or 1) > 1:
            self.problems.append(f"what is said of '{words}'?")

    def on_place(self, words, value, before, after) -> None:
        self.noun(words)
        self.claims.append(Fact("place", value))

    def on_house(self, words, value, before, after) -> None:
        self.noun(words)
        self.claims.append(Fact("place", frozenset({"doorstep"} if self.fronting else {"doorstep", "street"})))

    def on_front(self, words, value, before, after) -> None:
        self.flush()
        self.fronting = True

    def on_fact(self, words, value, before, after) -> None:
        if self.pending.colour and not self.pending.article:
            self.flush()
        self.claims += [Fact(what, values) for what, values in value]

    def on_time(self, words, value, before, after) -> None:
        """Light and weather as nouns: they end what "on a rainy" began."""
        if self.pending.colour and not self.pending.article:
            self.flush()
        self.noun(words)
        self.claims += [Fact(what, values) for what, values in value]

    def on_picture(self, words, value, before, after) -> None:
        self.noun(words)

    # ---- Doors and lamps

    def close_opening(self) -> None:
        if self.opening and not self.opening_said:
            self.claims.append(Fact("opening", frozenset({self.opening})))
        self.opening_said = True

    def on_opening(self, words, value, before, after) -> None:
        self.close_opening()
        if words.startswith("at "):
            self.flush()
        opening, places = value
        is_open, self.pending.is_open = self.pending.is_open, None
        self.noun(words)
        self.opening, self.opening_said = opening, False
        if places:
            self.claims.append(Fact("place", places))
        if is_open is not None:
            self.say_open(is_open)

    def say_open(self, is_open: bool) -> None:
        self.opening_said = True
        self.claims += [Fact("opening", frozenset({self.opening})), Fact("is_open", frozenset({is_open}))]

    def on_open(self, words, value, before, after) -> None:
        pending = self.pending
        if pending.article or after[1] == "opening" or not self.opening:
            pending.is_open = value
            return
        self.flush()
        if words in ("up", "down") and self.opening != "shutter":
            self.problems.append(f"a {self.opening} that is {words}")
        self.say_open(value)

    def on_lamp(self, words, value, before, after) -> None:
        self.noun(words)
        if value:
            self.claims.append(Fact("place", value))
        # "lit by lamps" has said it before.
        self.lamp, self.lamp_said = True, any(c == Fact("is_lit") for c in self.claims)

    def on_lit(self, words, value, before, after) -> None:
        if self.pending.colour and not self.pending.article:
            self.flush()
        self.lamp_said = True
        self.claims.append(Fact("is_lit", frozenset({value})))

    def on_on(self, words, value, before, after) -> None:
        self.flush()
        if self.lamp and (before[1] == "lamp" or before[0] in ("is", "are", "turned")) and after[0] not in _ARTICLES:
            self.on_lit(words, True, before, after)

    # ---- Small words

    def on_skip(self, words, value, before, after) -> None:
        self.flush()

    def on_stop(self, words, value, before, after) -> None:
        self.flush()
        self.carrying = False

    def on_unknown(self, words, value, before, after) -> None:
        self.problems.append(f"unknown: {words}")
