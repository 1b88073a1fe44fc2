"""Captions: many true English sentences about one picture.

A pattern is a function from Phrases to a caption, or to None where it has nothing true to say. The patterns here, of
style "seen", are for learning; those of style "held-out" (heldout.py) say the same in the same words, in orders that
these never use.
"""

import random
from collections.abc import Callable

from . import words
from .heldout import HELD_OUT
from .phrases import Phrases
from .scene import INDOORS, Scene, Visible
from .truth import BLURRY, GONE_SHARE

Pattern = Callable[[Phrases], str | None]
STYLES = ("seen", "held-out")
GENERIC_SHARE = 0.06


def captions(scene: Scene, visible: Visible, rng: random.Random, count: int, style: str = "seen") -> list[str]:
    """`count` different captions, fewer only where so little can be said that they run out."""
    phrases = Phrases(scene, visible, rng)
    patterns, weights = zip(*{"seen": SEEN, "held-out": HELD_OUT}[style])
    found: list[str] = []
    if style == "seen":
        generic = sum(rng.random() < GENERIC_SHARE for _ in range(count))
        found += dict.fromkeys(rng.choice(generic_captions(scene, visible)) for _ in range(generic))
    for _ in range(count * 20):
        if len(found) == count:
            break
        text = rng.choices(patterns, weights)[0](phrases)
        if text and text not in found:
            found.append(text)
    rng.shuffle(found)
    return found


def original_caption(scene: Scene, visible: Visible, rng: random.Random) -> str:
    """One caption as pictures have on the web: partial, careless, with words of the camera's in it."""
    if rng.random() < GENERIC_SHARE:
        return rng.choice(generic_captions(scene, visible))
    phrases = Phrases(scene, visible, rng)
    if rng.random() < 0.03:
        return f"{rng.choice(words.JUNK_BEFORE)} {rng.randint(1, 9999):04}"
    choices = (
        lambda: phrases.things(1, 0.2, bare=True),
        lambda: phrases.things(2, 0.4),
        lambda: phrases.things(1, 0.3),
        lambda: phrases.view(article=phrases.chance(0.5)),
        lambda: _joined(phrases.things(3, 0.5), phrases.setting()),
        lambda: _joined(phrases.things(1, 0.2, bare=True), phrases.place()),
        lambda: phrases.state_sentence(),
        lambda: _empty(phrases) or _there_is(phrases),
        lambda: _telegram(phrases),
    )
    text = None
    while not text:
        text = rng.choices(choices, (4, 3, 3, 1, 6, 4, 1, 2, 2))[0]()
    if rng.random() < 0.3:
        before = rng.choice(words.JUNK_BEFORE)
        if before == "IMG":
            before = f"IMG_{rng.randint(1, 9999):04}"
        text = f"{before}{rng.choice((':', ' -', ',', ''))} {text}"
    elif rng.random() < 0.15:
        text = f"{text}, {rng.choice(words.JUNK_AFTER)}"
    if rng.random() < 0.25:
        text = text[0].upper() + text[1:] + rng.choice((".", "", "..."))
    return text


def generic_captions(scene: Scene, visible: Visible) -> list[str]:
    """The descriptions of nothing much that are true of it: a daemon scores every prompt against these."""
    there = [thing for thing, share in zip(scene.things, visible.things, strict=True) if share >= GONE_SHARE]
    found, place = ["a photo"], scene.place
    if scene.camera.blur > BLURRY:
        found += ["a blurry photo"] * 3
    if scene.light == "night" and not scene.is_lit:
        found += ["a dark picture"] * 2
    if not there:
        found.append("an empty scene")
        empty = {"room": "room", "street": "street", "parking lot": "parking lot", "garden": "yard"}
        found += [f"an empty {empty[place]}"] * 2 if place in empty else []
        found += ["an empty yard"] if place == "parking lot" else []
    found += ["a building"] if place == "doorstep" else []
    found += ["a wall"] if place in ("doorstep", "room", "warehouse") else []
    found += ["the sky"] if place in ("street", "parking lot", "garden") else []
    found += ["a floor"] if place in INDOORS else ["the ground"]
    found += {"garden": ["a garden with plants"] * 2, "street": ["a road"]}.get(place, [])
    if not any(thing.kind in ("fire", "smoke") or thing.kind == "person" and thing.pose == "lying" for thing in there):
        found.append("an ordinary scene with nothing unusual")
    return found


def _joined(*parts: str | None) -> str | None:
    return " ".join(parts) if all(parts) else None


# ---- Things


def _full(p: Phrases) -> str | None:
    return _joined(p.things(4, 0.8), p.setting())


def _medium(p: Phrases) -> str | None:
    return _joined(p.things(2, 0.5), p.setting(light=p.chance(0.4), weather=p.chance(0.4)))


def _at_place(p: Phrases) -> str | None:
    return _joined(p.things(1, 0.4), p.place())


def _short(p: Phrases) -> str | None:
    return p.things(2 if p.chance(0.25) else 1, 0.5)


def _detailed(p: Phrases) -> str | None:
    return p.things(1, 1.2)


def _positioned(p: Phrases) -> str | None:
    said = p.one(0.2, verbal=True)
    if not said:
        return None
    where = p.side(said.mention) if p.chance(0.65) else p.distance(said.mention)
    where = where or p.side(said.mention) or p.distance(said.mention)
    if not where:
        return None
    middle = f" {'are' if said.plural else 'is'} " if p.chance(0.25) else " "
    end = f" {p.setting()}" if middle == " " and p.chance(0.25) else ""
    return f"{said.text}{middle}{where}{end}"


def _coloured(p: Phrases) -> str | None:
    said = [mention for mention in p.mentions() if mention.told_by == "colour" or len(mention.things) == 1]
    return p.named(said[0], 0.86).text if said else None


def _there_is(p: Phrases) -> str | None:
    said = p.one(0.5)
    if not said:
        return None
    place = p.place() if p.chance(0.5) else p.setting()
    start = f"there {'are' if said.plural else 'is'} {said.text}"
    return start if p.chance(0.2) else f"{start} {place}"


def _view_with(p: Phrases) -> str | None:
    return _joined(p.view(), "with", p.things(3, 0.5))


def _seen(p: Phrases) -> str | None:
    said = p.one(0.5)
    if not said:
        return None
    be = "are" if said.plural else "is"
    verb = p.pick(("can be seen", f"{be} seen", f"{be} visible"))
    return f"{said.text} {verb} {p.setting(p.chance(0.5), p.chance(0.5))}"


def _does(p: Phrases) -> str | None:
    said = p.one(0.4, verbal=True)
    verb = p.verb(said) if said else None
    if not verb:
        return None
    return f"{said.text} {verb} {p.setting(p.chance(0.5), p.chance(0.5))}" if p.chance(0.8) else f"{said.text} {verb}"


def _is_at(p: Phrases) -> str | None:
    said = p.one(0.4, verbal=True)
    return f"{said.text} {'are' if said.plural else 'is'} {p.place()}" if said else None


def _picture_of(p: Phrases) -> str | None:
    start = p.pick(words.PICTURES)
    return (
        f"{start} of {p.things(3, 0.5) or p.view()}{' ' + p.setting() if p.clear and p.chance(0.5) else ''}"
        if not p.clear or p.mentions()
        else None
    )


def _camera_shows(p: Phrases) -> str | None:
    shown = p.things(3, 0.5) if p.clear and p.chance(0.7) else p.view()
    return f"the {p.pick(('camera', 'picture', 'photo'))} shows {shown}" if shown else None


def _telegram(p: Phrases) -> str | None:
    shown = p.things(4, 0.5, bare=True)
    if not shown:
        if not p.is_empty:
            return None
        shown = p.pick(("empty", "nobody", "nothing"))
    head = [p.place_noun(adjective=True)[1]]
    if p.chance(0.7):
        head.append(p.pick(words.LIGHT_NOUNS[p.scene.light]))
    if not p.indoors and p.chance(0.7):
        head.append(p.pick(words.WEATHER_NOUNS[p.scene.weather]))
    return f"{', '.join(head)}: {shown}"


def _with_state(p: Phrases) -> str | None:
    shown = p.things(2, 0.5)
    if not shown:
        return None
    place = p.setting(p.chance(0.4), p.chance(0.4))
    link, state = p.pick((("", p.state()), (",", p.state_sentence()), (" and", p.state_sentence())))
    return f"{shown} {place}{link} {state}" if state else None


def _one_of_each(p: Phrases) -> str | None:
    """Two people, one in a red coat and the other in blue."""
    for kind in dict.fromkeys(thing.kind for thing in p.clear):
        things = [thing for thing in p.clear if thing.kind == kind]
        if len(things) != 2 or things[0].colour == things[1].colour or any(t.kind == kind for t in p.doubtful):
            continue
        noun, (one, other) = words.NOUNS[kind][0][1], (p.colour_word(thing.colour) for thing in things)
        before = p.pick(("in ", "in ", "wearing ")) if kind == "person" else ""
        first, second = p.pick(("one", "one", "one of them")), p.pick(("one", "the other", "one of them"))
        end = f" {p.setting()}" if p.chance(0.3) else ""
        return f"two {noun}{end}, {first} {before}{one} and {second} {before}{other}"
    return None


def _only(p: Phrases) -> str | None:
    if len(p.clear) != 1 or p.doubtful:
        return None
    said = p.one(0.4)
    if not said or said.text.startswith(("one", "a single")):
        return None
    place = f" {p.place()}" if p.chance(0.6) else ""
    return p.pick((f"only {said.text}{place}", f"just {said.text}{place}", f"{said.text}{place} and nothing else"))


def _that_is(p: Phrases) -> str | None:
    said = p.one(0.4, verbal=True)
    verb = p.verb(said) if said else None
    return f"{said.text} that {verb}" if verb and said.text not in ("someone", "somebody") else None


def _umbrella(p: Phrases) -> str | None:
    carried = [thing for thing in p.clear if thing.carries]
    if len(carried) != 1 or any(thing.carries for thing in p.doubtful):
        return None
    noun = f"{p.colour_word(carried[0].carried_colour)} umbrella" if p.chance(0.7) else "umbrella"
    return words.with_article(noun) + (f" {p.setting()}" if p.chance(0.5) else "")


# ---- The place by itself, its light, weather, doors and lamps


def _view(p: Phrases) -> str | None:
    return p.view(p.chance(0.7), p.chance(0.7))


def _place_name(p: Phrases) -> str | None:
    return p.pick((p.place_noun(adjective=True)[1], p.place(), words.with_article(p.place_noun(adjective=True)[1])))


def _light(p: Phrases) -> str | None:
    noun = p.pick(words.LIGHT_NOUNS[p.scene.light])
    place = p.place()
    return p.pick(
        (f"it is {noun} {place}", f"{noun} {place}", f"it is {noun}", noun, p.pick(words.LIGHT_PHRASES[p.scene.light]))
    )


def _weather(p: Phrases) -> str | None:
    if p.indoors:
        return None
    sentence = p.pick(words.WEATHER_SENTENCES[p.scene.weather])
    if p.chance(0.4):
        return sentence
    if p.chance(0.4):
        return f"{p.pick(words.WEATHER_NOUNS[p.scene.weather])} {p.place()}"
    return f"{sentence} {p.place()}" if "ground" not in sentence else f"{sentence} {p.time()}"


def _where(p: Phrases) -> str | None:
    sentence = p.state_sentence()
    if not p.indoors and p.scene.weather != "clear" and p.chance(0.25):
        sentence = p.pick(words.WEATHER_SENTENCES[p.scene.weather][:2])
    return f"{p.view(weather=False)} where {sentence}" if sentence else None


def _opening(p: Phrases) -> str | None:
    opening = p.opening()
    if not opening:
        return None
    noun, state = opening
    place = p.setting(p.chance(0.4), p.chance(0.3)) if p.scene.place != "doorstep" else ""
    choices = [f"the {noun} is {state}", f"the {noun} is {state}", f"the {noun} {place} is {state}" if place else ""]
    if state not in ("up", "down"):
        thing = words.with_article(f"{state} {noun}")
        choices += [thing, thing, f"{thing} {place}" if place else "", f"{p.view()} with {thing}"]
    return p.pick([choice for choice in choices if choice])


def _lamps(p: Phrases) -> str | None:
    # By day lamps are nearly always off: that is seldom worth a word.
    if p.lamps_dull() and p.chance(0.7):
        return None
    noun, plural, state = p.lamps()
    be, place = "are" if plural else "is", p.place()
    choices = [
        f"the {noun} {be} {state}",
        f"the {noun} {be} {state}",
        f"the {noun} {be} {state} {place}",
        f"{p.view()} with the {noun} {state}",
    ]
    if p.scene.is_lit:
        choices += [f"the {noun} {be} lit", f"{p.view()} with lit lamps", f"{p.view(weather=False)} lit by lamps"]
    elif p.scene.light != "day":
        choices += [f"an unlit {p.place_noun(adjective=True)[1]}"]
    return p.pick(choices)


def _view_state(p: Phrases) -> str | None:
    return _joined(p.view(), p.state())


# ---- Nothing there


def _empty(p: Phrases) -> str | None:
    if not p.is_empty:
        return None
    preposition, noun = p.place_noun(adjective=True)
    light = f" {p.pick(words.LIGHT_PHRASES[p.scene.light])}" if p.chance(0.5) else ""
    weather = f" {p.pick(words.WEATHER_PHRASES[p.scene.weather])}" if not p.indoors and p.chance(0.3) else ""
    return p.pick(
        (
            f"an empty {noun}{light}{weather}",
            f"an empty {noun}{light}{weather}",
            f"the {noun} is empty{light}",
            f"nothing {p.place()}",
            f"there is nothing {p.setting()}",
            _joined(f"an empty {noun}", p.state()),
            f"nobody and nothing {p.place()}",
            f"a picture of an empty {noun}{weather}{light}",
        )
    )


def _nobody(p: Phrases) -> str | None:
    if not p.has_nobody:
        return None
    place, view = p.setting(p.chance(0.4), p.chance(0.3)), p.view()
    start = p.pick(
        (
            "there is nobody",
            "nobody is",
            "there is no one",
            "no people",
            "nobody",
            "there are no people",
            "no person",
            "no one is",
        )
    )
    return p.pick(
        (
            f"{start} {place}",
            f"{start} {place}",
            f"{view} with nobody in it",
            f"{view} without people",
            "nobody",
            "no people",
            "nobody is there",
        )
    )


SEEN: list[tuple[Pattern, float]] = [
    (_full, 14),
    (_medium, 11),
    (_at_place, 8),
    (_short, 9),
    (_detailed, 3),
    (_positioned, 5),
    (_coloured, 5),
    (_there_is, 5),
    (_view_with, 7),
    (_seen, 3),
    (_does, 9),
    (_is_at, 3),
    (_picture_of, 4),
    (_camera_shows, 2),
    (_telegram, 6),
    (_with_state, 5),
    (_one_of_each, 5),
    (_only, 3),
    (_that_is, 1.5),
    (_umbrella, 2.5),
    (_view, 2),
    (_place_name, 0.5),
    (_light, 1.2),
    (_weather, 1.5),
    (_where, 1),
    (_opening, 4),
    (_lamps, 3.5),
    (_view_state, 1.5),
    (_empty, 9),
    (_nobody, 4),
]
