"""The words that captions are made of. What they mean is checked elsewhere, by a reader with a lexicon of its own."""

# Kinds: singular and plural, the plainest first.
NOUNS = {
    "person": (("person", "people"),) * 5 + (("figure", "figures"), ("someone", None), ("somebody", None)),
    "car": (("car", "cars"),),
    "van": (("van", "vans"), ("van", "vans"), ("delivery van", "delivery vans")),
    "bicycle": (("bicycle", "bicycles"), ("bike", "bikes")) * 2 + (("cycle", "cycles"),),
    "dog": (("dog", "dogs"),),
    "cat": (("cat", "cats"),) * 7 + (("pussycat", "pussycats"),),
    "parcel": (("parcel", "parcels"), ("package", "packages"), ("box", "boxes"), ("delivery box", "delivery boxes")),
    "ladder": (("ladder", "ladders"),),
    "vehicle": (("vehicle", "vehicles"),),
    "animal": (("animal", "animals"),),
    "umbrella": (("umbrella", "umbrellas"),),
}
CARDBOARD = ("cardboard box", "cardboard boxes")  # of brown parcels only
# Persons are also called by what they do there.
PERSON_IN = {
    "street": (("pedestrian", "pedestrians"), ("passer-by", "passers-by")),
    "parking lot": (("pedestrian", "pedestrians"),),
    "doorstep": (("visitor", "visitors"),),
}
# Without number: the words, and whether the verb is plural.
MASS = {
    "fire": (("a fire", False), ("fire", False), ("flames", True), ("a blaze", False)),
    "smoke": (("smoke", False), ("a cloud of smoke", False), ("grey smoke", False), ("a plume of smoke", False)),
}
ABOVE = {"vehicle": ("car", "van"), "animal": ("dog", "cat")}

# The preposition and the noun; whether it takes an adjective of light and weather.
PLACES = {
    "doorstep": (
        ("on", "doorstep", True),
        ("on", "porch", True),
        ("on", "front step", True),
        ("at", "front door", False),
        ("at", "door", False),
        ("in front of", "house", True),
        ("outside", "house", True),
    ),
    "street": (("on", "street", True), ("in", "street", True), ("on", "road", True), ("by", "road", True)),
    "parking lot": (("in", "parking lot", True), ("in", "car park", True), ("on", "parking lot", True)),
    "room": (("in", "room", True), ("in", "living room", True), ("in", "room", True)),
    "garden": (("in", "garden", True), ("in", "yard", True), ("in", "backyard", True), ("in", "back garden", True)),
    "warehouse": (
        ("in", "warehouse", True),
        ("in", "storeroom", True),
        ("in", "warehouse aisle", True),
        ("in", "aisle", True),
    ),
}
DOOR_NOUNS = frozenset({"front door", "door", "front step", "porch"})  # places only where the camera shows the door

LIGHT_PHRASES = {
    "day": ("by day", "in daylight", "during the day", "in the daytime"),
    "dusk": ("at dusk", "in the evening", "at sunset", "at twilight", "in the evening light"),
    "night": ("at night", "at night", "after dark", "by night", "during the night"),
}
LIGHT_NOUNS = {
    "day": ("day", "daytime", "daylight"),
    "dusk": ("dusk", "evening", "sunset", "twilight"),
    "night": ("night", "night-time"),
}
LIGHT_TIMES = {"day": "day", "dusk": "evening", "night": "night"}  # "on a rainy …"
WEATHER_PHRASES = {
    "clear": ("in clear weather", "in dry weather"),
    "rain": ("in the rain", "in rain", "in pouring rain", "in wet weather", "in rainy weather", "while it is raining"),
    "snow": ("in the snow", "in snow", "in winter", "in falling snow", "in snowy weather", "while it is snowing"),
    "fog": ("in the fog", "in fog", "in mist", "in foggy weather", "in thick fog", "in the mist"),
}
WEATHER_ADJECTIVES = {
    "clear": ("dry",),
    "rain": ("rainy", "wet"),
    "snow": ("snowy", "snow-covered", "winter"),
    "fog": ("foggy", "misty"),
}
WEATHER_OF_TIMES = {
    "clear": ("clear", "dry"),
    "rain": ("rainy", "wet"),
    "snow": ("snowy", "winter"),
    "fog": ("foggy", "misty"),
}
WEATHER_NOUNS = {
    "clear": ("clear weather", "dry weather"),
    "rain": ("rain",),
    "snow": ("snow",),
    "fog": ("fog", "mist"),
}
WEATHER_SENTENCES = {
    "clear": ("the weather is clear", "it is dry", "clear weather"),
    "rain": ("it is raining", "it is pouring", "rain is falling", "rainy weather", "heavy rain"),
    "snow": ("it is snowing", "snow is falling", "snow on the ground", "snowy weather", "it is winter"),
    "fog": ("it is foggy", "it is misty", "thick fog", "foggy weather"),
}

OPENINGS = {
    "doorstep": ("door", "front door", "front door", "house door"),
    "room": ("door", "door", "room door"),
    "garden": ("gate", "gate", "garden gate"),
    "parking lot": ("gate",),
    "warehouse": ("shutter", "roller shutter", "roller door"),
}
STATES = {True: ("open", "open", "wide open"), False: ("closed", "shut", "closed")}
SHUTTER_STATES = {True: ("open", "up"), False: ("closed", "down")}

# Lamps: the noun, and whether it is plural.
LAMPS = {
    "doorstep": (("porch light", False), ("light", False), ("lamp", False), ("lights", True), ("porch lamp", False)),
    "street": (("street lamps", True), ("street lights", True), ("lights", True), ("lamps", True)),
    "parking lot": (("lights", True), ("lamps", True)),
    "room": (("light", False), ("lamp", False), ("lights", True)),
    "garden": (("light", False), ("lantern", False), ("lamp", False), ("lights", True)),
    "warehouse": (("lights", True), ("lamps", True)),
}

SIDES = {
    "left": ("on the left", "on the left", "on the left side", "at the left of the picture"),
    "middle": ("in the middle", "in the centre", "in the middle of the picture"),
    "right": ("on the right", "on the right", "on the right side", "at the right of the picture"),
}
DISTANCES = {
    "near": ("close to the camera", "near the camera", "in the foreground"),
    "far": ("in the distance", "far away", "in the background"),
}

NUMBERS = {2: ("two", "two", "two", "a pair of", "a couple of", "2"), 3: ("three", "three", "three", "3", "several")}

# What a person, a dog or a cat does: as a participle, and as verbs for one and for more.
POSE_WORDS = {
    "standing": (("standing",), (("is standing", "are standing"), ("stands", "stand"))),
    "walking": (("walking",), (("is walking", "are walking"), ("walks", "walk"))),
    "sitting": (("sitting", "sitting down"), (("is sitting", "are sitting"), ("sits", "sit"))),
    "lying": (
        ("lying {ground}", "lying {ground}", "lying down"),
        (("is lying {ground}", "are lying {ground}"), ("lies {ground}", "lie {ground}")),
    ),
}
KIND_VERBS = {
    "car": (("is parked", "are parked"), ("stands", "stand"), ("is standing", "are standing")),
    "van": (("is parked", "are parked"), ("stands", "stand"), ("has stopped", "have stopped")),
    "bicycle": (("is parked", "are parked"), ("stands", "stand"), ("has been left", "have been left")),
    "parcel": (
        ("has been left", "have been left"),
        ("has been delivered", "have been delivered"),
        ("is waiting", "are waiting"),
        ("stands", "stand"),
        ("has been put down", "have been put down"),
    ),
    "ladder": (
        ("stands", "stand"),
        ("has been left standing", "have been left standing"),
        ("has been put up", "have been put up"),
    ),
    "fire": (("is burning", "are burning"), ("burns", "burn")),
    "smoke": (("is rising", "are rising"), ("rises", "rise")),
}

PICTURES = ("a photo", "a picture", "an image", "a camera picture", "a view")
JUNK_BEFORE = (
    "cam 1",
    "cam 2",
    "cam 3",
    "front camera",
    "security camera",
    "snapshot",
    "camera snapshot",
    "cctv",
    "camera",
    "IMG",
    "still frame",
    "cctv image",
    "photo",
    "webcam",
)
JUNK_AFTER = ("snapshot", "cam 2", "cam 1", "photo", "cctv", "webcam image", "still", "picture")


def with_article(words: str, definite: bool = False) -> str:
    """The words after the article that they need."""
    if definite:
        return f"the {words}"
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"


def listed(parts: list[str]) -> str:
    """One, two and three."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
