"""What the words of captions mean to their reader: phrase → (tag, value).

Written apart from the words that captions are made of, so that a slip in one does not hide in the other.
"""

OUTDOORS = frozenset({"doorstep", "street", "parking lot", "garden"})
INDOORS = frozenset({"room", "warehouse"})

PHRASES: dict[str, tuple[str, object]] = {}


def _add(tag: str, value, *phrases: str) -> None:
    for phrase in phrases:
        # Compared after lower-casing and with hyphens read as spaces.
        phrase = phrase.replace("-", " ")
        assert phrase not in PHRASES, phrase
        PHRASES[phrase] = (tag, value)


def _thing(kinds: str, singular: str, plural: str, *places: str) -> None:
    found, where = frozenset(kinds.split()), frozenset(places) or None
    for words, many in ((singular, False), (plural, True)):
        if words:
            _add("thing", (found, many, where), *words.split(", "))


# Things. Plural None: not counted.
_thing("person", "person, figure, someone, somebody", "people, persons, figures")
_thing("person", "pedestrian", "pedestrians", "street", "parking lot")
_thing("person", "passer-by, passerby", "passers-by, passersby", "street")
_thing("person", "visitor", "visitors", "doorstep")
_thing("car", "car", "cars")
_thing("van", "van, delivery van", "vans, delivery vans")
_thing("car van", "vehicle", "vehicles")
_thing("bicycle", "bicycle, bike, cycle", "bicycles, bikes, cycles")
_thing("dog", "dog", "dogs")
_thing("cat", "cat, pussycat", "cats, pussycats")
_thing("dog cat", "animal", "animals")
_thing(
    "parcel",
    "parcel, package, box, delivery box, cardboard box",
    "parcels, packages, boxes, delivery boxes, cardboard boxes",
)
_thing("ladder", "ladder", "ladders")
_thing("umbrella", "umbrella", "umbrellas")
_add("thing", (frozenset({"fire"}), None, None), "fire", "flames", "blaze")
_add(
    "thing", (frozenset({"smoke"}), None, None), "smoke", "cloud of smoke", "plume of smoke", "grey smoke", "gray smoke"
)
_add("mass", frozenset({"fire"}), "something is burning")
_add("without", frozenset({"person"}), "nobody", "no one", "without people", "without anyone")
_add("coat", False, "coat", "jacket")
_add("coat", True, "coats", "jackets")
_add("no", None, "no")
_add("only", None, "only", "just", "and nothing else", "nothing else")

# Numbers: at least, at most.
_add("number", (1, 1), "a", "an", "one", "single", "a single")
_add("number", (2, 2), "two", "a pair of", "a couple of", "pair of", "couple of", "both")
_add("number", (3, 3), "three")
_add("number", (4, 4), "four")
_add("number", (2, None), "some")
_add("number", (3, None), "several", "a group of", "group of")
_add("the", None, "the", "this")
_add("other", None, "the other")
_add("of_them", None, "of them")

for _colour in ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white", "grey", "black", "brown"):
    _add("colour", _colour, _colour)
_add("colour", "grey", "gray")

# What they do and where they are.
_add("carry", None, "with", "holding", "carrying", "under")
_add("pose", "standing", "standing", "stands", "stand", "left standing")
_add("pose", "walking", "walking", "walks", "walk")
_add("pose", "sitting", "sitting", "sits", "sit", "sitting down")
_add("pose", "lying", "lying", "lies", "lie", "lying down")
for _side in ("left", "right"):
    _add(
        "side",
        _side,
        f"on the {_side}",
        f"on the {_side} side",
        f"at the {_side} of the picture",
        f"on the {_side} of the picture",
        f"to the {_side}",
    )
_add("side", "middle", "in the middle", "in the centre", "in the middle of the picture", "in the center")
_add("distance", "near", "close to the camera", "near the camera", "in the foreground")
_add("distance", "far", "in the distance", "far away", "in the background")

# Places.
_add("place", frozenset({"doorstep"}), "doorstep", "porch", "front step")
_add("place", frozenset({"street"}), "street", "road")
_add("place", frozenset({"parking lot"}), "parking lot", "car park")
_add("place", frozenset({"room"}), "room", "living room")
_add("place", frozenset({"garden"}), "garden", "backyard", "back garden", "plants")
_add("place", frozenset({"garden", "parking lot"}), "yard")
_add("place", frozenset({"warehouse"}), "warehouse", "storeroom", "aisle", "warehouse aisle")
_add("place", frozenset({"doorstep", "room", "warehouse"}), "wall")
_add("place", frozenset({"doorstep", "street"}), "building")
_add("place", frozenset({"street", "parking lot", "garden"}), "sky")
_add("place", INDOORS, "floor", "indoors", "inside")
_add("place", OUTDOORS, "ground", "outdoors")
_add("house", None, "house")
_add("front", None, "in front of", "outside")

# Light and weather. As nouns they end a noun phrase, as adjectives they do not.
_TIMES = {
    "day": ("day", "daytime", "daylight", "in the daytime", "during the day", "by day", "in daylight"),
    "dusk": ("dusk", "evening", "sunset", "twilight", "evening light"),
    "night": ("night", "night-time", "after dark"),
}
for _light, _words in _TIMES.items():
    _add("time", (("light", frozenset({_light})),), *_words)
_WEATHERS = {
    "rain": ("rain", "raining", "pouring", "falling rain", "heavy rain", "pouring rain"),
    "snow": ("snow", "snowing", "falling snow"),
    "fog": ("fog", "mist", "thick fog"),
}
for _weather, _words in _WEATHERS.items():
    _add("time", (("weather", frozenset({_weather})),), *_words)
_add("time", (("weather", frozenset({"snow"})),), "in winter", "it is winter")
_add("fact", (("weather", frozenset({"clear"})),), "clear", "dry")
_add("fact", (("weather", frozenset({"rain"})),), "rainy", "wet")
_add("fact", (("weather", frozenset({"snow"})),), "snowy", "snow-covered", "winter")
_add("fact", (("weather", frozenset({"fog"})),), "foggy", "misty")
_add("fact", (("dark", frozenset({True})),), "dark")
_add("fact", (("blurry", frozenset({True})),), "blurry")
_add("fact", (("empty", frozenset({True})),), "empty", "nothing")
_add("fact", (("quiet", frozenset({True})),), "ordinary", "nothing unusual")

# Doors and lamps.
_add("opening", ("door", None), "door")
_add("opening", ("door", frozenset({"doorstep"})), "front door", "house door", "at the door", "at a door", "at door")
_add("opening", ("door", frozenset({"room"})), "room door")
_add("opening", ("gate", None), "gate")
_add("opening", ("gate", frozenset({"garden"})), "garden gate")
_add("opening", ("gate", frozenset({"parking lot"})), "barrier")
_add("opening", ("shutter", None), "shutter", "roller shutter", "roller door")
_add("open", True, "open", "wide open", "stands open", "up")
_add("open", False, "closed", "shut", "down")
_add("lamp", None, "light", "lights", "lamp", "lamps")
_add("lamp", frozenset({"doorstep"}), "porch light", "porch lamp")
_add("lamp", frozenset({"street"}), "street lamps", "street lights", "street lamp", "street light")
_add("lamp", frozenset({"garden"}), "lantern")
_add("lit", True, "lit", "turned on")
_add("lit", False, "unlit", "off", "turned off")
_add("on", None, "on")

# Words that claim nothing.
_add(
    "picture",
    None,
    "photo",
    "picture",
    "image",
    "view",
    "scene",
    "weather",
    "camera picture",
    "camera",
    "snapshot",
    "cctv",
    "img",
    "frame",
    "still frame",
    "still",
    "webcam",
    "webcam image",
    "cctv image",
    "front camera",
    "security camera",
    "camera snapshot",
    "in the picture",
    "by the camera",
    *(f"cam {number}" for number in range(1, 10)),
)
_add("stop", None, "and", ",", ":", ";", ".", "while", "where", "that", "which")
_add(
    "skip",
    None,
    "is",
    "are",
    "it",
    "there",
    "in",
    "at",
    "by",
    "of",
    "during",
    "has",
    "have",
    "been",
    "can",
    "be",
    "seen",
    "visible",
    "shows",
    "parked",
    "stopped",
    "falling",
    "burning",
    "burns",
    "burn",
    "rising",
    "rises",
    "rise",
    "wearing",
    "dressed",
    "delivered",
    "waiting",
    "has been left",
    "have been left",
    "put down",
    "put up",
    "against",
    "leaning",
    "near",
    "to",
)

LONGEST = max(phrase.count(" ") + 1 for phrase in PHRASES)
