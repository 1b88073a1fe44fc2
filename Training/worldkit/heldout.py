"""Captions held out from learning: known words in orders that no caption learnt from has.

What a model has understood shows on these. Never use one of them for training.
"""

from collections.abc import Callable

from . import words
from .phrases import Phrases

Pattern = Callable[[Phrases], str | None]


def _time_first(p: Phrases) -> str | None:
    """At night, a red van on the street."""
    when = p.pick(words.LIGHT_PHRASES[p.scene.light])
    if not p.indoors and p.chance(0.4):
        when = p.pick(words.WEATHER_PHRASES[p.scene.weather])
    shown = p.things(2, 0.5)
    return f"{when}, {shown} {p.place()}" if shown else f"{when}, {p.view(False, False)}"


def _place_first(p: Phrases) -> str | None:
    """On the doorstep sits a black dog."""
    said = p.one(0.5, verbal=True)
    if not said or said.text.startswith("some"):
        return None
    verb = p.verb(said)
    if not verb or verb.split()[0] in ("is", "are", "has", "have") or "lie" in verb:
        verb = "are" if said.plural else "is"
    return f"{p.setting(p.chance(0.5), p.chance(0.5))} {verb} {said.text}"


def _predicate(p: Phrases) -> str | None:
    """The van on the street is red."""
    for mention in p.mentions():
        thing = mention.things[0]
        if len(mention.things) == 1 and thing.colour and mention.told_by is None and mention.kind in words.NOUNS:
            noun = p.pick([noun for noun, plural in words.NOUNS[mention.kind] if plural])
            colour = p.colour_word(thing.colour)
            if thing.kind == "person":
                return f"the {noun} {p.place()} is {p.pick(('wearing', 'in', 'dressed in'))} {colour}"
            return f"the {noun} {p.place()} is {colour}"
    return None


def _by_camera(p: Phrases) -> str | None:
    """Red van seen by the camera on the road."""
    shown = p.things(2, 0.5, bare=True)
    return f"{shown} seen by the camera {p.place()}" if shown else None


def _and_in_it(p: Phrases) -> str | None:
    """A snowy street and on it a dog."""
    shown = p.things(3, 0.4)
    return f"{p.view()} and there {p.pick(('', 'in the picture '))}{shown}" if shown else None


def _it_is_and(p: Phrases) -> str | None:
    """It is night and a dog is in the yard."""
    said = p.one(0.4, verbal=True)
    if not said:
        return None
    when = f"it is {p.pick(words.LIGHT_NOUNS[p.scene.light])}"
    if not p.indoors and p.chance(0.4):
        when = p.pick([text for text in words.WEATHER_SENTENCES[p.scene.weather] if " is " in text])
    return f"{when} and {said.text} {'are' if said.plural else 'is'} {p.place()}"


def _headline_last(p: Phrases) -> str | None:
    """Red van, two people: street, night."""
    shown = p.things(4, 0.5, bare=True)
    if not shown:
        return None
    return f"{shown}: {p.place_noun(True)[1]}, {p.pick(words.LIGHT_NOUNS[p.scene.light])}"


def _state_first(p: Phrases) -> str | None:
    """With the door open, a dog on the porch."""
    shown, state = p.things(2, 0.4), p.state()
    if not state:
        return None
    return f"{state}, {shown} {p.place()}" if shown else f"{state}, {p.view()}"


def _bare_state(p: Phrases) -> str | None:
    """Warehouse, shutter open, lights off."""
    noun, _, state = p.lamps()
    opening = p.opening()
    parts = [" ".join(opening)] if opening else []
    parts += [] if p.lamps_dull() and p.chance(0.8) else [f"{noun} {state}"]
    return ", ".join([p.place_noun(True)[1], *parts]) if parts else None


def _them(p: Phrases) -> str | None:
    """People on the street, two of them."""
    for mention in p.mentions():
        count = len(mention.things)
        if mention.kind in words.NOUNS and count in (2, 3) and mention.told_by is None:
            number = {2: "two", 3: "three"}[count]
            noun = p.pick([plural for _, plural in words.NOUNS[mention.kind] if plural])
            return f"{noun} {p.setting(p.chance(0.5), False)}, {number} of them"
    return None


def _night_view(p: Phrases) -> str | None:
    """Night in the garden, and a cat."""
    shown = p.things(2, 0.4)
    when = p.pick(words.LIGHT_NOUNS[p.scene.light])
    return f"{when} {p.place()}, and {shown}" if shown else f"{p.place()}, {when}"


def _side_first(p: Phrases) -> str | None:
    """On the left a red car, in the garden."""
    said = p.one(0.3, verbal=True)
    where = (p.side(said.mention) or p.distance(said.mention)) if said else None
    return f"{where} {said.text}, {p.place()}" if where else None


def _where_thing(p: Phrases) -> str | None:
    """A street at night where a person is walking."""
    said = p.one(0.4, verbal=True)
    verb = p.verb(said) if said else None
    return f"{p.view()} where {said.text} {verb}" if verb else None


def _state_is(p: Phrases) -> str | None:
    """The lamps on the street are on and it is night."""
    noun, plural, state = p.lamps()
    when = p.pick(words.LIGHT_NOUNS[p.scene.light])
    return f"the {noun} {p.place()} {'are' if plural else 'is'} {state} and it is {when}"


def _opening_there(p: Phrases) -> str | None:
    """There is an open gate and the lights are off."""
    opening = p.opening()
    if not opening or opening[1] in ("up", "down"):
        return None
    noun, state = opening
    lamp, plural, lit = p.lamps()
    return p.pick(
        (
            f"there is {words.with_article(f'{state} {noun}')} {p.pick(words.LIGHT_PHRASES[p.scene.light])}",
            f"the {noun} is {state} and the {lamp} {'are' if plural else 'is'} {lit}",
            f"{noun} {state}",
        )
    )


def _empty(p: Phrases) -> str | None:
    """Nobody there, nothing else: an empty yard."""
    if not p.is_empty:
        return None
    noun, place = p.place_noun(adjective=True)[1], p.place()
    when = p.pick(words.LIGHT_PHRASES[p.scene.light])
    return p.pick(
        (
            f"{when} the {noun} is empty",
            f"nothing is {place}",
            f"{noun}: empty {when}",
            f"there is nobody and nothing {place}",
            f"{when} there is nothing {place}",
            f"{p.view()}, empty, nobody there",
        )
    )


def _nobody(p: Phrases) -> str | None:
    if not p.has_nobody:
        return None
    when = p.pick(words.LIGHT_PHRASES[p.scene.light])
    return p.pick(
        (
            f"{when} nobody is {p.place()}",
            f"without people: {p.view()}",
            f"{p.place()} there is nobody",
            f"{when} there are no people {p.place()}",
        )
    )


HELD_OUT: list[tuple[Pattern, float]] = [
    (_time_first, 6),
    (_place_first, 6),
    (_predicate, 4),
    (_by_camera, 3),
    (_and_in_it, 4),
    (_it_is_and, 4),
    (_headline_last, 4),
    (_state_first, 3),
    (_bare_state, 3),
    (_them, 3),
    (_night_view, 3),
    (_side_first, 4),
    (_where_thing, 4),
    (_state_is, 2),
    (_opening_there, 3),
    (_empty, 6),
    (_nobody, 2),
]
