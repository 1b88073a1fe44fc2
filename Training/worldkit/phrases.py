"""Phrases that are true of one picture: the things in it, where and when it is, what is open and what is lit.

A thing may be spoken of when enough of it is seen; one that only peeks in may not, and it forbids to count its kind and
to call the picture empty. Each method gives a phrase, or None where it would not be true.
"""

import random
from dataclasses import dataclass

from . import words
from .scene import INDOORS, OPENING_OF, POSES_OF, Scene, Thing, Visible
from .truth import CLEAR_OPENING, in_sight

_SIDE_ENDS = ((0.28, "left"), (0.39, None), (0.61, "middle"), (0.72, None), (2.0, "right"))
_NEAR, _FAR = 0.15, 0.5


@dataclass(frozen=True)
class Mention:
    """Some things of one kind that one noun phrase speaks of, and what it must say to mean them alone."""

    kind: str
    things: tuple[Thing, ...]
    told_by: str | None = None  # "colour", "pose" or "umbrella"


@dataclass(frozen=True)
class Said:
    """A noun phrase and what a verb after it must know."""

    text: str
    plural: bool
    mention: Mention
    pose_said: bool = False


def _shared(values):
    found = set(values)
    return found.pop() if len(found) == 1 else None


class Phrases:
    """What may be said of one picture, each time in other words."""

    def __init__(self, scene: Scene, visible: Visible, rng: random.Random):
        self.scene, self.rng = scene, rng
        self.clear, self.doubtful = in_sight(scene, visible)
        self.indoors = scene.place in INDOORS
        self.door_shown = scene.is_open is not None and visible.opening >= CLEAR_OPENING
        self.is_empty = not self.clear and not self.doubtful
        self.has_nobody = all(thing.kind != "person" for thing in self.clear + self.doubtful)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pick(self, choices):
        return self.rng.choice(choices)

    # ---- Things

    def mentions(self) -> list[Mention]:
        """The things that may be spoken of, in groups, in any order."""
        rng, found = self.rng, []
        kinds = list(dict.fromkeys(thing.kind for thing in self.clear))
        rng.shuffle(kinds)
        for above, below in words.ABOVE.items():
            if any(kind in kinds for kind in below) and self.chance(0.12):
                both = self._of(self.clear, below)
                if not self._of(self.doubtful, below):
                    kinds = [kind for kind in kinds if kind not in below]
                    found.append(Mention(above, tuple(both)))
        for kind in kinds:
            found += self._mentions_of(kind)
        rng.shuffle(found)
        return found

    def _mentions_of(self, kind: str) -> list[Mention]:
        clear, doubtful = self._of(self.clear, (kind,)), self._of(self.doubtful, (kind,))
        if kind in words.MASS or not doubtful and (len(clear) == 1 or self.chance(0.5)):
            return [Mention(kind, tuple(clear))]
        ways = ["colour"]
        if kind in POSES_OF and self.chance(0.35):
            ways = ["pose"]
        if kind == "person" and any(thing.carries for thing in clear) and self.chance(0.3):
            ways = ["umbrella"]
        key = {
            "colour": lambda thing: thing.colour,
            "pose": lambda thing: thing.pose,
            "umbrella": lambda thing: thing.carries,
        }[ways[0]]
        found = []
        for value in dict.fromkeys(key(thing) for thing in clear):
            if value is not None and all(key(thing) != value for thing in doubtful):
                found.append(Mention(kind, tuple(thing for thing in clear if key(thing) == value), ways[0]))
        return found

    @staticmethod
    def _of(things: list[Thing], kinds) -> list[Thing]:
        return [thing for thing in things if thing.kind in kinds]

    def named(self, mention: Mention, detail: float = 0.5, bare: bool = False, verbal: bool = False) -> Said:
        """A noun phrase: `detail` is how likely each true thing is said, `bare` leaves articles out, and `verbal`
        leaves pose and position to what follows."""
        kind, things = mention.kind, mention.things
        count = len(things)
        if kind in words.MASS:
            text, plural = self.pick(words.MASS[kind])
            if bare and text.startswith("a "):
                text = text[2:]
            return Said(text, plural, mention)
        colour = self.colour_word(_shared(thing.colour for thing in things))
        if mention.told_by != "colour" and not self.chance(detail + 0.15):
            colour = None
        parts, noun = self._counted(mention, None if kind == "person" else colour, bare)
        coat = self._coat(colour, count, bare) if kind == "person" and colour else None
        umbrella = self._umbrella(mention, detail, bare)
        pose = self._pose(mention, detail) if not verbal or mention.told_by == "pose" else None
        after = [part for part in (coat, umbrella) if part]
        if coat and coat.startswith("in ") or not self.chance(0.15):
            after += [pose] if pose else []
        elif pose:
            after.insert(0, pose)
        if not verbal:
            side = self.side(mention)
            if side and self.chance(detail * 0.3):
                after.append(side)
            elif self.chance(detail * 0.35):
                after += [self.distance(mention)] if self.distance(mention) else []
        return Said(" ".join([parts, *after]), count > 1, mention, pose is not None)

    def _counted(self, mention: Mention, colour: str | None, bare: bool) -> tuple[str, str]:
        kind, count, rng = mention.kind, len(mention.things), self.rng
        nouns = list(words.NOUNS[kind])
        if kind == "person":
            nouns += words.PERSON_IN.get(self.scene.place, ())
        if kind == "parcel" and all(thing.colour == "brown" for thing in mention.things):
            nouns += [words.CARDBOARD] * 2
        if count > 1 or bare:
            nouns = [noun for noun in nouns if noun[1]]
        singular, plural = rng.choice(nouns)
        if count == 1:
            noun = f"{colour} {singular}" if colour else singular
            if plural is None or bare:
                return noun, singular
            if self.chance(0.07):
                return f"{self.pick(('one', 'a single'))} {noun}", singular
            return words.with_article(noun), singular
        number = self.pick(words.NUMBERS[min(count, 3)]) if count <= 3 else "several"
        if count >= 3 and kind == "person" and self.chance(0.3):
            number = "a group of"
        if bare and number.startswith("a "):
            number = {2: "two", 3: "three"}.get(count, "several")
        if self.chance(0.06) and mention.told_by is None:
            number = None
        return " ".join(part for part in (number, colour, plural) if part), plural

    def colour_word(self, colour: str | None) -> str | None:
        return "gray" if colour == "grey" and self.chance(0.3) else colour

    def _coat(self, colour: str, count: int, bare: bool) -> str:
        coat = self.pick(("coat", "coat", "jacket"))
        if count > 1:
            coats = f"{colour} {coat}s"
            return self.pick((f"in {coats}", f"wearing {coats}", f"in {colour}", f"dressed in {colour}"))
        if bare:
            return self.pick((f"in {colour} {coat}", f"in {colour}", f"wearing {colour} {coat}"))
        coat = words.with_article(f"{colour} {coat}")
        return self.pick(
            (f"in {coat}", f"in {coat}", f"wearing {coat}", f"in {colour}", f"dressed in {colour}", f"with {coat}")
        )

    def _umbrella(self, mention: Mention, detail: float, bare: bool) -> str | None:
        things, must = mention.things, mention.told_by == "umbrella"
        if mention.kind != "person" or not all(thing.carries for thing in things):
            return None
        if not must and not self.chance(detail + 0.1):
            return None
        colour = self.colour_word(_shared(thing.carried_colour for thing in things)) if self.chance(0.6) else None
        noun = "umbrella" if len(things) == 1 else "umbrellas"
        noun = f"{colour} {noun}" if colour else noun
        if len(things) == 1 and not bare:
            noun = words.with_article(noun)
        return f"{self.pick(('with', 'with', 'holding', 'carrying', 'under'))} {noun}"

    def _pose(self, mention: Mention, detail: float) -> str | None:
        pose = _shared(thing.pose for thing in mention.things)
        if mention.kind not in POSES_OF or pose is None:
            return None
        if mention.told_by != "pose" and not self.chance(detail * 0.7):
            return None
        return self.pick(words.POSE_WORDS[pose][0]).format(ground=self.ground())

    def ground(self) -> str:
        return "on the floor" if self.indoors else "on the ground"

    def verb(self, said: Said) -> str | None:
        """What the things do."""
        kind = said.mention.kind
        if kind in POSES_OF:
            pose = _shared(thing.pose for thing in said.mention.things)
            if pose is None or said.pose_said:
                return None
            return self.pick(words.POSE_WORDS[pose][1])[said.plural].format(ground=self.ground())
        verbs = words.KIND_VERBS.get(kind)
        return self.pick(verbs)[said.plural] if verbs else None

    def side(self, mention: Mention) -> str | None:
        """On which side all of it stands."""
        sides = []
        for thing in mention.things:
            share = thing.x / self.scene.aspect
            sides.append(next(name for end, name in _SIDE_ENDS if share < end))
        side = _shared(sides)
        return self.pick(words.SIDES[side]) if side else None

    def distance(self, mention: Mention) -> str | None:
        depths = [thing.depth for thing in mention.things]
        if max(depths) <= _NEAR:
            return self.pick(words.DISTANCES["near"])
        return self.pick(words.DISTANCES["far"]) if min(depths) >= _FAR else None

    def things(self, most: int = 4, detail: float = 0.5, bare: bool = False) -> str | None:
        """Several mentions in one list, or some of them."""
        mentions = self.mentions()[:most]
        if not mentions:
            return None
        parts = [self.named(mention, detail / (1 + 0.3 * (len(mentions) - 1)), bare).text for mention in mentions]
        if len(parts) == 2 and self.chance(0.2) and not bare:
            return " with ".join(parts) if "umbrella" not in parts[1] else " and ".join(parts)
        return ", ".join(parts) if bare else words.listed(parts)

    def one(self, detail: float = 0.4, bare: bool = False, verbal: bool = False) -> Said | None:
        mentions = self.mentions()
        return self.named(mentions[0], detail, bare, verbal) if mentions else None

    # ---- Place, light and weather

    def place_noun(self, adjective: bool = False) -> tuple[str, str]:
        """The preposition and the noun."""
        nouns = [
            (preposition, noun)
            for preposition, noun, plain in words.PLACES[self.scene.place]
            if (noun not in words.DOOR_NOUNS or self.door_shown) and (plain or not adjective)
        ]
        return self.pick(nouns)

    def place(self) -> str:
        """In the garden."""
        preposition, noun = self.place_noun()
        return f"{preposition} {words.with_article(noun, self.chance(0.5))}"

    def setting(self, light: bool = True, weather: bool = True) -> str:
        """On a snowy street at night."""
        preposition, noun = self.place_noun(adjective=True)
        adjective, after = self._conditions(light, weather)
        if not adjective:
            preposition, noun = self.place_noun()
        noun = f"{adjective} {noun}" if adjective else noun
        return f"{preposition} {words.with_article(noun, self.chance(0.35))}{after}"

    def view(self, light: bool = True, weather: bool = True, article: bool = True) -> str:
        """A snowy street at night."""
        noun = self.place_noun(adjective=True)[1]
        adjective, after = self._conditions(light, weather)
        noun = f"{adjective} {noun}" if adjective else noun
        return f"{words.with_article(noun) if article else noun}{after}"

    def _conditions(self, light: bool, weather: bool) -> tuple[str | None, str]:
        scene, adjective, after = self.scene, None, ""
        weather = weather and not self.indoors and (scene.weather != "clear" or self.chance(0.2))
        dark = scene.light == "night" and not scene.is_lit and light and self.chance(0.2)
        if weather and light and self.chance(0.25):
            return None, f" {self.time()}"
        if weather:
            if self.chance(0.5):
                adjective = self.pick(words.WEATHER_ADJECTIVES[scene.weather])
            else:
                after = f" {self.pick(words.WEATHER_PHRASES[scene.weather])}"
        if light and dark and adjective is None:
            adjective = "dark"
        elif light:
            phrase = f" {self.pick(words.LIGHT_PHRASES[scene.light])}"
            after = phrase + after if self.chance(0.6) else after + phrase
        return adjective, after

    def time(self) -> str | None:
        """On a rainy night."""
        if self.indoors:
            return None
        adjective = self.pick(words.WEATHER_OF_TIMES[self.scene.weather])
        return f"on a {adjective} {words.LIGHT_TIMES[self.scene.light]}"

    # ---- Doors and lamps

    def opening(self) -> tuple[str, str] | None:
        """The noun and its state."""
        if not self.door_shown:
            return None
        states = words.STATES[self.scene.is_open]
        if OPENING_OF[self.scene.place] == "shutter":
            states = words.SHUTTER_STATES[self.scene.is_open] + states
        return self.pick(words.OPENINGS[self.scene.place]), self.pick(states)

    def lamps(self) -> tuple[str, bool, str]:
        """The noun, whether it is plural, and on or off."""
        noun, plural = self.pick(words.LAMPS[self.scene.place])
        return noun, plural, "on" if self.scene.is_lit else "off"

    def lamps_dull(self) -> bool:
        return self.scene.light == "day" and not self.scene.is_lit

    def state(self) -> str | None:
        """With the door open; with the lights on."""
        opening = self.opening()
        dull = self.lamps_dull() and self.chance(0.8)
        if opening and (dull or self.chance(0.6)):
            noun, state = opening
            if state in ("up", "down") or self.chance(0.6):
                return f"with the {noun} {state}"
            return f"with {words.with_article(f'{state} {noun}')}"
        if dull:
            return None
        noun, _, state = self.lamps()
        return f"with the {noun} {state}"

    def state_sentence(self) -> str | None:
        """The door is open; the lights are on."""
        opening = self.opening()
        dull = self.lamps_dull() and self.chance(0.8)
        if opening and (dull or self.chance(0.6)):
            noun, state = opening
            return f"the {noun} {'stands' if state == 'open' and self.chance(0.2) else 'is'} {state}"
        if dull:
            return None
        noun, plural, state = self.lamps()
        if self.scene.is_lit and self.chance(0.15):
            state = "lit"
        return f"the {noun} {'are' if plural else 'is'} {state}"
